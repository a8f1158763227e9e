import { type Planes, whiteOf } from '../../planes/planes.ts';

/** What is added of a sample's difference from its blurred one, in whole numbers, as Pillow's UnsharpMask.c has it. */
export interface RoundedMask {
  /** Percents of the difference that are added, from 0. */
  readonly percent: number;
  /** In samples: a difference that is no larger leaves its sample as it is. */
  readonly threshold: number;
}

/** @returns the samples sharpened by what the blurred ones lack; fractions of a sample are cut off towards 0 */
export function roundedMask(x: Planes, blurred: Planes, { percent, threshold }: RoundedMask): Planes {
  const white = whiteOf(x);
  const data = x.data.map((sample, i) => {
    const difference = sample - blurred.data[i];
    if (Math.abs(difference) <= threshold) return sample;
    return Math.min(white, Math.max(0, sample + Math.trunc((difference * percent) / 100)));
  });
  return { ...x, data };
}
