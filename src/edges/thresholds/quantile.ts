import { expected } from '../../planes/expected.ts';

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
  if (!(share >= 0 && share <= 1)) throw expected('a share from 0 to 1', 'quantile', share);
  return ranked(values, Math.max(1, Math.ceil(share * values.length)));
}

/**
 * The same between two values where a share lies between their ranks: in proportion to how near it is to each, from the least for 0 to the
 * largest for 1 (NumPy's `percentile` of absolute values).
 *
 * @param values any finite numbers, at least one
 * @param share from 0 to 1
 * @example
 * interpolatedQuantile(new Float32Array([4, -1, 3, 2]), 0.5) // 2.5
 */
export function interpolatedQuantile(values: Float32Array, share: number): number {
  if (!(share >= 0 && share <= 1)) throw expected('a share from 0 to 1', 'quantile', share);
  const place = share * (values.length - 1);
  const before = Math.floor(place);
  const low = ranked(values, before + 1);
  return place === before ? low : low + (place - before) * (ranked(values, before + 2) - low);
}

/** The absolute value of a rank, from 1 for the least. */
function ranked(values: Float32Array, place: number): number {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  let rank = place;
  const upper = upperCounts(bits);
  const [high, before] = bucketOf(upper, rank);
  rank -= before;
  const lower = new Uint32Array(1 << 16);
  // Counted loops: iterators take three times as long.
  for (let i = 0; i < bits.length; i++) if ((bits[i] & ABSOLUTE) >>> 16 === high) lower[bits[i] & 0xffff]++;
  const [low] = bucketOf(lower, rank);
  return new Float32Array(Uint32Array.of((high << 16) | low).buffer)[0];
}

/**
 * How many numbers have each upper half. Neighbours are alike, and a count that was just written has to be waited for: four
 * lists take turns.
 */
function upperCounts(bits: Uint32Array): Uint32Array {
  const counts = new Uint32Array(4 << 16);
  for (let i = 0; i < bits.length; i++) counts[((i & 3) << 16) | ((bits[i] & ABSOLUTE) >>> 16)]++;
  const sums = counts.subarray(0, 1 << 16);
  for (let list = 1; list < 4; list++) {
    for (let bucket = 0; bucket < sums.length; bucket++) sums[bucket] += counts[(list << 16) | bucket];
  }
  return sums;
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
