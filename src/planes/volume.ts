import { ExpectationError, expected, expectInteger } from './expected.ts';
import { createPlanes, planes, toNested } from './planes.ts';
import { isFloat32Array } from './typedArrays.ts';

/**
 * Samples in three dimensions: `channels` volumes of `depth` slices of `height` rows of `width` samples (C×D×H×W, row-major).
 */
export interface Volume {
  readonly channels: number;
  readonly depth: number;
  readonly height: number;
  readonly width: number;
  readonly data: Float32Array;
  /** The sample value that stands for full intensity; 1 by default. */
  readonly white?: number;
}

type Slices = readonly (readonly (readonly number[])[])[];

/**
 * A volume from nested arrays of numbers.
 *
 * @param nested slices of rows of samples (one channel), or channels of slices
 * @param white the sample value that stands for full intensity; 1 by default
 * @throws ExpectationError where slices, rows or channels differ in size, are empty, or hold anything but numbers
 * @example
 * volume([[[1, 2, 3]], [[4, 5, 6]]]).depth // 2
 */
export function volume(nested: Slices | readonly Slices[], white?: number): Volume {
  const channels = asChannels(nested).map((slices) => planes(slices, white));
  const [first] = channels;
  for (const { channels: depth, height, width } of channels) {
    if (depth !== first.channels || height !== first.height || width !== first.width) {
      const shapes = channels.map((c) => `${c.channels}×${c.height}×${c.width}`).join(', ');
      throw expected('channels of one depth, height and width', 'volume', shapes);
    }
  }
  const { channels: depth, height, width } = first;
  const result = createVolume(channels.length, depth, height, width, white);
  channels.forEach((slices, c) => result.data.set(slices.data, c * slices.data.length));
  return result;
}

function asChannels(nested: Slices | readonly Slices[]): readonly Slices[] {
  const depth = depthOf(nested);
  if (depth !== 3 && depth !== 4) {
    throw expected('slices of rows of samples, or channels of slices', 'volume', nested);
  }
  const channels = (depth === 3 ? [nested] : nested) as readonly Slices[];
  for (const slices of channels) {
    if (depthOf(slices) !== 3) throw expected('slices of rows of samples', 'volume', slices);
  }
  return channels;
}

/** How deep the first items nest. */
function depthOf(nested: unknown): number {
  let depth = 0;
  for (let item: unknown = nested; Array.isArray(item) && depth < 5; item = item[0]) depth++;
  return depth;
}

/** The samples as nested arrays: channels of slices of rows. The inverse of {@link volume}. */
export function toNestedVolume(v: Volume): number[][][][] {
  expectVolume(v, 'the volume');
  const size = v.depth * v.height * v.width;
  return Array.from({ length: v.channels }, (_, c) =>
    toNested({
      channels: v.depth,
      height: v.height,
      width: v.width,
      data: v.data.subarray(c * size, (c + 1) * size),
    }),
  );
}

/** A volume of the given shape, all samples +0. */
export function createVolume(channels: number, depth: number, height: number, width: number, white?: number): Volume {
  expectInteger(channels, 'channels', 1);
  expectInteger(depth, 'depth', 1);
  const { data } = createPlanes(channels * depth, height, width, white);
  return { channels, depth, height, width, data, ...(white === undefined ? {} : { white }) };
}

/** Refuses an object that claims to be a volume and is not: sizes that are no whole numbers from 1, or `data` of another length. */
export function expectVolume(v: Volume, where: string): void {
  if (typeof v !== 'object' || v === null || !isFloat32Array(v.data)) {
    throw expected('a volume ({ channels, depth, height, width, data: Float32Array })', where, v);
  }
  for (const side of ['channels', 'depth', 'height', 'width'] as const) expectInteger(v[side], `${where}.${side}`, 1);
  const samples = v.channels * v.depth * v.height * v.width;
  if (v.data.length !== samples) {
    throw new ExpectationError(
      `Expected ${samples} samples for ${where} of ${v.channels}×${v.depth}×${v.height}×${v.width} but received ${v.data.length}`,
    );
  }
}
