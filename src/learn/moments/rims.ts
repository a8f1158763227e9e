import type { Row, Windows } from './windows.ts';

/**
 * Adds the products of the columns that only some taps' windows have, left and right of those that all have; below the diagonal
 * alone. They are few, and summed one by one.
 *
 * @param products taps × taps
 * @param pause awaited between rows
 */
export async function addRims(products: Float64Array, windows: Windows, pause: () => Promise<void>): Promise<void> {
  const { height, width, tapRows, tapColumns, inputs } = windows;
  const rim = tapColumns - 1;
  if (rim === 0) return;
  const sums = new Float64Array(tapRows * inputs * inputs * sumsOfPair(rim));
  // The samples at both ends of the last rows, as many as the products need.
  const ends = Array.from({ length: tapRows * inputs }, () => new Float64Array(4 * rim));
  for (let row = 0; row < height + tapRows - 1; row++) {
    for (let channel = 0; channel < inputs; channel++) {
      takeEnds(ends[(row % tapRows) * inputs + channel], windows.inputRow(channel, row), width, rim);
    }
    for (let rows = 0; rows <= Math.min(row, tapRows - 1); rows++) {
      for (let upper = 0; upper < inputs; upper++) {
        const above = ends[((row - rows) % tapRows) * inputs + upper];
        for (let lower = rows === 0 ? upper : 0; lower < inputs; lower++) {
          const place = ((rows * inputs + upper) * inputs + lower) * sumsOfPair(rim);
          multiplyEnds(sums, place, above, ends[(row % tapRows) * inputs + lower], rim);
        }
      }
    }
    if (row + 1 < tapRows) addSums(products, windows, -1, row + 1, sums);
    if (row + 1 >= height) addSums(products, windows, 1, row + 1 - height, sums);
    await pause();
  }
}

/** Each of a side's columns with each of the columns within a window of them, for two sides. */
function sumsOfPair(rim: number): number {
  return 2 * rim * (2 * rim);
}

/** The first 2·rim samples of a row, and the last. */
function takeEnds(ends: Float64Array, { samples, from }: Row, width: number, rim: number): void {
  const last = from + width - rim;
  for (let i = 0; i < 2 * rim; i++) {
    ends[i] = samples[from + i];
    ends[2 * rim + i] = samples[last + i];
  }
}

/** The columns of the rim are the first of the left end, and the last of the right. */
function multiplyEnds(sums: Float64Array, place: number, above: Float64Array, below: Float64Array, rim: number): void {
  let at = place;
  for (let i = 0; i < rim; i++) {
    const sample = above[i];
    for (let j = 0; j < 2 * rim; j++) sums[at++] += sample * below[j];
  }
  for (let i = 0; i < rim; i++) {
    const sample = above[3 * rim + i];
    for (let j = 2 * rim; j < 4 * rim; j++) sums[at++] += sample * below[j];
  }
}

/** Adds what has been summed so far to the taps of row b, as the lower of two. */
function addSums(
  products: Float64Array,
  { tapRows, tapColumns, inputs }: Windows,
  sign: number,
  b: number,
  sums: Float64Array,
): void {
  const taps = inputs * tapRows * tapColumns;
  const rim = tapColumns - 1;
  for (let a = 0; a <= b; a++) {
    for (let upper = 0; upper < inputs; upper++) {
      for (let lower = a === b ? upper : 0; lower < inputs; lower++) {
        const left = (((b - a) * inputs + upper) * inputs + lower) * sumsOfPair(rim);
        const right = left + 2 * rim * rim;
        const first = (upper * tapRows + a) * tapColumns;
        const second = (lower * tapRows + b) * tapColumns;
        // Of taps p and p + moved the windows have the left columns from p on, and the right ones before p.
        for (let moved = first === second ? 0 : -rim; moved <= rim; moved++) {
          const from = Math.max(0, -moved);
          const end = Math.min(tapColumns, tapColumns - moved);
          const add = (p: number, sum: number): void => {
            const [i, j] = [first + p, second + p + moved];
            products[i > j ? i * taps + j : j * taps + i] += sign * sum;
          };
          for (let p = rim - 1, sum = 0; p >= from; p--) {
            sum += sums[left + p * 2 * rim + p + moved];
            if (p < end) add(p, sum);
          }
          for (let p = 1, sum = 0; p < end; p++) {
            sum += sums[right + (p - 1) * (2 * rim + 1) + rim + moved];
            if (p >= from) add(p, sum);
          }
        }
      }
    }
  }
}
