import { type Planes, whiteOf } from '../../planes/planes.ts';

interface Compared {
  readonly before: Planes;
  readonly after: Planes;
  /** What the kernel gives. */
  readonly response: Planes;
}

/** Steps of a level, and how many levels are looked at. */
const STEPS = 20;
const MOST_LEVELS = 128;

/** Changes of fewer levels may be lost when they are rounded. */
const TOLD = 0.75;

/** Of samples that are told: so many may be on the wrong side of a threshold, and so many must have been kept by it. */
const ASTRAY = 0.01;
const KEPT = 0.01;

/**
 * The threshold beyond which samples take what the kernel gives, and under which they stay as they are: in units of white, the middle of
 * those that part the two alike.
 *
 * @returns undefined where none parts them
 */
export function thresholdBetween(pairs: readonly Compared[]): number | undefined {
  const kept = new Float64Array(STEPS * MOST_LEVELS + 1);
  const changed = new Float64Array(STEPS * MOST_LEVELS + 1);
  const white = whiteOf(pairs[0].before);
  const level = white / 255;
  for (const { before, after, response } of pairs) {
    for (let i = 0; i < after.data.length; i++) {
      // What is black or white may have been clipped to what it was.
      if (after.data[i] <= 0 || after.data[i] >= white) continue;
      const by = Math.abs(response.data[i] - before.data[i]);
      if (by < TOLD) continue;
      const step = Math.min(STEPS * MOST_LEVELS, Math.floor((STEPS * by) / level));
      (after.data[i] === before.data[i] ? kept : changed)[step]++;
    }
  }
  const all = sumOf(kept) + sumOf(changed);
  if (all === 0 || sumOf(kept) < KEPT * all) return undefined;
  let astray = sumOf(kept);
  let [least, first, last] = [Number.POSITIVE_INFINITY, 0, 0];
  for (let step = 0; step <= STEPS * MOST_LEVELS; step++) {
    if (astray < least) [least, first] = [astray, step];
    if (astray === least) last = step;
    astray += changed[step] - kept[step];
  }
  if (least > ASTRAY * all || first === 0) return undefined;
  return shortest(first / STEPS / 255, last / STEPS / 255);
}

/** The number of fewest digits from one to the other. */
function shortest(from: number, to: number): number {
  for (let digits = 1; digits < 5; digits++) {
    const unit = 10 ** digits;
    const rounded = Math.round(((from + to) / 2) * unit) / unit;
    if (rounded > from - TINY && rounded < to + TINY) return rounded;
  }
  return Number(((from + to) / 2).toPrecision(8));
}

/** What Float64 makes of the ends. */
const TINY = 1e-9;

function sumOf(counts: Float64Array): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
