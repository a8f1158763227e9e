import { channelOf, type Planes, whiteOf } from '../../planes/planes.ts';

/** Thresholds under which responses become the map: from `from`, included, to `to`, excluded. */
export interface ThresholdRange {
  readonly from: number;
  readonly to: number;
}

/** By what share responses may be off that Float32 holds, or that a program sums in another order. */
export const LAST_BITS = 2 ** -22;

export interface LineThresholds {
  readonly low: ThresholdRange;
  readonly high: ThresholdRange;
}

/**
 * The thresholds that make a map of thin responses, if there are any: what is white is above `low`, and somewhere in each piece of line
 * above `high`; what is black beside a line is not above `low`, and nothing black is above `high`.
 *
 * @param strengths 1×H×W, 0 where no line may be
 * @param map 1×H×W, above 0 on lines
 * @param sides whether lines are joined by the sides of samples alone, not by their corners
 * @param slack of a strength, by what share the ends may have come to lie the wrong way round
 */
export function linkedThresholds(strengths: Planes, map: Planes, sides = false, slack = 0): LineThresholds | undefined {
  const { low, high } = rangesOfLines(strengths, map, sides);
  return [low, high].every(({ from, to }) => from < to * (1 + slack)) ? { low, high } : undefined;
}

/** What {@link linkedThresholds} gives where there are any; else one of the ranges is empty. */
export function rangesOfLines(strengths: Planes, map: Planes, sides = false): LineThresholds {
  const { height, width } = map;
  const values = strengths.data;
  const lines = map.data;
  const low = { from: 0, to: Number.POSITIVE_INFINITY };
  const high = { from: 0, to: Number.POSITIVE_INFINITY };
  const seen = new Uint8Array(lines.length);
  const stack: number[] = [];
  for (let i = 0; i < lines.length; i++) {
    if (!(lines[i] > 0)) {
      if (values[i] > high.from) high.from = values[i];
      continue;
    }
    if (seen[i] === 1) continue;
    let most = 0;
    seen[i] = 1;
    stack.push(i);
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      if (values[at] > most) most = values[at];
      if (values[at] < low.to) low.to = values[at];
      eachBeside(at, height, width, (next) => {
        if (sides && isCorner(at, next, width)) return;
        if (lines[next] > 0) {
          if (seen[next] === 1) return;
          seen[next] = 1;
          stack.push(next);
        } else if (values[next] > low.from) low.from = values[next];
      });
    }
    if (most < high.to) high.to = most;
  }
  return { low, high };
}

/** The same of lines whose samples are above `high`, or above `low` beside one that is; not at the rim. */
export function adjacentThresholds(strengths: Planes, map: Planes): LineThresholds | undefined {
  const { height, width } = map;
  const values = strengths.data;
  const lines = map.data;
  const low = { from: 0, to: Number.POSITIVE_INFINITY };
  const high = { from: 0, to: Number.POSITIVE_INFINITY };
  for (let i = 0; i < lines.length; i++) {
    if (lines[i] > 0) {
      if (values[i] < low.to) low.to = values[i];
      let most = values[i];
      eachBeside(i, height, width, (next) => {
        if (values[next] > most) most = values[next];
      });
      if (most < high.to) high.to = most;
    } else if (values[i] > high.from) high.from = values[i];
  }
  if (!(high.from < high.to)) return undefined;
  // Whatever is above the middle of that range is above `high`.
  const strong = (high.from + high.to) / 2;
  for (let i = 0; i < lines.length; i++) {
    const row = Math.floor(i / width);
    const column = i % width;
    const inside = row > 0 && column > 0 && row < height - 1 && column < width - 1;
    if (lines[i] > 0 || !inside || values[i] <= low.from) continue;
    let beside = false;
    eachBeside(i, height, width, (next) => {
      if (values[next] > strong) beside = true;
    });
    if (beside) low.from = values[i];
  }
  return low.from < low.to ? { low, high } : undefined;
}

/**
 * The same of a map that is white wherever the response is above one threshold.
 *
 * @param slack of a response, by what share the ends may have come to lie the wrong way round
 */
export function singleThreshold(
  responses: ArrayLike<number>,
  samples: ArrayLike<number>,
  slack = 0,
): ThresholdRange | undefined {
  let from = 0;
  let to = Number.POSITIVE_INFINITY;
  for (let i = 0; i < samples.length; i++) {
    const response = responses[i];
    if (samples[i] > 0) {
      if (response < to) to = response;
    } else if (response > from) from = response;
    if (!(from < to * (1 + slack))) return undefined;
  }
  return { from, to };
}

/** A range of responses in units of white, wider by what their last bits leave open. */
export function inUnitsOfWhite({ from, to }: ThresholdRange, white: number): ThresholdRange {
  return { from: (from * (1 - LAST_BITS)) / white, to: (to * (1 + LAST_BITS)) / white };
}

/** Of `high` alone where `low` is a share of it. */
export function highAlone({ low, high }: LineThresholds, share: number): ThresholdRange {
  return { from: Math.max(high.from, low.from / share), to: Math.min(high.to, low.to / share) };
}

function eachBeside(i: number, height: number, width: number, visit: (next: number) => void): void {
  const row = Math.floor(i / width);
  const column = i % width;
  for (let r = Math.max(0, row - 1); r <= Math.min(height - 1, row + 1); r++) {
    for (let c = Math.max(0, column - 1); c <= Math.min(width - 1, column + 1); c++) {
      const next = r * width + c;
      if (next !== i) visit(next);
    }
  }
}

/** Whether two samples that touch differ in both row and column. */
function isCorner(one: number, other: number, width: number): boolean {
  return one % width !== other % width && Math.abs(one - other) !== 1;
}

/** Numbers of a range that a person may have written, and how far from round each is. */
function writtenIn({ from, to }: ThresholdRange, reached: boolean): { value: number; length: number }[] {
  const isIn = (value: number): boolean => (reached ? value > from && value <= to : value >= from && value < to);
  const found: { value: number; length: number }[] = [];
  const largest = Math.ceil(Math.log10(to));
  for (let exponent = largest; exponent >= largest - 6 && found.length < MOST_WRITTEN; exponent--) {
    // Divided rather than multiplied by a negative power, so that decimals are the nearest to what is written.
    const at = (n: number): number => (exponent >= 0 ? n * 10 ** exponent : n / 10 ** -exponent);
    const first = Math.max(1, Math.floor(exponent >= 0 ? from / 10 ** exponent : from * 10 ** -exponent));
    for (let n = first; at(n) <= to && found.length < MOST_WRITTEN; n++) {
      if (n % 10 !== 0 && isIn(at(n))) found.push({ value: at(n), length: lengthOf(n) });
    }
  }
  return found.length > 0 ? found : [{ value: (from + to) / 2, length: LONGEST }];
}

const MOST_WRITTEN = 60;
const LONGEST = 20;

/** 1, 2 and 5 are rounder than other digits, and 15, 25 and 75 than other pairs of them. */
function lengthOf(n: number): number {
  if (n < 10) return n === 1 || n === 2 || n === 5 ? 1 : 2;
  if (n === 15 || n === 25 || n === 75) return 2.5;
  return 2 * String(n).length - 1 + (n % 5 === 0 ? 0 : 1);
}

/**
 * The roundest number of a range; the middle where none is short.
 *
 * @param reached whether the upper end belongs to the range, and the lower does not
 */
export function roundestIn(range: ThresholdRange, reached = false): number {
  if (range.to === Number.POSITIVE_INFINITY) return range.from;
  return writtenIn(range, reached).reduce((best, one) => (one.length < best.length ? one : best)).value;
}

/** Whether a number has few digits: by chance hardly any of a narrow range has. */
export function isRound(value: number): boolean {
  return Number(value.toPrecision(3)) === value;
}

/** What a pair is rounder by where the upper threshold is twice or three times the lower, or both are a program's own. */
const RELATED = 1.25;
const USUAL = 2.5;

/** The roundest two numbers, one of each range. */
export function roundestPair(
  { low, high }: LineThresholds,
  reached: boolean,
  usual: readonly (readonly [low: number, high: number])[],
): readonly [low: number, high: number] {
  let best: readonly [number, number] = [low.from, high.from];
  let shortest = Number.POSITIVE_INFINITY;
  for (const a of writtenIn(low, reached)) {
    for (const b of writtenIn(high, reached)) {
      if (a.value > b.value) continue;
      const times = b.value / a.value;
      const related = [2, 3].some((whole) => Math.abs(times - whole) < 1e-9) ? RELATED : 0;
      const own = usual.some(([one, other]) => one === a.value && other === b.value) ? USUAL : 0;
      const length = a.length + b.length - Math.max(related, own);
      if (length < shortest) {
        shortest = length;
        best = [a.value, b.value];
      }
    }
  }
  return best;
}

/** The plane of a map of one channel, turned about where edges are dark. */
export function brightLines(map: Planes, inverted: boolean): Planes {
  const plane = channelOf(map, 0);
  return inverted ? { ...plane, data: plane.data.map((sample) => whiteOf(map) - sample) } : plane;
}
