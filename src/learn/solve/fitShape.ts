import { whiteOf } from '../../planes/planes.ts';
import type { Rounding } from '../../planes/samples.ts';
import { type Symmetry, symmetryOf } from '../feasible/symmetry.ts';
import type { KernelShape } from '../kernelShape.ts';
import { kernelFrom } from '../kernelUnknowns.ts';
import { fitOf } from '../moments/fit.ts';
import { leastSquares } from '../moments/leastSquares.ts';
import { type Moments, momentsOf } from '../moments/moments.ts';
import type { Example } from '../pairs.ts';
import { type Offsets, offsetsOf, raised, withoutBias } from './offsets.ts';
import { type Solved } from './solved.ts';
import type { ExactOptions } from './solved.ts';
import { withoutClipped } from './withoutClipped.ts';

/** Each time fewer samples are taken for equations that are none. */
const CLEANINGS = 3;

/** @param taps whose bias is left open */
export async function fitShape(
  examples: readonly Example[],
  taps: KernelShape,
  options: ExactOptions,
  pause: () => Promise<void>,
): Promise<Solved> {
  let solved = solve(await momentsOf(examples, { ...taps, bias: true }, pause), examples, taps, options);
  if (!examples.some(({ clips, lossy }) => clips && lossy)) return solved;
  for (let i = 0; i < CLEANINGS; i++) {
    const k = kernelFrom(
      solved.shape,
      solved.solutions.map(({ unknowns }) => unknowns),
    );
    const cleaned = examples.map((example) => withoutClipped(example, k));
    solved = solve(await momentsOf(cleaned, { ...taps, bias: true }, pause), cleaned, taps, options);
  }
  return solved;
}

function solve(
  moments: readonly Moments[],
  examples: readonly Example[],
  taps: KernelShape,
  { bias, ridge = 0 }: ExactOptions,
): Solved {
  const [example] = examples;
  const withBias = moments.map((m) => leastSquares(m, { bias: true, ridge }));
  const free = withBias.map(({ unknowns }) => unknowns);
  const likely = offsetsOf(withBias, example, fitOf(moments, free).rms);
  const shape: KernelShape = { ...taps, bias: bias ?? likely.bias };
  const momentsUnder = (rounding: Rounding): readonly Moments[] =>
    momentsFor(moments, example, { bias: shape.bias, rounding });
  const solutions = shape.bias
    ? withBias
    : momentsUnder(likely.rounding).map((m) => leastSquares(m, { bias: false, ridge }));
  const symmetry = (): Symmetry => symmetryOf(moments, free, taps);
  return { shape, rounding: likely.rounding, solutions, free, symmetry, moments, momentsUnder, examples };
}

/** With a bias as they are; without, and half a level more where the program truncated, which is what it took on average. */
function momentsFor(moments: readonly Moments[], example: Example, { bias, rounding }: Offsets): readonly Moments[] {
  if (bias) return moments;
  const lost = example.stored && rounding === 'truncate' ? 0.5 / whiteOf(example.after) : 0;
  return moments.map((m) => withoutBias(lost === 0 ? m : raised(m, lost)));
}
