import { ExpectationError, expected, expectInteger } from '../planes/expected.ts';
import { expectOptions, optionNames } from '../planes/expectOptions.ts';
import { isFloat32Array } from '../planes/typedArrays.ts';

/**
 * The taps of a correlation: for each of `outChannels` outputs a stack of `inChannels` two-dimensional kernels,
 * O×I×kh×kw, row-major. Kernels correlate: they are never flipped.
 */
export interface Kernel {
  readonly outChannels: number;
  /** Input channels of one group. */
  readonly inChannels: number;
  readonly height: number;
  readonly width: number;
  /** O×I×kh×kw taps. */
  readonly weights: Float32Array;
  /** One a output channel, in units of white: a correlation adds bias·white. */
  readonly bias: Float32Array;
  /** Output and input channels are cut into so many groups, each output seeing its own group's inputs; 1 by default. */
  readonly groups?: number;
  readonly name?: string;
}

export interface KernelOptions {
  /** One for all output channels, or one for each, in units of white; 0 by default. */
  bias?: number | readonly number[];
  groups?: number;
  name?: string;
}

type Rows = readonly (readonly number[])[];

/** Taps nested as {@link kernel} takes them. */
type NestedTaps = Rows | readonly Rows[] | readonly (readonly Rows[])[];

/** Largest kernel side, and most taps in all, that a kernel may have: beyond them a mistake is likelier than a wish. */
export const LARGEST_SIDE = 4096;
export const MOST_TAPS: number = 2 ** 26;

const OPTIONS = optionNames<KernelOptions>({ bias: true, groups: true, name: true });

/**
 * A kernel from nested arrays.
 *
 * @param nested rows of taps (1×1 channels), input channels of rows (one output channel), or O×I×kh×kw.
 * @throws ExpectationError where rows are empty or of several lengths, taps are not finite, or biases and groups do not fit.
 * @example
 * kernel([[1, -1]]).width // 2
 */
export function kernel(nested: NestedTaps, options: KernelOptions = {}): Kernel {
  expectOptions(options, OPTIONS, 'kernel');
  return kernelFrom(nested, 'kernel', options);
}

/** {@link kernel} for nested arrays that came from elsewhere: faults are named as `<where>[0][2][1]`. */
export function kernelFrom(nested: unknown, where: string, options: KernelOptions = {}): Kernel {
  const depth = depthOf(nested);
  if (depth < 2 || depth > 4) throw expected('taps nested 2, 3 or 4 deep', where, nested);
  const outputs = (depth === 4 ? nested : depth === 3 ? [nested] : [[nested]]) as readonly unknown[];
  const placeOf = (o: number, i: number): string =>
    `${where}${depth === 4 ? `[${o}]` : ''}${depth >= 3 ? `[${i}]` : ''}`;
  const inChannels = lengthOf(outputs[0]);
  const height = lengthOf(itemOf(outputs[0], 0));
  const width = lengthOf(itemOf(itemOf(outputs[0], 0), 0));
  if (inChannels === 0 || height === 0 || width === 0) throw expected('at least one row of one tap', where, nested);
  const shape = { outChannels: outputs.length, inChannels, height, width };
  expectShape(shape, where);
  const weights = new Float32Array(outputs.length * inChannels * height * width);
  let to = 0;
  outputs.forEach((inputs, o) => {
    if (lengthOf(inputs) !== inChannels) {
      throw expected('the same number of input channels for every output', where, lengthsOf(outputs));
    }
    for (let i = 0; i < inChannels; i++) {
      const rows = itemOf(inputs, i);
      if (lengthOf(rows) !== height) throw expected(`${height} rows`, placeOf(o, i), rows);
      if (!areRows(rows, width)) throw expected('rows of one length', placeOf(o, i), lengthsOf(rows));
      for (let r = 0; r < height; r++) {
        for (let c = 0; c < width; c++) {
          const tap = rows[r][c];
          if (!isFloat32(tap)) throw expected(FINITE, `${placeOf(o, i)}[${r}][${c}]`, tap);
          weights[to++] = tap;
        }
      }
    }
  });
  const { groups, name } = options;
  return checkKernel({
    ...shape,
    weights,
    bias: biasOf(options.bias, outputs.length),
    ...(groups === undefined ? {} : { groups }),
    ...(name === undefined ? {} : { name }),
  });
}

/** How deep the first items nest; 5 for everything deeper. */
function depthOf(nested: unknown): number {
  let depth = 0;
  for (let item: unknown = nested; Array.isArray(item) && depth < 5; item = item[0]) depth++;
  return depth;
}

/** 0 for what is no array. */
function lengthOf(item: unknown): number {
  return Array.isArray(item) ? item.length : 0;
}

function itemOf(list: unknown, index: number): unknown {
  return Array.isArray(list) ? list[index] : undefined;
}

function areRows(rows: unknown, width: number): rows is unknown[][] {
  return Array.isArray(rows) && rows.every((row) => Array.isArray(row) && row.length === width);
}

function lengthsOf(items: unknown): string {
  return Array.isArray(items)
    ? items.map((item) => (Array.isArray(item) ? item.length : 'no array')).join(', ')
    : 'no array';
}

const FINITE = 'a number that is finite in Float32';

function isFloat32(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(Math.fround(value));
}

function biasOf(bias: unknown = 0, outChannels: number): Float32Array {
  if (!Array.isArray(bias)) {
    if (!isFloat32(bias)) throw expected(FINITE, 'bias', bias);
    return new Float32Array(outChannels).fill(bias);
  }
  if (bias.length !== outChannels)
    throw expected(`${outChannels} numbers, one for each output channel`, 'bias', bias.length);
  return Float32Array.from(bias, (value: unknown, o) => {
    if (!isFloat32(value)) throw expected(FINITE, `bias[${o}]`, value);
    return value;
  });
}

/**
 * The kernel itself, where its parts fit together.
 *
 * @throws ExpectationError where sizes, lengths, groups or numbers do not fit.
 */
export function checkKernel(k: Kernel, where = 'kernel'): Kernel {
  if (typeof k !== 'object' || k === null || !isFloat32Array(k.weights) || !isFloat32Array(k.bias)) {
    throw expected('a kernel ({ outChannels, inChannels, height, width, weights, bias })', where, k);
  }
  const taps = expectShape(k, where);
  if (k.weights.length !== taps)
    throw expected(`${taps} weights`, `${where} of ${formatKernelShape(k)}`, k.weights.length);
  if (k.bias.length !== k.outChannels) throw expected(`${k.outChannels} biases`, where, k.bias.length);
  const groups = expectInteger(k.groups ?? 1, `${where}.groups`, 1);
  if (k.outChannels % groups !== 0) {
    throw new ExpectationError(
      `Expected a divisor of the ${k.outChannels} output channels for ${where}.groups but received ${groups}`,
    );
  }
  for (const tap of k.weights) if (!Number.isFinite(tap)) throw expected('taps that are finite numbers', where, tap);
  for (const bias of k.bias) if (!Number.isFinite(bias)) throw expected('biases that are finite numbers', where, bias);
  return k;
}

/** The number of taps of a shape that a kernel may have. */
export function expectShape(k: Pick<Kernel, 'outChannels' | 'inChannels' | 'height' | 'width'>, where: string): number {
  expectInteger(k.outChannels, `${where}.outChannels`, 1);
  expectInteger(k.inChannels, `${where}.inChannels`, 1);
  expectInteger(k.height, `${where}.height`, 1, LARGEST_SIDE);
  expectInteger(k.width, `${where}.width`, 1, LARGEST_SIDE);
  const taps = k.outChannels * k.inChannels * k.height * k.width;
  if (taps > MOST_TAPS) throw expected(`at most ${MOST_TAPS} taps`, where, taps);
  return taps;
}

/** `O×I×kh×kw`, or `kh×kw` where one plane goes to one, as messages show it. */
export function formatKernelShape(k: Pick<Kernel, 'outChannels' | 'inChannels' | 'height' | 'width'>): string {
  const taps = `${k.height}×${k.width}`;
  return k.outChannels === 1 && k.inChannels === 1 ? taps : `${k.outChannels}×${k.inChannels}×${taps}`;
}

/** How many planes a picture must have for the kernel: its input channels times its groups. */
export function channelsWanted(k: Kernel): number {
  return k.inChannels * (k.groups ?? 1);
}

/** The taps as O×I×kh×kw nested arrays. */
export function toNestedTaps(k: Kernel): number[][][][] {
  let i = 0;
  const list = <T>(length: number, item: () => T): T[] => Array.from({ length }, item);
  return list(k.outChannels, () => list(k.inChannels, () => list(k.height, () => list(k.width, () => k.weights[i++]))));
}

/**
 * A 1×1-channel kernel for each of `channels` channels by itself: groups = channels.
 *
 * @throws ExpectationError where the kernel has more than one input or output channel.
 * @example
 * repeatKernel(kernel([[1, -1]]), 3).groups // 3
 */
export function repeatKernel(k: Kernel, channels: number): Kernel {
  checkKernel(k);
  expectInteger(channels, 'channels', 1);
  if (k.outChannels !== 1 || k.inChannels !== 1)
    throw expected('a kernel of 1×1 channels', 'repeatKernel', formatKernelShape(k));
  if (channels === 1) return k;
  const size = k.weights.length;
  const weights = new Float32Array(channels * size);
  for (let c = 0; c < channels; c++) weights.set(k.weights, c * size);
  return { ...k, outChannels: channels, weights, bias: new Float32Array(channels).fill(k.bias[0]), groups: channels };
}
