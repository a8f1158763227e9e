import { ExpectationError, expected, expectInteger } from './expected.ts';
import { isFloat32Array } from './typedArrays.ts';

/**
 * A picture as numbers: `channels` planes of `height` rows of `width` samples, one after the other
 * (C×H×W, row-major): sample (c, y, x) stands at `data[(c * height + y) * width + x]`.
 */
export interface Planes {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly data: Float32Array;
  /** The sample value that stands for full intensity: 255 for 8-bit pictures, 65535 for 16-bit ones; 1 by default. */
  readonly white?: number;
}

/**
 * Planes from nested arrays of numbers.
 *
 * @param nested rows of samples (one channel), or channels of rows of samples; every row of one length.
 * @param white the sample value that stands for full intensity; 1 by default.
 * @throws ExpectationError where rows or channels differ in size, are empty, or hold anything but numbers.
 * @example
 * planes([[0, 1, 2], [3, 4, 5]]).width // 3
 */
export function planes(
  nested: readonly (readonly number[])[] | readonly (readonly (readonly number[])[])[],
  white?: number,
): Planes {
  const channels = asChannels(nested);
  const height = channels[0].length;
  const width = channels[0][0]?.length ?? 0;
  if (height === 0 || width === 0) throw expected('at least one row of one sample', 'planes', nested);
  for (const rows of channels) {
    if (rows.length !== height)
      throw expected('channels of one height', 'planes', channels.map((c) => c.length).join(', '));
    const widths = rows.map((row) => row.length);
    if (widths.some((w) => w !== width)) throw expected('rows of one length', 'planes', widths.join(', '));
  }
  const result = createPlanes(channels.length, height, width, white);
  let i = 0;
  for (const rows of channels) {
    for (const row of rows) {
      for (const sample of row) {
        if (typeof sample !== 'number') throw expected('numbers', 'planes', sample);
        result.data[i++] = sample;
      }
    }
  }
  return result;
}

function asChannels(nested: unknown): readonly (readonly (readonly number[])[])[] {
  if (!Array.isArray(nested) || nested.length === 0 || !nested.every(Array.isArray)) {
    throw expected('rows of samples, or channels of rows', 'planes', nested);
  }
  const deep = nested.some((row) => Array.isArray(row[0]));
  if (!deep) return [nested];
  if (!nested.every((rows) => rows.length > 0 && rows.every(Array.isArray))) {
    throw expected('channels of rows of samples', 'planes', nested);
  }
  return nested;
}

/** The samples as nested arrays: channels of rows. The inverse of {@link planes}. */
export function toNested(p: Planes): number[][][] {
  return Array.from({ length: p.channels }, (_, c) =>
    Array.from({ length: p.height }, (_, y) => {
      const start = (c * p.height + y) * p.width;
      return Array.from(p.data.subarray(start, start + p.width));
    }),
  );
}

/**
 * Planes of the given shape, all samples +0, in memory that the garbage collector owns.
 *
 * @throws ExpectationError for sizes that are not whole numbers from 1, or more samples than one array holds.
 */
export function createPlanes(channels: number, height: number, width: number, white?: number): Planes {
  expectInteger(channels, 'channels', 1);
  expectInteger(height, 'height', 1);
  expectInteger(width, 'width', 1);
  expectWhite(white);
  const samples = channels * height * width;
  if (samples > 2 ** 32) throw expected('at most 2^32 samples', 'planes', `${channels}×${height}×${width}`);
  return { channels, height, width, data: new Float32Array(samples), ...(white === undefined ? {} : { white }) };
}

/** Refuses a white that is neither left out nor a number above 0. */
export function expectWhite(white: number | undefined): void {
  if (white !== undefined && !(Number.isFinite(white) && white > 0)) throw expected('a number above 0', 'white', white);
}

/** The value that stands for full intensity: `white` where it is given, else 1. */
export function whiteOf(p: Pick<Planes, 'white'>): number {
  return p.white ?? 1;
}

/** The same picture with white at 1: every sample divided by the old white, rounded to the nearest Float32. */
export function toUnit(p: Planes): Planes {
  const white = whiteOf(p);
  if (white === 1) return p;
  return { channels: p.channels, height: p.height, width: p.width, data: p.data.map((sample) => sample / white) };
}

/** One channel by itself: a view of the same samples, not a copy. */
export function channelOf(p: Planes, channel: number): Planes {
  expectInteger(channel, 'channel', 0, p.channels - 1);
  const size = p.height * p.width;
  return { ...p, channels: 1, data: p.data.subarray(channel * size, (channel + 1) * size) };
}

/** `channels×height×width`, as messages show it. */
export function shapeOf(p: Pick<Planes, 'channels' | 'height' | 'width'>): string {
  return `${p.channels}×${p.height}×${p.width}`;
}

/**
 * Refuses an object that claims to be planes and is not: sizes that are no whole numbers from 1, or `data` of another length.
 */
export function expectPlanes(p: Planes, where: string): void {
  if (typeof p !== 'object' || p === null || !isFloat32Array(p.data)) {
    throw expected('planes ({ channels, height, width, data: Float32Array })', where, p);
  }
  expectInteger(p.channels, `${where}.channels`, 1);
  expectInteger(p.height, `${where}.height`, 1);
  expectInteger(p.width, `${where}.width`, 1);
  const samples = p.channels * p.height * p.width;
  if (p.data.length !== samples) {
    throw new ExpectationError(
      `Expected ${samples} samples for ${where} of ${shapeOf(p)} but received ${p.data.length}`,
    );
  }
}
