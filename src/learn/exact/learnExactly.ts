import type { Kernel } from '../../kernels/kernel.ts';
import type { ShapeOptions } from '../kernelShape.ts';
import type { Example } from '../pairs.ts';
import type { LearnReport } from '../report.ts';
import { aligned } from './aligned.ts';
import { learnShape } from './learnShape.ts';
import { type Shift, shapeOfPairs } from './shapeOfPairs.ts';

export type ExactMethod = 'least-squares' | 'feasible';

export interface ExactOptions extends ShapeOptions {
  readonly method: 'auto' | ExactMethod;
  readonly ridge?: number;
}

export interface ExactlyLearned {
  readonly kernel: Kernel;
  readonly method: ExactMethod;
  readonly report: Omit<LearnReport, 'notes'>;
}

/**
 * The kernel of least squared error and, where the afters are stored without loss and rounding explains all of that error, the
 * simplest one that gives every sample.
 *
 * @param pause awaited between parts of the work
 * @throws ExpectationError where the pairs do not fit, or nothing in them can be learned from
 */
export async function learnExactly(
  examples: readonly Example[],
  options: ExactOptions,
  pause: () => Promise<void>,
): Promise<ExactlyLearned> {
  const { shape, shift } = await shapeOfPairs(examples, options, pause);
  const learned = await learnShape(
    shift ? examples.map((one) => aligned(one, shift)) : examples,
    shape,
    options,
    pause,
  );
  const displaced = shift ?? displacementOf(learned, options);
  if (displaced === undefined || shift !== undefined) return withShift(learned, displaced);
  // The taps are a known filter's beside the middle: learned anew around it, they are fewer.
  const moved = examples.map((one) => aligned(one, displaced));
  const again = await shapeOfPairs(moved, options, pause);
  if (again.shift !== undefined) return learned;
  return withShift(await learnShape(moved, again.shape, options, pause), displaced);
}

function displacementOf({ report }: ExactlyLearned, { size = 'auto' }: ShapeOptions): Shift | undefined {
  const { down = 0, right = 0 } = report.known?.parameters ?? {};
  return size === 'auto' && (down !== 0 || right !== 0) ? [down, right] : undefined;
}

function withShift(learned: ExactlyLearned, shift: Shift | undefined): ExactlyLearned {
  if (shift === undefined) return learned;
  const { report } = learned;
  return { ...learned, report: { ...report, program: { ...report.program, shift } } };
}
