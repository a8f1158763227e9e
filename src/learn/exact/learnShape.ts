import { whiteOf } from '../../planes/planes.ts';
import type { Rounding } from '../../planes/samples.ts';
import { type FeasibleKernel, feasibleKernel } from '../feasible/feasibleKernel.ts';
import { findProgram } from '../feasible/findProgram.ts';
import { fitOf } from '../fit.ts';
import type { KernelShape } from '../kernelShape.ts';
import { kernelFrom, unknownsOf } from '../kernelUnknowns.ts';
import { leastSquares, type Solution } from '../leastSquares.ts';
import { type Moments, momentsOf } from '../moments.ts';
import type { Example } from '../pairs.ts';
import { factsOf } from './factsOf.ts';
import { heldOutOf } from './heldOutOf.ts';
import type { ExactOptions, LearnedPairs } from './learnPairs.ts';
import { type Offsets, offsetsOf, raised, withoutBias } from './offsets.ts';
import { roundNumbers } from './roundNumbers.ts';

/** Errors up to this many levels may be rounding's alone, which leaves √(1/12) of one. */
const ROUNDING_RMS = 0.6;

/** What `learnPairs` does once the shape is known. */
export async function learnShape(
  examples: readonly Example[],
  taps: KernelShape,
  options: ExactOptions,
  pause: () => Promise<void>,
): Promise<LearnedPairs> {
  const moments = await momentsOf(examples, { ...taps, bias: true }, pause);
  const { ridge = 0 } = options;
  const free = moments.map((m) => leastSquares(m, { bias: true, ridge }));
  const likely = offsetsOf(free, examples[0], fitOf(moments, unknownsIn(free)).rms);
  const offsets: Offsets = { ...likely, bias: options.bias ?? likely.bias };
  const shape: KernelShape = { ...taps, bias: offsets.bias };
  const own = momentsFor(moments, examples, offsets);
  const solutions = offsets.bias ? free : own.map((m) => leastSquares(m, { bias: false, ridge }));
  const start = unknownsIn(solutions);
  const rms = fitOf(own, start).rms * whiteOf(examples[0].after);

  const stored = examples.every((one) => one.stored && !one.lossy);
  const tried = options.method === 'feasible' || (options.method === 'auto' && rms < ROUNDING_RMS && ridge === 0);
  const within = stored && tried ? await sampleForSample(examples, shape, unknownsIn(free), pause) : undefined;
  const exactNumbers = ridge === 0 && examples.every(({ clips }) => !clips);
  const unknowns = within?.unknowns ?? (exactNumbers ? roundNumbers(own, start) : start);
  const kernel = kernelFrom(shape, unknowns);
  const program = stored && rms < POOR_RMS ? await findProgram(kernel, examples, pause) : undefined;
  const judged = momentsFor(moments, examples, { ...offsets, rounding: within?.rounding ?? offsets.rounding });
  return {
    kernel,
    method: within === undefined ? 'least-squares' : 'feasible',
    report: {
      ...fitOf(judged, unknownsOf(kernel, shape)),
      size: [shape.height, shape.width],
      channels: shape.sharing,
      ...(await heldOutOf(examples, shape, pause)),
      ...factsOf(kernel, shape, solutions, { exact: within?.denominator !== undefined, program, examples }),
    },
  };
}

function unknownsIn(solutions: readonly Solution[]): Float64Array[] {
  return solutions.map(({ unknowns }) => unknowns);
}

async function sampleForSample(
  examples: readonly Example[],
  shape: KernelShape,
  start: readonly Float64Array[],
  pause: () => Promise<void>,
): Promise<FeasibleKernel | undefined> {
  const found = await feasibleKernel(examples, shape, start, pause);
  return 'unknowns' in found ? found : undefined;
}

/** Where the errors are this large, which samples come out by chance tells nothing of rounding and borders. */
const POOR_RMS = 3;

/** With a bias as they are; without, and half a level more where the program truncated, which is what it took on average. */
function momentsFor(moments: readonly Moments[], examples: readonly Example[], offsets: Offsets): readonly Moments[] {
  if (offsets.bias) return moments;
  const by = lostBy(offsets.rounding, examples[0]);
  return moments.map((m) => withoutBias(by === 0 ? m : raised(m, by)));
}

function lostBy(rounding: Rounding, example: Example): number {
  return example.stored && rounding === 'truncate' ? 0.5 / whiteOf(example.after) : 0;
}
