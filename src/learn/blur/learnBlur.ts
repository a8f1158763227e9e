import { whiteOf } from '../../planes/planes.ts';
import { findProgram } from '../feasible/findProgram.ts';
import type { KernelShape } from '../kernelShape.ts';
import { kernelFrom } from '../kernelUnknowns.ts';
import type { Fit } from '../moments/fit.ts';
import type { Solution } from '../moments/leastSquares.ts';
import { residualOf } from '../moments/residual.ts';
import { type Example, wholeOf } from '../pairs.ts';
import { offsetsOf } from '../solve/offsets.ts';
import { isPlain, reportedPairs } from '../solve/reportedPairs.ts';
import type { ExactOptions, LearnedPairs } from '../solve/solved.ts';
import type { FoundBlur } from './findBlur.ts';
import { leftOver, type Product } from './leftOver.ts';

/** The kernel of a blur, or of a mask of one, with what is told of it. */
export async function learnBlur(
  examples: readonly Example[],
  { estimate, product, exact }: FoundBlur,
  { bias }: ExactOptions,
  pause: () => Promise<void>,
): Promise<LearnedPairs> {
  const height = product.column.length;
  const width = product.row.length;
  const solution = solutionOf(product, estimate);
  const likely = offsetsOf([solution], examples[0], estimate.rms);
  const shape: KernelShape = {
    sharing: 'shared',
    outChannels: 1,
    inChannels: 1,
    height,
    width,
    groups: 1,
    // In linear light no rounding is known that an offset could be told from.
    bias: bias ?? (likely.bias && Math.abs(product.bias) * whiteOf(examples[0].after) > LEAST_LEVELS),
  };
  const unknowns = shape.bias ? solution.unknowns : solution.unknowns.slice(0, -1);
  const kernel = kernelFrom(shape, [unknowns]);
  await pause();
  const lost = !shape.bias && examples.every(isPlain) && likely.rounding === 'truncate' ? 0.5 : 0;
  const fit = fitOf(examples, { ...product, bias: shape.bias ? product.bias : 0 }, lost);
  await pause();
  const change = changeOf(examples, product);
  const program = examples.every(isPlain) ? await findProgram(kernel, wholeOf(examples), pause, exact) : undefined;
  const all = program !== undefined && program.certificate.first === undefined;
  return reportedPairs({
    kernel,
    shape,
    method: all ? 'feasible' : 'least-squares',
    exact,
    solutions: [shape.bias ? solution : withoutBias(solution)],
    fit,
    change,
    program,
    examples,
    fitted: examples,
  });
}

/** Of an offset that is told. */
const LEAST_LEVELS = 0.15;

/** The taps, row by row, and the bias, with how far the errors of column, row and factor may have moved each. */
function solutionOf({ column, row, own, bias }: Product, { errors, rms, samples }: FoundBlur['estimate']): Solution {
  const [height, width] = [column.length, row.length];
  const down = middleOf(errors.column, height);
  const across = middleOf(errors.row, width);
  const unknowns = new Float64Array(height * width + 1);
  const standardErrors = new Float64Array(height * width + 1);
  for (let i = 0; i < height * width; i++) {
    const [r, c] = [Math.floor(i / width), i % width];
    unknowns[i] = column[r] * row[c];
    standardErrors[i] = Math.hypot(column[r] * across[c], row[c] * down[r]);
  }
  const middle = (height * width - 1) / 2;
  unknowns[middle] += own;
  standardErrors[middle] = Math.hypot(standardErrors[middle], errors.own);
  unknowns[height * width] = bias;
  standardErrors[height * width] = errors.bias;
  return { unknowns, standardErrors, rank: unknowns.length, squares: rms * rms * samples, samples };
}

/** Of taps beyond those that were fitted, the outermost one's. */
function middleOf(errors: Float64Array, count: number): Float64Array {
  const from = (errors.length - count) / 2;
  const last = errors.length - 1;
  return Float64Array.from({ length: count }, (_, i) => errors[Math.min(last, Math.max(0, from + i))]);
}

function withoutBias(solution: Solution): Solution {
  const { unknowns, standardErrors } = solution;
  return {
    ...solution,
    unknowns: unknowns.slice(0, -1),
    standardErrors: standardErrors.slice(0, -1),
    rank: solution.rank - 1,
  };
}

/** @param lost levels that the program takes off every sample, on average */
function fitOf(examples: readonly Example[], product: Product, lost: number): Fit {
  const { levels, clipped, spread } = leftOver(examples, product);
  const unit = 1 / whiteOf(examples[0].after) ** 2;
  let squares = 0;
  for (const level of levels) squares += (level + lost) ** 2;
  return { ...residualOf(squares * unit, spread * unit, levels.length), samples: levels.length, clipped };
}

/** Σ (after − before − mean)² of the same windows, in units of white squared. */
function changeOf(examples: readonly Example[], { column, row }: Product): number {
  const one = (taps: Float64Array): Float64Array => taps.map((_, i) => (i === (taps.length - 1) / 2 ? 1 : 0));
  const { levels } = leftOver(examples, { column: one(column), row: one(row), own: 0, bias: 0 });
  let [sum, squares] = [0, 0];
  for (const level of levels) {
    sum += level;
    squares += level * level;
  }
  return (squares - sum ** 2 / Math.max(1, levels.length)) / whiteOf(examples[0].after) ** 2;
}
