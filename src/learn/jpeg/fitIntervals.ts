import { cholesky, solveFactored } from '../moments/cholesky.ts';
import type { CodedRows } from './codedBlocks.ts';

/** Unknowns whose responses leave the intervals least, and the sum of the squares of what lies outside. */
export interface IntervalFit {
  readonly unknowns: Float64Array;
  readonly excess: number;
}

const MOST_STEPS = 60;

/** A step this small changes no tap that is printed. */
const AT_REST = 1e-7;

/**
 * Holds unknowns to those of least squares, as a share of what all intervals would if they were single numbers: it decides where
 * intervals leave room. Of 1e-6, 1e-4, 1e-3 and 1e-2 this came closest on photographs.
 */
const HOLD = 1e-4;

/**
 * Least squares of what lies outside the intervals, by Newton's method: inside, nothing pulls. Least squares of the coefficients themselves
 * would shrink the taps, as quantising to 0 is no error of zero mean.
 */
export function fitIntervals(rows: CodedRows): IntervalFit {
  const { unknowns: size } = rows;
  const all = slopes({ ...rows, half: new Float64Array(rows.count) }, new Float64Array(size));
  const middle = solveFactored(cholesky(all.curvature, size, DROPPED), all.gradient);
  const hold = all.curvature.map((value) => HOLD * value);
  const costOf = (unknowns: Float64Array): number => excessOf(rows, unknowns) + squareOf(hold, unknowns, middle);
  let unknowns = middle;
  let cost = costOf(unknowns);
  for (let steps = 0; steps < MOST_STEPS; steps++) {
    const { gradient, curvature } = slopes(rows, unknowns);
    addHold(gradient, curvature, hold, unknowns, middle);
    const step = solveFactored(cholesky(curvature, size, DROPPED), gradient);
    let share = 1;
    let next = stepped(unknowns, step, share);
    let then = costOf(next);
    while (then > cost && share > LEAST_SHARE) {
      share /= 2;
      next = stepped(unknowns, step, share);
      then = costOf(next);
    }
    if (then > cost) break;
    unknowns = next;
    cost = then;
    if (step.every((by) => Math.abs(share * by) < AT_REST)) break;
  }
  return { unknowns, excess: excessOf(rows, unknowns) };
}

/** Shorter steps than this share of one are not tried. */
const LEAST_SHARE = 1e-6;

/** Unknowns are left where they are that add less than this to what the others tell. */
const DROPPED = 1e-12;

/** dᵀ·H·d of the difference, of which the lower triangle is given. */
function squareOf(hold: Float64Array, a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) {
    for (let j = 0; j <= i; j++) sum += (i === j ? 1 : 2) * hold[i * a.length + j] * (a[i] - b[i]) * (a[j] - b[j]);
  }
  return sum;
}

function addHold(
  gradient: Float64Array,
  curvature: Float64Array,
  hold: Float64Array,
  unknowns: Float64Array,
  middle: Float64Array,
): void {
  const size = unknowns.length;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      const value = hold[Math.max(i, j) * size + Math.min(i, j)];
      gradient[i] -= value * (unknowns[j] - middle[j]);
      if (j <= i) curvature[i * size + j] += value;
    }
  }
}

/** The sum of the squares of what lies outside. */
export function excessOf(rows: CodedRows, unknowns: Float64Array): number {
  let sum = 0;
  for (let row = 0; row < rows.count; row++) sum += outside(rows, unknowns, row) ** 2;
  return sum;
}

function outside(
  { unknowns: size, coefficients, wanted, half }: CodedRows,
  unknowns: Float64Array,
  row: number,
): number {
  let off = -wanted[row];
  for (let i = 0, at = row * size; i < size; i++, at++) off += coefficients[at] * unknowns[i];
  if (off > half[row]) return off - half[row];
  return off < -half[row] ? off + half[row] : 0;
}

/** Downhill, and how steeply the slope changes, of half the sum. */
function slopes(rows: CodedRows, unknowns: Float64Array): { gradient: Float64Array; curvature: Float64Array } {
  const { unknowns: size, coefficients } = rows;
  const gradient = new Float64Array(size);
  const curvature = new Float64Array(size * size);
  for (let row = 0; row < rows.count; row++) {
    const off = outside(rows, unknowns, row);
    if (off === 0) continue;
    const at = row * size;
    for (let i = 0; i < size; i++) gradient[i] -= off * coefficients[at + i];
    addSquare(curvature, coefficients, at, size);
  }
  return { gradient, curvature };
}

/** The lower triangle of a row's products with itself. */
function addSquare(sum: Float64Array, coefficients: Float64Array, at: number, size: number): void {
  for (let i = 0; i < size; i++) {
    const factor = coefficients[at + i];
    for (let j = 0; j <= i; j++) sum[i * size + j] += factor * coefficients[at + j];
  }
}

function stepped(from: Float64Array, step: Float64Array, share: number): Float64Array {
  return from.map((value, i) => value + share * step[i]);
}
