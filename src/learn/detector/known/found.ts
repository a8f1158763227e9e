import type { DetectorRounding, KernelDetector } from '../../../edges/detector/detector.ts';
import type { ScaleRange } from '../scaleBetween.ts';
import type { Core } from './cores.ts';
import type { KnownInput } from './inputs.ts';

/** What a few rows of a map were found to be, up to what they do not tell: border, program, and the whole picture's range. */
export interface Found {
  readonly core: Core;
  readonly input: KnownInput;
  /** The factors that fit under each rounding. */
  readonly nearest?: ScaleRange | undefined;
  readonly truncate?: ScaleRange | undefined;
  readonly inverted: boolean;
  /** The largest response of the whole picture, before it is scaled. */
  readonly largest: () => number;
  readonly white: number;
  /** Whether the map holds whole samples. */
  readonly stored: boolean;
  /** The picture's white over the map's. */
  readonly levels: number;
  /** Whether answers were not rounded to the picture's samples: then `nearest` holds the factors that fit as they are. */
  readonly unrounded: boolean;
}

export interface Scaled {
  readonly scale: number | 'largest';
  readonly rounding: DetectorRounding;
}

/** Whether a factor is among those that fit. */
export function isWithin(range: ScaleRange | undefined, factor: number): boolean {
  return range !== undefined && factor >= range.least && factor <= range.most;
}

/** The factors of a list that fit, under each rounding; of those that fit both the first rounding's. */
export function scalesOf(
  found: Found,
  factors: readonly number[],
  roundings: readonly ('nearest' | 'truncate')[],
): Scaled[] {
  return roundings.flatMap((rounding) =>
    factors.filter((scale) => isWithin(found[rounding], scale)).map((scale) => ({ scale, rounding })),
  );
}

/** Whether white stands for the picture's largest response. */
export function byLargest(found: Found, roundings: readonly ('nearest' | 'truncate')[]): Scaled[] {
  const fitting = roundings.filter((rounding) => found[rounding] !== undefined);
  if (fitting.length === 0) return [];
  const factor = found.white / found.largest();
  return fitting
    .filter((rounding) => isWithin(found[rounding], factor))
    .map((rounding) => ({ scale: 'largest', rounding }));
}

/** The steps that a core and its input stand for. */
export function stepsOf({
  core,
  input,
  inverted,
}: Found): Pick<KernelDetector, 'kernels' | 'response' | 'parts' | 'color' | 'smoothing' | 'inverted'> {
  const { grey, blur } = input;
  return {
    ...(grey.color === undefined ? {} : { color: grey.color }),
    ...(blur.smoothing === undefined ? {} : { smoothing: blur.smoothing }),
    kernels: core.kernels,
    response: core.response,
    ...(core.parts === undefined ? {} : { parts: core.parts }),
    ...(inverted ? { inverted } : {}),
  };
}

/** The factor with the fewest digits that fits: a fraction of whole numbers, else a decimal. */
export function simplestBetween({ least, most }: ScaleRange): number {
  for (const over of [1, 2, 4, 8, 16, 32, 64, 3, 5, 6, 10, 12, 15, 20, 24, 40, 48, 100, 128, 256, 640, 1000]) {
    const whole = Math.ceil(least * over);
    if (whole / over <= most && whole > 0) return whole / over;
  }
  for (let digits = 1; digits < 16; digits++) {
    const short = Number(((least + most) / 2).toPrecision(digits));
    if (short >= least && short <= most) return short;
  }
  return (least + most) / 2;
}
