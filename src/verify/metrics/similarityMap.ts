/** Rows and columns of the window. */
export const WINDOW = 11;

/** The window's weights along one side: a Gaussian of σ 1.5, its sum 1. Both sides of the middle are alike. */
const WEIGHTS = [
  0.0010283800844791092, 0.007598758135239184, 0.03600077212843082, 0.1093606895097, 0.2130055377112537,
  0.2660117248617943, 0.2130055377112537, 0.1093606895097, 0.03600077212843082, 0.007598758135239184,
  0.0010283800844791092,
] as const;

/** Constants of the measure for a white of 255: (0.01 · 255)² and (0.03 · 255)². */
const C1 = (0.01 * 255) ** 2;
const C2 = (0.03 * 255) ** 2;

/**
 * The structural similarity of every window of two planes, whose white is 255: (height − 10)·(width − 10) numbers. They are those of
 * ssim.js's map to the last bit: sums are taken in its order, along rows first. Of a picture of any size, 55 rows of sums are held.
 * Windows that hold the same samples on both sides are passed over: their similarity is 1.
 *
 * @param a height·width samples, as `b`
 */
export function similarityMap(a: Float64Array, b: Float64Array, width: number): Float64Array {
  const height = a.length / width;
  const across = width - WINDOW + 1;
  const map = new Float64Array(Math.max(0, height - WINDOW + 1) * across).fill(1);
  const products = Array.from({ length: 5 }, () => new Float64Array(width));
  // Of the window's rows, each filtered along: a, b, a², b², ab.
  const rows = Array.from({ length: WINDOW }, () => Array.from({ length: 5 }, () => new Float64Array(across)));
  const sums = Array.from({ length: 5 }, () => new Float64Array(across));
  // How many samples of a column differ, in the rows of all windows that a row is in, and of the one that it is the last of.
  const around = new Uint8Array(width);
  const within = new Uint8Array(width);
  const count = (row: number, counts: Uint8Array, by: 1 | -1): void => {
    if (row < 0 || row >= height) return;
    // What is no number differs from itself, too.
    for (let x = 0, at = row * width; x < width; x++, at++) if (a[at] !== b[at]) counts[x] += by;
  };
  for (let row = 0; row < WINDOW - 1; row++) count(row, around, 1);
  for (let y = 0; y < height; y++) {
    count(y + WINDOW - 1, around, 1);
    count(y - WINDOW, around, -1);
    count(y, within, 1);
    count(y - WINDOW, within, -1);
    // The oldest row's place.
    const room = rows[y % WINDOW];
    eachRun(around, (from, to) => {
      multiply(a, b, y * width, from, to + WINDOW - 1, products);
      for (let i = 0; i < 5; i++) filterAlong(products[i], room[i], from, to);
    });
    if (y < WINDOW - 1) continue;
    const ofRow = map.subarray((y - WINDOW + 1) * across, (y - WINDOW + 2) * across);
    // The window's rows, the last first.
    const ofWindow = sums.map((_, i) => Array.from({ length: WINDOW }, (__, k) => rows[(y - k) % WINDOW][i]));
    eachRun(within, (from, to) => {
      for (let i = 0; i < 5; i++) addDown(ofWindow[i], sums[i], from, to);
      similarities(sums, ofRow, from, to);
    });
  }
  return map;
}

/** Calls with the windows, from the first to before the last of a run, whose columns are not all 0. */
function eachRun(counts: Uint8Array, visit: (from: number, to: number) => void): void {
  const across = counts.length - WINDOW + 1;
  let from = -1;
  let to = 0;
  for (let x = 0; x < counts.length; x++) {
    if (counts[x] === 0) continue;
    const first = Math.max(0, x - WINDOW + 1);
    if (from >= 0 && first > to) {
      visit(from, to);
      from = -1;
    }
    if (from < 0) from = first;
    to = Math.min(across, x + 1);
  }
  if (from >= 0) visit(from, to);
}

function multiply(
  a: Float64Array,
  b: Float64Array,
  start: number,
  from: number,
  end: number,
  [first, second, aa, bb, ab]: readonly Float64Array[],
): void {
  for (let x = from; x < end; x++) {
    const p = a[start + x];
    const q = b[start + x];
    first[x] = p;
    second[x] = q;
    aa[x] = p * p;
    bb[x] = q * q;
    ab[x] = p * q;
  }
}

// Written out, and in this order: from the last sample of the window to its first.
function filterAlong(from: Float64Array, to: Float64Array, start: number, end: number): void {
  const [w0, w1, w2, w3, w4, w5] = WEIGHTS;
  for (let x = start; x < end; x++) {
    let sum = from[x + 10] * w0;
    sum += from[x + 9] * w1;
    sum += from[x + 8] * w2;
    sum += from[x + 7] * w3;
    sum += from[x + 6] * w4;
    sum += from[x + 5] * w5;
    sum += from[x + 4] * w4;
    sum += from[x + 3] * w3;
    sum += from[x + 2] * w2;
    sum += from[x + 1] * w1;
    to[x] = sum + from[x] * w0;
  }
}

/** @param rows the window's, the last first */
function addDown(
  [r0, r1, r2, r3, r4, r5, r6, r7, r8, r9, r10]: readonly Float64Array[],
  to: Float64Array,
  start: number,
  end: number,
): void {
  const [w0, w1, w2, w3, w4, w5] = WEIGHTS;
  for (let x = start; x < end; x++) {
    let sum = r0[x] * w0;
    sum += r1[x] * w1;
    sum += r2[x] * w2;
    sum += r3[x] * w3;
    sum += r4[x] * w4;
    sum += r5[x] * w5;
    sum += r6[x] * w4;
    sum += r7[x] * w3;
    sum += r8[x] * w2;
    sum += r9[x] * w1;
    to[x] = sum + r10[x] * w0;
  }
}

function similarities(
  [meanA, meanB, aa, bb, ab]: readonly Float64Array[],
  to: Float64Array,
  start: number,
  end: number,
): void {
  for (let x = start; x < end; x++) {
    const squareA = meanA[x] * meanA[x];
    const squareB = meanB[x] * meanB[x];
    const product = meanA[x] * meanB[x];
    const luminance = product * 2 + C1;
    const structure = (ab[x] - product) * 2 + C2;
    const means = squareA + squareB + C1;
    const variances = aa[x] - squareA + (bb[x] - squareB) + C2;
    to[x] = (luminance * structure) / (means * variances);
  }
}
