import { hasSimd } from '../../wasm/features.ts';
import { functionsOf } from '../../wasm/modules.ts';
import { workspace } from '../../wasm/workspace.ts';
import { NONE } from '../lines/hysteresis.ts';
import { createMarks } from '../lines/marks.ts';
import { cannyBytesCode, cannyBytesName } from './cannyBytesCode.ts';
import { type CannyBytesOptions } from './cannyBytesReference.ts';
import { cannyBytesReference } from './cannyBytesReference.ts';

/**
 * Canny's edges of samples of 8 bits by OpenCV's arithmetic: {@link cannyBytesReference} in emitted code, a row at a time.
 *
 * @param channels height·width samples each; of several, a pixel's gradient is that of the channel with the longest
 * @returns height·width samples, 0 and 255
 */
export function cannyBytes(
  channels: readonly Uint8Array[],
  height: number,
  width: number,
  options: CannyBytesOptions,
): Uint8Array {
  if (!hasSimd()) return cannyBytesReference(channels, height, width, options);
  const { aperture, low, high, inside } = options;
  const reach = (aperture - 1) / 2;
  // Whole groups of columns, and one before the first.
  const columns = GROUP * Math.ceil(width / GROUP);
  const sourcePitch = columns + 2 * GROUP;
  const sumsPitch = 2 * sourcePitch;
  const lengthsPitch = 4 * (columns + 2 * GROUP);
  const sizes = {
    sources: channels.length * aperture * sourcePitch,
    smooth: sumsPitch,
    slope: sumsPitch,
    lengths: 3 * lengthsPitch,
    gradients: 2 * lengthsPitch,
    marks: columns,
  };
  const { arena, address } = workspace(
    [],
    Object.values(sizes).reduce((sum, size) => sum + aligned(size), 0),
  );
  const place = placesOf(sizes, address);
  const { bytes } = arena;
  const code = functionsOf(cannyBytesName(options), arena, () => cannyBytesCode(options));

  const sourceOf = (channel: number, row: number): number =>
    place.sources + (channel * aperture + (row % aperture)) * sourcePitch;
  const lengthsOf = (row: number): number => place.lengths + ((row + 3) % 3) * lengthsPitch + 4 * GROUP;
  const gradientsOf = (row: number): number => place.gradients + (row % 2) * lengthsPitch;
  const marks = createMarks(height, width);
  const clearLengths = (row: number): void => {
    const start = lengthsOf(row) - 4 * GROUP;
    bytes.fill(0, start, start + lengthsPitch);
  };

  [0, 1, 2].forEach(clearLengths);
  for (let row = 0, loaded = 0; row <= height; row++) {
    if (row === height) clearLengths(row);
    else {
      for (; loaded <= Math.min(row + reach, height - 1); loaded++) load(loaded);
      measure(row);
    }
    if (row > 0) thin(row - 1);
  }
  marks.follow();
  return marks.toSamples();

  /** A row of each channel, continued by its first and last sample. */
  function load(row: number): void {
    channels.forEach((samples, channel) => {
      const start = sourceOf(channel, row) + GROUP;
      bytes.set(samples.subarray(row * width, (row + 1) * width), start);
      bytes.fill(samples[row * width], start - reach, start);
      bytes.fill(samples[(row + 1) * width - 1], start + width, start + width + reach);
    });
  }

  /** The gradients of a row, and how long they are. */
  function measure(row: number): void {
    channels.forEach((_, channel) => {
      const rows = Array.from({ length: aperture }, (__, tap) => {
        const at = Math.min(Math.max(row + tap - reach, 0), height - 1);
        return sourceOf(channel, at) + GROUP - reach;
      });
      code.sum(...rows, place.smooth, place.slope, columns + GROUP);
      const store = channel === 0 ? code.store : code.storeLonger;
      store(place.smooth, place.slope, gradientsOf(row), lengthsOf(row), columns);
    });
    // What lies beyond the row counts as 0.
    bytes.fill(0, lengthsOf(row) + 4 * width, lengthsOf(row) + 4 * (columns + 1));
  }

  function thin(row: number): void {
    const to = place.marks;
    code.thin(lengthsOf(row - 1), lengthsOf(row), lengthsOf(row + 1), gradientsOf(row), to, columns, low, high);
    const ofRow = marks.row(row);
    ofRow.set(bytes.subarray(to, to + width));
    const rowInside = inside?.(row, row + 1);
    for (let j = 0; rowInside !== undefined && j < width; j++) if (rowInside[j] === 0) ofRow[j] = NONE;
  }
}

/** Columns that are worked on at a time. */
const GROUP = 16;

function aligned(size: number): number {
  return 64 * Math.ceil(size / 64);
}

function placesOf<Name extends string>(sizes: Readonly<Record<Name, number>>, address: number): Record<Name, number> {
  const places: Partial<Record<Name, number>> = {};
  let next = address;
  for (const name of Object.keys(sizes) as Name[]) {
    places[name] = next;
    next += aligned(sizes[name]);
  }
  return places as Record<Name, number>;
}
