import type { Kernel } from '../../kernels/kernel.ts';
import { whiteOf } from '../../planes/planes.ts';
import { leftOf } from '../majority/misfits.ts';
import type { Example } from '../pairs.ts';

/** What a kernel leaves of one pair of several. */
export interface PairResidual {
  /** Root of the mean squared error, in units of white. */
  readonly rms: number;
  /** Samples whose windows lie in the before. */
  readonly samples: number;
  /** Of those, samples that are more than a level of the after, or a 255th of white of numbers, from what the kernel gives. */
  readonly beyond: number;
}

/** One for each pair, in their order; of one pair there is nothing to compare. */
export async function residualsOfPairs(
  examples: readonly Example[],
  k: Kernel,
  pause: () => Promise<void>,
): Promise<PairResidual[] | undefined> {
  if (examples.length < 2) return undefined;
  const residuals: PairResidual[] = [];
  for (const example of examples) {
    await pause();
    const { levels } = leftOf(example, k);
    const white = whiteOf(example.after);
    const most = example.stored ? 1 : white / 255;
    let [squares, samples, beyond] = [0, 0, 0];
    for (const level of levels) {
      if (Number.isNaN(level)) continue;
      samples++;
      squares += level * level;
      if (Math.abs(level) > most) beyond++;
    }
    residuals.push({ rms: samples === 0 ? 0 : Math.sqrt(squares / samples) / white, samples, beyond });
  }
  return residuals;
}
