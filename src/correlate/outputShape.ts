import { type Kernel, LARGEST_SIDE } from '../kernels/kernel.ts';
import { expected, expectInteger } from '../planes/expected.ts';
import { expectOptions } from '../planes/expectOptions.ts';
import { expectChannels } from './channels.ts';
import { CORR2D_OPTIONS } from './corr2dOptions.ts';
import { type GeometryOptions, geometry } from './geometry.ts';

export interface Shape {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

type Size = readonly [height: number, width: number];

/** The shape of a picture, its channels left out where they do not matter; planes are one too. */
export type InputShape = Size | (Omit<Shape, 'channels'> & Partial<Shape>);

/** The shape of a kernel; where its channels are left out, all input channels make one output channel. A kernel is one too. */
export type KernelShape =
  | Size
  | (Pick<Kernel, 'height' | 'width'> & Partial<Pick<Kernel, 'outChannels' | 'inChannels' | 'groups'>>);

/**
 * The shape that {@link corr2d} gives, without computing it: along each axis ⌊(n − d·(k − 1) + p + s − 1) / s⌋ samples for n
 * samples, k taps that stand d apart, p lines of padding on both sides together and stride s.
 * Without dilation that is ⌊(n − k + p + s) / s⌋, without a stride too n − k + p + 1, and without padding n − k + 1.
 *
 * @throws ExpectationError where sizes, channels (as far as they are given) or options do not fit
 * @example
 * outputShape([3, 3], [2, 2]) // { channels: 1, height: 2, width: 2 }
 * outputShape([8, 8], [3, 3], { padding: 1, stride: 2 }) // { channels: 1, height: 4, width: 4 }
 */
export function outputShape(input: InputShape, k: KernelShape, options: GeometryOptions = {}): Shape {
  // Those of corr2d that change no shape are welcome: the same object may go to both.
  expectOptions(options, CORR2D_OPTIONS, 'outputShape');
  return shapeOfOutput(input, k, options);
}

/** {@link outputShape} of options that were checked. */
export function shapeOfOutput(input: InputShape, k: KernelShape, options: GeometryOptions): Shape {
  const from = expectSizes(input, 'the picture');
  const by = expectSizes(k, 'kernel', LARGEST_SIDE);
  const { rows, columns } = geometry(from, by, options);
  const { outChannels = 1, inChannels, groups = 1 } = by;
  if (from.channels !== undefined && inChannels !== undefined) {
    expectChannels({ channels: from.channels }, { outChannels, inChannels, groups });
  }
  return { channels: outChannels, height: rows.output, width: columns.output };
}

/** Sizes by name, whether they came so or as a pair, each a whole number from 1. */
export function expectSizes(
  given: InputShape | KernelShape,
  where: string,
  largest: number = Number.MAX_SAFE_INTEGER,
): Sizes {
  const isSize = (value: InputShape | KernelShape): value is Size => Array.isArray(value) && value.length === 2;
  if (typeof given !== 'object' || given === null || (Array.isArray(given) && !isSize(given))) {
    throw expected('[height, width] or { height, width }', where, given);
  }
  const sizes: Sizes = isSize(given) ? { height: given[0], width: given[1] } : given;
  expectInteger(sizes.height, `${where}.height`, 1, largest);
  expectInteger(sizes.width, `${where}.width`, 1, largest);
  for (const count of ['channels', 'outChannels', 'inChannels', 'groups'] as const) {
    if (sizes[count] !== undefined) expectInteger(sizes[count], `${where}.${count}`, 1);
  }
  return sizes;
}

type Sizes = Pick<Kernel, 'height' | 'width'> & Partial<Pick<Kernel, 'outChannels' | 'inChannels' | 'groups'> & Shape>;
