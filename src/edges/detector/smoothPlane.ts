import { borderConstant, borderMap, OUTSIDE } from '../../planes/border.ts';
import type { DetectorSmoothing, OnePass, TwoPasses } from './detector.ts';
import { roundAll, type Row } from './roundings.ts';

interface Size {
  readonly height: number;
  readonly width: number;
  readonly white: number;
}

/** Reads a row of a plane. */
type Fill = (row: number, into: Row) => void;

/** A whole plane, smoothed: Float64 sums, or whole samples where it is rounded. */
export function smoothPlane(fill: Fill, size: Size, smoothing: DetectorSmoothing): Row {
  const out: Row =
    smoothing.rounding === undefined
      ? new Float64Array(size.height * size.width)
      : new Float32Array(size.height * size.width);
  if ('taps' in smoothing) onePass(fill, size, smoothing, out);
  else if (smoothing.border === 'inside') meanInside(fill, size, smoothing, out);
  else twoPasses(fill, size, smoothing, out);
  if (smoothing.border === 'copied') copyRim(fill, size, smoothing, out);
  return out;
}

function twoPasses(fill: Fill, { height, width, white }: Size, smoothing: TwoPasses, out: Row): void {
  const { column, row, rounding } = smoothing;
  const rule = ruleOf(smoothing);
  const [above, beside] = [column, row].map((taps) => (taps.length - 1) / 2);
  const lines = openLines(fill, width, borderMap(rule, height, above, above), borderConstant(rule, white));
  const across = borderMap(rule, width, beside, beside);
  const sums = new Float64Array(width);
  const wide = new Float64Array(width + 2 * beside);
  // A constant's own column of taps, for the columns that stand outside.
  const outside = borderConstant(rule, white) * column.reduce((sum, tap) => sum + tap, 0);
  const result = new Float64Array(width);
  for (let y = 0; y < height; y++) {
    const seen = column.map((_, i) => lines(y + i));
    symmetricSums(column, (i) => seen[i], 0, width, sums);
    for (let j = 0; j < wide.length; j++) wide[j] = across[j] === OUTSIDE ? outside : sums[across[j]];
    symmetricAlong(row, wide, result);
    if (rounding !== undefined) roundAll(result, rounding, white);
    out.set(result, y * width);
  }
}

/** The middle's product first, then pairs from the outside in: SciPy's order for taps that are alike on both sides. */
function symmetricSums(
  taps: readonly number[],
  rowOf: (i: number) => Row,
  from: number,
  count: number,
  into: Float64Array,
): void {
  const middle = (taps.length - 1) / 2;
  const own = rowOf(middle);
  for (let j = 0; j < count; j++) into[j] = own[from + j] * taps[middle];
  for (let i = 0; i < middle; i++) {
    const one = rowOf(i);
    const other = rowOf(taps.length - 1 - i);
    const tap = taps[i];
    for (let j = 0; j < count; j++) into[j] += (one[from + j] + other[from + j]) * tap;
  }
}

function symmetricAlong(taps: readonly number[], samples: Float64Array, into: Float64Array): void {
  const middle = (taps.length - 1) / 2;
  for (let j = 0; j < into.length; j++) into[j] = samples[j + middle] * taps[middle];
  for (let i = 0; i < middle; i++) {
    const tap = taps[i];
    const other = taps.length - 1 - i;
    for (let j = 0; j < into.length; j++) into[j] += (samples[j + i] + samples[j + other]) * tap;
  }
}

/** What is smoothed with 0 outside, over what a picture of ones would be. */
function meanInside(fill: Fill, size: Size, smoothing: TwoPasses, out: Row): void {
  const { rounding: _, ...plain } = smoothing;
  const ofZero = { ...plain, border: 'zero' } as const;
  const shares = new Float64Array(size.height * size.width);
  twoPasses((__, into) => into.fill(1), size, ofZero, shares);
  twoPasses(fill, size, ofZero, out);
  for (let i = 0; i < out.length; i++) out[i] /= shares[i] + Number.EPSILON;
  if (smoothing.rounding !== undefined) roundAll(out, smoothing.rounding, size.white);
}

function onePass(fill: Fill, { height, width, white }: Size, smoothing: OnePass, out: Row): void {
  const { taps, divisor = 1, rounding } = smoothing;
  const rule = ruleOf(smoothing);
  const [above, beside] = [(taps.length - 1) / 2, (taps[0].length - 1) / 2];
  const constant = borderConstant(rule, white);
  const lines = openLines(fill, width, borderMap(rule, height, above, above), constant);
  const across = borderMap(rule, width, beside, beside);
  const sums = new Float64Array(width);
  const wide = new Float64Array(width + 2 * beside);
  for (let y = 0; y < height; y++) {
    sums.fill(0);
    taps.forEach((row, r) => {
      const line = lines(y + r);
      const at = (j: number): number => (across[j] === OUTSIDE ? constant : line[across[j]]);
      wide.set(line, beside);
      for (let j = 0; j < beside; j++) {
        wide[j] = at(j);
        wide[width + beside + j] = at(width + beside + j);
      }
      row.forEach((tap, q) => {
        if (tap === 0) return;
        for (let j = 0; j < width; j++) sums[j] += tap * wide[j + q];
      });
    });
    if (divisor !== 1) for (let j = 0; j < width; j++) sums[j] /= divisor;
    if (rounding !== undefined) roundAll(sums, rounding, white);
    out.set(sums, y * width);
  }
}

function ruleOf({ border = 'replicate' }: DetectorSmoothing): Parameters<typeof borderMap>[0] {
  return border === 'copied' || border === 'inside' ? 'replicate' : border;
}

/** Rows by their place in a border's map, the last few kept. */
function openLines(fill: Fill, width: number, map: Int32Array, constant: number): (at: number) => Row {
  const outside = new Float64Array(width).fill(constant);
  const kept = new Map<number, Float64Array>();
  const most = MOST_KEPT;
  return (at) => {
    const row = map[at];
    if (row === OUTSIDE) return outside;
    let line = kept.get(row);
    if (line === undefined) {
      const [oldest] = kept.keys();
      line = kept.size < most ? new Float64Array(width) : (kept.get(oldest) as Float64Array);
      if (kept.size >= most) kept.delete(oldest);
      fill(row, line);
      kept.set(row, line);
    }
    return line;
  };
}

/** More than the rows of the tallest smoothing that a detector may have. */
const MOST_KEPT = 260;

function copyRim(fill: Fill, { height, width }: Size, smoothing: DetectorSmoothing, out: Row): void {
  const [rows, columns] =
    'taps' in smoothing
      ? [smoothing.taps.length, smoothing.taps[0].length]
      : [smoothing.column.length, smoothing.row.length];
  const [above, beside] = [(rows - 1) / 2, (columns - 1) / 2];
  const line = new Float64Array(width);
  for (let y = 0; y < height; y++) {
    fill(y, line);
    const inside = y >= above && y < height - above;
    for (let j = 0; j < width; j++) {
      if (!inside || j < beside || j >= width - beside) out[y * width + j] = line[j];
    }
  }
}
