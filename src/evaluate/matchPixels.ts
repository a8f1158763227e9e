import { assign } from './assign.ts';

/** A picture's pixels with a rim of so many around it that no pixel has a partner beyond it. */
export interface Ground {
  readonly height: number;
  readonly width: number;
  readonly rim: number;
  /** From one row to the next. */
  readonly pitch: number;
  /** Which steps lead to a pixel that may be a partner, the nearest first, and how far each is in hundredths of a pixel. */
  readonly steps: readonly { readonly step: number; readonly cost: number }[];
  /** One number a pixel, 0 between two calls. */
  readonly numbers: Int32Array;
}

/**
 * The ground on which pixels are matched.
 *
 * @param reach the longest distance of partners, in pixels
 */
export function groundOf(height: number, width: number, reach: number): Ground {
  // Thinning looks one pixel around.
  const rim = Math.max(1, Math.floor(reach));
  const pitch = width + 2 * rim;
  const steps: { step: number; cost: number }[] = [];
  for (let dy = -rim; dy <= rim; dy++) {
    for (let dx = -rim; dx <= rim; dx++) {
      const square = dy * dy + dx * dx;
      if (square <= reach * reach) steps.push({ step: dy * pitch + dx, cost: Math.round(100 * Math.sqrt(square)) });
    }
  }
  steps.sort((a, b) => a.cost - b.cost || a.step - b.step);
  return { height, width, rim, pitch, steps, numbers: new Int32Array((height + 2 * rim) * pitch) };
}

/** Where a plane's samples that are not 0 stand on a ground. */
export function placesOf(samples: Float32Array, { height, width, rim, pitch }: Ground): Int32Array {
  const places: number[] = [];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (samples[y * width + x] !== 0) places.push((y + rim) * pitch + x + rim);
    }
  }
  return Int32Array.from(places);
}

/** Which of a plane's samples stands at a place. */
export function indexOf(place: number, { width, rim, pitch }: Ground): number {
  const row = Math.floor(place / pitch);
  return (row - rim) * width + place - row * pitch - rim;
}

/**
 * Matches pixels of two sets one to one within the ground's reach: as many as can be, and of all such matchings one in which partners lie
 * nearest to one another, in sum and in hundredths of a pixel. That is what Berkeley's benchmark (`correspondPixels` of BSDS500) looks for;
 * it takes six random ones of the ways to leave a pixel without a partner, which may cost it a pair, and this takes all.
 *
 * @returns for each of `first` which of `second` is its partner; −1 where it has none
 */
export function matchPixels(first: Int32Array, second: Int32Array, ground: Ground): Int32Array {
  // Rows that stay alone are what takes time: the smaller side has fewer of them.
  if (first.length <= second.length) return assignNear(first, second, ground);
  const partners = new Int32Array(first.length).fill(-1);
  assignNear(second, first, ground).forEach((partner, i) => {
    if (partner >= 0) partners[partner] = i;
  });
  return partners;
}

function assignNear(rows: Int32Array, columns: Int32Array, { steps, numbers }: Ground): Int32Array {
  for (let j = 0; j < columns.length; j++) numbers[columns[j]] = j + 1;
  const starts = new Int32Array(rows.length + 1);
  const column: number[] = [];
  const cost: number[] = [];
  for (let i = 0; i < rows.length; i++) {
    const place = rows[i];
    for (let k = 0; k < steps.length; k++) {
      const number = numbers[place + steps[k].step];
      if (number === 0) continue;
      column.push(number - 1);
      cost.push(steps[k].cost);
    }
    starts[i + 1] = column.length;
  }
  for (let j = 0; j < columns.length; j++) numbers[columns[j]] = 0;
  return assign({
    rows: rows.length,
    columns: columns.length,
    starts,
    column: Int32Array.from(column),
    cost: Int32Array.from(cost),
  });
}
