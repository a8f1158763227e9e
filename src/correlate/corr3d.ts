import { checkKernel, type Kernel, kernelFrom } from '../kernels/kernel.ts';
import { borderConstant, borderMap, OUTSIDE, parseBorder } from '../planes/border.ts';
import { ExpectationError, expectChoice, expected, expectInteger } from '../planes/expected.ts';
import { expectOptions } from '../planes/expectOptions.ts';
import { createPlanes, type Planes, whiteOf } from '../planes/planes.ts';
import { createVolume, expectVolume, toNestedVolume, type Volume } from '../planes/volume.ts';
import { corr2d } from './corr2d.ts';
import { type Corr2dOptions, CORRELATION_OPTIONS } from './corr2dOptions.ts';
import {
  type Axis,
  expectBorderRead,
  geometry,
  type GeometryOptions,
  PADDING_NAMES,
  type PaddingName,
  readsOutside,
} from './geometry.ts';

type Slices = readonly (readonly (readonly number[])[])[];

/** Slices of rows of taps, input channels of them (one output channel), or O×I×kd×kh×kw; or a volume, its channels the input channels. */
export type Taps3d = Slices | readonly Slices[] | readonly (readonly Slices[])[] | Volume;

export type Triple = number | readonly [depth: number, rows: number, columns: number];

export interface Corr3dOptions extends Pick<Corr2dOptions, 'border' | 'precision' | 'algorithm'> {
  /** Slices, rows and columns from one output sample to the next, in input samples; 1 by default. */
  stride?: Triple;
  /** Slices, rows and columns from one tap to the next, in input samples; 1 by default. */
  dilation?: Triple;
  /** Slices, rows and columns added around the volume; numbers are per side; `valid` (none) by default. */
  padding?: PaddingName | Triple;
}

/**
 * Three-dimensional cross-correlation: y[o, z, i, j] = Σ k[o, c, t, r, q] · x[c, z + t, i + r, j + q], with strides and
 * dilations along each axis as in {@link corr2d}; the taps are not flipped. Each output slice is one corr2d over the input
 * slices that its taps meet, as channels: sums run in the order input channel, kernel slice, kernel row, kernel column.
 *
 * @param v C×D×H×W samples of any range
 * @param taps kd×kh×kw, I×kd×kh×kw or O×I×kd×kh×kw, nested, or as a volume; I must be C
 * @returns O×D′×H′×W′ with the input's white, each side by the formula of corr2d
 * @throws ExpectationError where channels, sizes or options do not fit
 * @example
 * toNestedVolume(corr3d(volume([[[1, 2]], [[3, 4]]]), [[[1, 0]], [[0, 10]]])) // [[[[41]]]]
 */
export function corr3d(v: Volume, taps: Taps3d, options: Corr3dOptions = {}): Volume {
  expectOptions(options, CORRELATION_OPTIONS, 'corr3d');
  expectVolume(v, 'the volume');
  const { stack, slices } = stackOf(taps);
  if (stack.inChannels !== v.channels * slices) {
    throw expected(`taps for the volume's channels, ${v.channels},`, 'kernel', stack.inChannels / slices);
  }
  const { stride = 1, dilation = 1, padding = 'valid', border, precision, algorithm } = options;
  const strides = tripleOf(stride, 'stride', 1);
  const dilations = tripleOf(dilation, 'dilation', 1);
  const around =
    typeof padding === 'string' ? expectChoice(padding, 'padding', PADDING_NAMES) : tripleOf(padding, 'padding', 0);
  const depth = depthAxis(v.depth, slices, strides[0], dilations[0], around);
  const rule = parseBorder(border ?? 'zero');
  if (typeof around === 'string' || around.every((side) => side === 0))
    expectBorderRead(border, typeof around === 'string' ? around : 0);
  const inSlice = typeof around === 'string' ? around : ([around[1], around[2]] as const);
  const inSlices: Corr2dOptions = {
    stride: [strides[1], strides[2]],
    dilation: [dilations[1], dilations[2]],
    padding: inSlice,
    ...(readsOutside(inSlice) ? { border: rule } : {}),
    ...(precision === undefined ? {} : { precision }),
    ...(algorithm === undefined ? {} : { algorithm }),
  };
  const { rows, columns } = geometry(v, stack, inSlices);
  const result = createVolume(stack.outChannels, depth.output, rows.output, columns.output, v.white);
  const met = createPlanes(stack.inChannels, v.height, v.width, v.white);
  const source = borderMap(rule, v.depth, depth.before, depth.after);
  for (let z = 0; z < depth.output; z++) {
    const places = Array.from({ length: slices }, (_, t) => source[z * depth.stride + t * depth.dilation]);
    gather(v, places, borderConstant(rule, whiteOf(v)), met);
    scatter(corr2d(met, stack, inSlices), z, result);
  }
  return result;
}

/** The taps as a kernel for slices that lie as channels: those of the first input channel, then those of the next. */
function stackOf(taps: Taps3d): { stack: Kernel; slices: number } {
  if (!Array.isArray(taps)) expectVolume(taps as Volume, 'kernel');
  const nested: unknown = Array.isArray(taps) ? taps : toNestedVolume(taps as Volume);
  const depth = depthOf(nested);
  if (depth < 3 || depth > 5) throw expected('taps nested 3, 4 or 5 deep', 'kernel', nested);
  const outputs = (depth === 5 ? nested : depth === 4 ? [nested] : [[nested]]) as readonly unknown[];
  const inputs = outputs.map((given, o) => {
    const where = depth === 5 ? `kernel[${o}]` : 'kernel';
    if (!Array.isArray(given)) throw expected('input channels of slices of taps', where, given);
    return given.map((taps: unknown, i) => slicesOf(taps, depth === 3 ? where : `${where}[${i}]`));
  });
  const all = inputs.flat();
  const shapes = all.map((k) => `${k.inChannels}×${k.height}×${k.width}`);
  if (shapes.some((shape) => shape !== shapes[0])) {
    throw expected('taps of one depth, height and width', 'kernel', shapes.join(', '));
  }
  const counts = inputs.map((k) => k.length);
  if (counts.some((count) => count !== counts[0])) {
    throw expected('the same number of input channels for every output', 'kernel', counts.join(', '));
  }
  const [{ inChannels: slices, height, width, weights }] = all;
  const stack = {
    outChannels: outputs.length,
    inChannels: counts[0] * slices,
    height,
    width,
    weights: new Float32Array(all.length * weights.length),
    bias: new Float32Array(outputs.length),
  };
  all.forEach((k, i) => stack.weights.set(k.weights, i * weights.length));
  return { stack: checkKernel(stack), slices };
}

/** How deep the first items nest; 6 for everything deeper. */
function depthOf(nested: unknown): number {
  let depth = 0;
  for (let item: unknown = nested; Array.isArray(item) && depth < 6; item = item[0]) depth++;
  return depth;
}

function slicesOf(taps: unknown, where: string): Kernel {
  if (depthOf(taps) !== 3) throw expected('slices of rows of taps', where, taps);
  return kernelFrom(taps, where);
}

function tripleOf(value: unknown, where: string, least: number): readonly [number, number, number] {
  if (!Array.isArray(value)) {
    const all = expectInteger(value, where, least);
    return [all, all, all];
  }
  if (value.length !== 3) throw expected('a number or [depth, rows, columns]', where, value);
  return [
    expectInteger(value[0], `${where} of depth`, least),
    expectInteger(value[1], `${where} of rows`, least),
    expectInteger(value[2], `${where} of columns`, least),
  ];
}

/** Which slices meet which taps: one axis of the geometry that corr2d has. */
function depthAxis(
  input: number,
  taps: number,
  stride: number,
  dilation: number,
  padding: PaddingName | readonly [number, number, number],
): Axis {
  const needed = dilation * (taps - 1) + 1;
  const added = typeof padding === 'string' ? 0 : 2 * padding[0];
  if ((padding === 'valid' || typeof padding !== 'string') && input + added < needed) {
    throw new ExpectationError(
      `Expected a volume of at least ${needed} slices (padding included) for a kernel of ${taps} slices but received ${input}`,
    );
  }
  const alone: GeometryOptions = {
    stride: [stride, 1],
    dilation: [dilation, 1],
    padding: typeof padding === 'string' ? padding : [padding[0], 0],
  };
  return geometry({ height: input, width: 1 }, { height: taps, width: 1 }, alone).rows;
}

/** Copies the slices at the given places of every channel, channel by channel; the border's constant fills those outside. */
function gather(v: Volume, places: readonly number[], outside: number, to: Planes): void {
  const size = v.height * v.width;
  let at = 0;
  for (let c = 0; c < v.channels; c++) {
    for (const place of places) {
      const start = (c * v.depth + place) * size;
      if (place === OUTSIDE) to.data.fill(outside, at, at + size);
      else to.data.set(v.data.subarray(start, start + size), at);
      at += size;
    }
  }
}

/** Puts each output channel's plane in place as its slice z. */
function scatter(y: Planes, z: number, to: Volume): void {
  const size = to.height * to.width;
  for (let o = 0; o < to.channels; o++) {
    to.data.set(y.data.subarray(o * size, (o + 1) * size), (o * to.depth + z) * size);
  }
}
