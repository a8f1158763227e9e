import { expected } from '../../planes/expected.ts';
import { type Values, valuesOf } from './values.ts';

/**
 * The value below which a share of the absolute values lies: the smallest |v| such that at least ⌈share·n⌉ of them are
 * no larger (the inverse of the empirical distribution; NumPy's `inverted_cdf`). Linear in time: the bits of
 * non-negative floats sort as the floats do, so two counts of 16 bits each find it.
 *
 * @param values any finite numbers, at least one
 * @param share from 0 to 1
 * @example
 * quantile(new Float32Array([4, -1, 3, 2]), 0.5) // 2
 */
export function quantile(values: Float32Array, share: number): number {
  if (values.length === 0) throw expected('at least one number', 'quantile', 'none');
  return quantileOf(valuesOf(values), share);
}

/** {@link quantile} of numbers in several lists; 0 of none. */
export function quantileOf(values: Values, share: number): number {
  if (!(share >= 0 && share <= 1)) throw expected('a share from 0 to 1', 'quantile', share);
  return ranked(values, (count) => Math.max(1, Math.ceil(share * count)))[0];
}

/**
 * The same between two values where a share lies between their ranks: in proportion to how near it is to each, from the least for 0 to the
 * largest for 1 (NumPy's `percentile` of absolute values); 0 of none.
 *
 * @param values any finite numbers, in several lists
 * @param share from 0 to 1
 */
export function interpolatedQuantileOf(values: Values, share: number): number {
  if (!(share >= 0 && share <= 1)) throw expected('a share from 0 to 1', 'quantile', share);
  const [low, count] = ranked(values, (all) => Math.floor(share * (all - 1)) + 1);
  const place = share * (count - 1);
  const before = Math.floor(place);
  if (place === before) return low;
  const [next] = ranked(values, () => before + 2);
  return low + (place - before) * (next - low);
}

/** The absolute value of a rank, from 1 for the least, which may depend on how many there are; and how many. */
function ranked(values: Values, rankOf: (count: number) => number): [value: number, count: number] {
  const upper = upperCounts(values);
  let count = 0;
  for (let bucket = 0; bucket < upper.length; bucket++) count += upper[bucket];
  if (count === 0) return [0, 0];
  const rank = rankOf(count);
  const [high, before] = bucketOf(upper, rank);
  const lower = new Uint32Array(1 << 16);
  values((list) => {
    const bits = bitsOf(list);
    // Counted loops: iterators take three times as long.
    for (let i = 0; i < bits.length; i++) if ((bits[i] & ABSOLUTE) >>> 16 === high) lower[bits[i] & 0xffff]++;
  });
  const [low] = bucketOf(lower, rank - before);
  return [new Float32Array(Uint32Array.of((high << 16) | low).buffer)[0], count];
}

/**
 * How many numbers have each upper half. Neighbours are alike, and a count that was just written has to be waited for: four
 * lists take turns.
 */
function upperCounts(values: Values): Uint32Array {
  const counts = new Uint32Array(4 << 16);
  values((list) => {
    const bits = bitsOf(list);
    for (let i = 0; i < bits.length; i++) counts[((i & 3) << 16) | ((bits[i] & ABSOLUTE) >>> 16)]++;
  });
  const sums = counts.subarray(0, 1 << 16);
  for (let list = 1; list < 4; list++) {
    for (let bucket = 0; bucket < sums.length; bucket++) sums[bucket] += counts[(list << 16) | bucket];
  }
  return sums;
}

function bitsOf({ buffer, byteOffset, length }: Float32Array): Uint32Array {
  return new Uint32Array(buffer, byteOffset, length);
}

/** All bits of a Float32 but its sign. */
const ABSOLUTE = 0x7fffffff;

/** The bucket in which the item of a rank (from 1) lies, and how many items lie in the buckets before it. */
function bucketOf(counts: Uint32Array, rank: number): [bucket: number, before: number] {
  let before = 0;
  for (let bucket = 0; bucket < counts.length; bucket++) {
    if (before + counts[bucket] >= rank) return [bucket, before];
    before += counts[bucket];
  }
  throw expected('a rank within the values', 'quantile', rank);
}
