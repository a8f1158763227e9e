import { formatKernelShape, type Kernel } from '../kernels/kernel.ts';
import { type SeparatedKernel, separateKernel } from '../kernels/separate.ts';
import { ExpectationError } from '../planes/expected.ts';
import type { Precision } from './algorithm.ts';
import { type Tiling, tilingFor } from './fft/fftTiles.ts';
import type { Geometry } from './geometry.ts';
import { expectMinimal, isMinimal, minimalNanoseconds } from './minimal/minimalCost.ts';
import type { Shape } from './outputShape.ts';

export interface PlanOptions {
  readonly geometry: Geometry;
  readonly precision: Precision;
  readonly algorithm: 'auto' | CorrelationPlan['algorithm'];
}

/** How a correlation is computed, and why. */
export interface CorrelationPlan {
  readonly algorithm: 'reference' | 'direct' | 'minimal' | 'separable' | 'fft';
  /** The two kernels of `separable`. */
  readonly separated?: SeparatedKernel;
  /** Sentences for people. */
  readonly reasons: readonly string[];
}

/**
 * Chooses how a correlation is computed, from shapes and taps alone: never by a timing, and alike on every machine, because
 * direct computation and FFT round differently. `auto` takes whichever of the two costs less; two passes only where asked for.
 *
 * @param input the picture's shape
 * @throws ExpectationError where the algorithm that is asked for cannot do it
 */
export function planCorrelation(input: Shape, k: Kernel, options: PlanOptions): CorrelationPlan {
  const { geometry: at, precision, algorithm } = options;
  if (algorithm === 'separable') return planSeparable(k, at);
  if (algorithm === 'minimal') expectMinimal(k, at);
  if (algorithm === 'reference') return planned(algorithm, () => ['asked for: the definition, in plain loops']);
  if (algorithm !== 'auto') return planned(algorithm, () => [describeWork(input, k, at), 'asked for']);
  const taps = tapsOf(k) / k.outChannels;
  if (taps <= FEW_TAPS) {
    return planned('direct', () => [describeWork(input, k, at), `up to ${FEW_TAPS} taps transforms never cost less`]);
  }
  if (precision === 'deterministic' && taps <= EXACT_TAPS) {
    const reason = `up to ${EXACT_TAPS} taps, deterministic sums are the definition's own`;
    return planned('direct', () => [describeWork(input, k, at), reason]);
  }
  const costs: Readonly<Record<'direct' | 'minimal' | 'fft', number>> = {
    direct: directNanoseconds(k, at, precision),
    minimal: precision === 'fast' && isMinimal(k, at) ? minimalNanoseconds(k, at, DIRECT_RATE.fast) : Infinity,
    fft: tilingFor(at, k).cost,
  };
  const [cheapest, ...others] = (['direct', 'minimal', 'fft'] as const)
    .filter((name) => costs[name] < Infinity)
    .toSorted((a, b) => costs[a] - costs[b]);
  const told = (name: keyof typeof NAMES): string => `${NAMES[name]} ${milliseconds(costs[name])}`;
  return planned(cheapest, () => [
    describeWork(input, k, at),
    `${NAMES[cheapest]} is expected to take ${milliseconds(costs[cheapest])}, ${others.map(told).join(', ')} ` +
      `(${precision}, one core of 2024)`,
  ]);
}

const NAMES = { direct: 'direct', minimal: 'minimal filtering', fft: 'FFT' } as const;

/** A plan whose reasons are put into words only when they are asked for. */
function planned(algorithm: CorrelationPlan['algorithm'], reasons: () => readonly string[]): CorrelationPlan {
  return {
    algorithm,
    get reasons() {
      return reasons();
    },
  };
}

/** Up to so many taps for an output (5×5) the transforms of the smallest tiles are more work. */
const FEW_TAPS = 25;

/** Multiply-adds of emitted code in a nanosecond: fused where fast, else two instructions. */
const DIRECT_RATE: Readonly<Record<Precision, number>> = { fast: 24, deterministic: 20 };

/**
 * Up to so many taps for an output (11×11) a deterministic correlation is direct even where transforms are faster: from whole
 * numbers and dyadic taps its results are exact, as another program's are.
 */
const EXACT_TAPS = 121;

function directNanoseconds(k: Kernel, at: Geometry, precision: Precision): number {
  return (tapsOf(k) * at.rows.output * at.columns.output) / DIRECT_RATE[precision];
}

function sizeOf({ rows, columns }: Tiling): { pairs: number; samples: number } {
  const pairs = Math.ceil((rows.count * columns.count) / 2) * rows.blocks * columns.blocks;
  return { pairs, samples: rows.tile * columns.tile };
}

/** Taps that contribute: those that are 0 do not. */
function tapsOf(k: Kernel): number {
  return k.weights.reduce((count, tap) => (tap === 0 ? count : count + 1), 0);
}

function describeWork(input: Shape, k: Kernel, at: Geometry): string {
  const tiling = tilingFor(at, k);
  const { rows, columns } = tiling;
  const taps = tapsOf(k);
  const zeros = k.weights.length - taps;
  const fft = fftMultiplyAdds(input, k, tiling) / (k.outChannels * at.rows.output * at.columns.output);
  const minimal = isMinimal(k, at) ? `minimal filtering ${plain((2 * k.weights.length) / (3 * k.outChannels))}, ` : '';
  return (
    `${formatKernelShape(k)} taps${zeros > 0 ? `, ${zeros} of them 0` : ''}: ` +
    `direct ${plain(taps / k.outChannels)} multiply-adds a sample, ${minimal}FFT about ${plain(fft)} on tiles of ${rows.tile}×${columns.tile}`
  );
}

/**
 * A transform of N complex numbers takes 5·N·log₂N additions and multiplications, two real tiles share one, and a product of
 * spectra takes 6 a complex number with its sum; half of them are a multiply-add each.
 */
function fftMultiplyAdds(input: Shape, k: Kernel, tiling: Tiling): number {
  const { pairs, samples } = sizeOf(tiling);
  const transforms = 2.5 * samples * (31 - Math.clz32(samples)) * (input.channels + k.outChannels);
  return pairs * (transforms + 6 * samples * k.outChannels * k.inChannels);
}

function planSeparable(k: Kernel, { rows, columns }: Geometry): CorrelationPlan {
  if (rows.stride !== 1 || columns.stride !== 1) {
    throw new ExpectationError(
      `Expected a stride of 1 for algorithm separable but received ${rows.stride}, ${columns.stride}`,
    );
  }
  if (k.inChannels !== 1) {
    throw new ExpectationError(
      `Expected a kernel whose outputs each see one channel for algorithm separable but received ${formatKernelShape(k)}`,
    );
  }
  const separated = separateKernel(k);
  if (separated === undefined) {
    throw new ExpectationError(
      `Expected a kernel of rank 1, a column times a row, for algorithm separable but received ${formatKernelShape(k)} taps of a higher rank`,
    );
  }
  const taps = (tapsOf(separated.column) + tapsOf(separated.row)) / k.outChannels;
  return {
    algorithm: 'separable',
    separated,
    reasons: [
      `${formatKernelShape(k)} taps are a column times a row: ${plain(tapsOf(k) / k.outChannels)} multiply-adds a sample at once, ${plain(taps)} in two passes`,
      'asked for',
    ],
  };
}

/** A count for people: whole from 10. */
function plain(count: number): string {
  return String(count < 10 ? Number(count.toFixed(1)) : Math.round(count));
}

function milliseconds(nanoseconds: number): string {
  return `${Number((nanoseconds / 1e6).toPrecision(2))} ms`;
}
