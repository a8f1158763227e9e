import { rotateKernel } from '../kernels/algebra.ts';
import { checkKernel, formatKernelShape, type Kernel, kernelFrom } from '../kernels/kernel.ts';
import { expected, expectInteger, expectedOne } from '../planes/expected.ts';
import { expectOptions } from '../planes/expectOptions.ts';
import { createPlanes, type Planes } from '../planes/planes.ts';
import { isFloat32Array } from '../planes/typedArrays.ts';
import { corr2d } from './corr2d.ts';
import { type Corr2dOptions, CORRELATION_OPTIONS } from './corr2dOptions.ts';
import { type Padding, PADDING_NAMES, type PaddingName } from './geometry.ts';

/** Samples along one axis. */
export type Signal = Float32Array | readonly number[];

/** Taps along one axis, input channels of them (one output channel), or O×I×taps; or a kernel of one row. */
export type Taps1d = Signal | readonly Signal[] | readonly (readonly Signal[])[] | Kernel;

export interface Corr1dOptions extends Pick<Corr2dOptions, 'border' | 'precision' | 'algorithm'> {
  /** From one output sample to the next, in input samples; 1 by default. */
  stride?: number;
  /** From one tap to the next, in input samples; 1 by default. */
  dilation?: number;
  /** Samples added before and after; a number is added on both sides; `valid` (none) by default. */
  padding?: PaddingName | number | readonly [before: number, after: number];
}

/**
 * One-dimensional cross-correlation: y[i] = Σ k[t] · x[i·stride + t·dilation]. It is {@link corr2d} on a picture of one row,
 * and the result nests as `x` does. Without options it is NumPy's `correlate(x, k)` where the taps are no more than the samples.
 *
 * @param x samples, or channels of samples, of any range; white is 1
 * @param k the taps, not flipped; see {@link convolve1d} for the operation that does
 * @returns samples where `x` is samples (the kernel then has one output channel), else one list for each output channel
 * @throws ExpectationError where channels, lengths or options do not fit
 * @example
 * corr1d([0, 1, 2, 3, 4, 5, 6], [1, 2]) // [2, 5, 8, 11, 14, 17]
 * corr1d([[0, 1, 2], [1, 2, 3]], [[1, 2], [3, 4]]) // [[13, 23]]
 */
export function corr1d(x: Signal, k: Taps1d, options?: Corr1dOptions): Float32Array;
export function corr1d(x: readonly Signal[], k: Taps1d, options?: Corr1dOptions): Float32Array[];
export function corr1d(
  x: Signal | readonly Signal[],
  k: Taps1d,
  options: Corr1dOptions = {},
): Float32Array | Float32Array[] {
  expectOptions(options, CORRELATION_OPTIONS, 'corr1d');
  return correlateRow(x, kernelOf(k), options);
}

/**
 * One-dimensional convolution as mathematics defines it, (f ∗ g)(i) = Σ f(a) · g(i − a): {@link corr1d} with the taps in
 * reverse. With padding `full` it is the whole of f ∗ g, and the two may change places.
 *
 * @example
 * convolve1d([1, 2, 3], [0, 1, 0.5], { padding: 'full' }) // [0, 1, 2.5, 4, 1.5]
 */
export function convolve1d(x: Signal, k: Taps1d, options?: Corr1dOptions): Float32Array;
export function convolve1d(x: readonly Signal[], k: Taps1d, options?: Corr1dOptions): Float32Array[];
export function convolve1d(
  x: Signal | readonly Signal[],
  k: Taps1d,
  options: Corr1dOptions = {},
): Float32Array | Float32Array[] {
  expectOptions(options, CORRELATION_OPTIONS, 'convolve1d');
  return correlateRow(x, rotateKernel(kernelOf(k)), options);
}

function correlateRow(x: Signal | readonly Signal[], k: Kernel, options: Corr1dOptions): Float32Array | Float32Array[] {
  const { stride = 1, dilation = 1, padding = 'valid', ...others } = options;
  const single = isSignal(x);
  if (single && k.outChannels !== 1) {
    throw expected('a kernel of one output channel', 'samples without channels', formatKernelShape(k));
  }
  const y = corr2d(rowOf(single ? [x] : x), k, {
    ...others,
    stride: [1, expectInteger(stride, 'stride', 1)],
    dilation: [1, expectInteger(dilation, 'dilation', 1)],
    padding: paddingOf(padding),
  });
  return single ? y.data : Array.from({ length: y.channels }, (_, o) => y.data.slice(o * y.width, (o + 1) * y.width));
}

/** Whether it is samples, not channels of them. */
function isSignal(x: unknown): x is Signal {
  return isFloat32Array(x) || (Array.isArray(x) && typeof x[0] === 'number');
}

/** A picture of one row, its channels those of the signal. */
function rowOf(channels: readonly Signal[]): Planes {
  const filled = Array.isArray(channels) && channels.length > 0;
  if (!filled || !channels.every((samples) => isSignal(samples) && samples.length > 0)) {
    throw expected('samples, or channels of samples', 'the signal', channels);
  }
  const lengths = channels.map((samples) => samples.length);
  if (lengths.some((length) => length !== lengths[0])) {
    throw expected('channels of one length', 'the signal', lengths.join(', '));
  }
  const row = createPlanes(channels.length, 1, lengths[0]);
  channels.forEach((samples, c) => {
    for (const sample of samples) if (typeof sample !== 'number') throw expected('numbers', 'the signal', sample);
    row.data.set(samples, c * row.width);
  });
  return row;
}

function kernelOf(k: Taps1d): Kernel {
  if (isSignal(k)) return kernelFrom([asRow(k)], 'kernel');
  if (Array.isArray(k)) {
    const deep = Array.isArray(k[0]) && !isSignal(k[0]);
    return kernelFrom(deep ? k.map(asInputs) : [asInputs(k)], 'kernel');
  }
  const given = checkKernel(k as Kernel);
  if (given.height !== 1) throw expected('a kernel of one row', 'kernel', formatKernelShape(given));
  return given;
}

/** Input channels of taps as input channels of one row. What is not so nested stays, for the kernel's own checks to name. */
function asInputs(inputs: unknown): unknown {
  return Array.isArray(inputs) ? inputs.map((taps: unknown) => [asRow(taps)]) : inputs;
}

function asRow(taps: unknown): unknown {
  return isFloat32Array(taps) ? Array.from(taps) : taps;
}

function paddingOf(padding: unknown): Padding {
  if (PADDING_NAMES.includes(padding as PaddingName)) return padding as PaddingName;
  const pair: unknown = typeof padding === 'number' ? [padding, padding] : padding;
  if (!Array.isArray(pair) || pair.length !== 2) {
    const what = `${PADDING_NAMES.map((name) => `'${name}'`).join(', ')}, a number or [before, after]`;
    throw expectedOne(what, 'padding', padding, PADDING_NAMES);
  }
  const left = expectInteger(pair[0], 'padding before the samples', 0);
  return { top: 0, bottom: 0, left, right: expectInteger(pair[1], 'padding after the samples', 0) };
}
