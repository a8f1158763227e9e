import { applyCurve, type ToneCurve } from '../../correlate/nonlinear/toneCurve.ts';
import { type Planes, whiteOf } from '../../planes/planes.ts';
import { type Rounding, roundSample } from '../../planes/samples.ts';
import type { Example } from '../pairs.ts';
import { type Exactly, exactlyOf, hasSamplesAlike } from './exactly.ts';

/** A curve that made the afters, whatever stands beside a sample. */
export interface FoundCurve extends Exactly {
  readonly values: readonly (readonly number[])[];
  /** The power that it is, where it is one, and how its results were rounded. */
  readonly power?: { readonly text: string; readonly rounding: Rounding };
  /** Of all values that samples may have, for all channels: those that no before has. */
  readonly unseen: number;
}

/** Of 8-bit samples, of which there are many of every value. */
const WHITE = 255;

/** Samples for each value that occurs: with fewer, a table of what stands where fits any two pictures. */
const SAMPLES_PER_VALUE = 20;

/** Of all samples: with fewer it is no curve. */
const NEARLY_ALL = 0.999;

/** Values that must occur: fewer lie on a line. */
const LEAST_VALUES = 8;

/**
 * The tone curve that gives nearly all samples of the afters; undefined where there is none, or a kernel of one tap is all that it comes to.
 *
 * @param examples of which those of 8 bits are looked at
 */
export function findCurve(examples: readonly Example[]): FoundCurve | undefined {
  if (!examples.every((one) => hasSamplesAlike(one) && whiteOf(one.before) === WHITE)) return undefined;
  const { channels } = examples[0].before;
  const all = Array.from({ length: channels }, (_, c) => c);
  return (
    curveOf(examples, [all]) ??
    (channels > 1
      ? curveOf(
          examples,
          all.map((c) => [c]),
        )
      : undefined)
  );
}

/** @param sets channels that share a curve */
function curveOf(examples: readonly Example[], sets: readonly (readonly number[])[]): FoundCurve | undefined {
  const tables = sets.map((channels) => tableOf(examples, channels));
  const samples = tables.reduce((sum, table) => sum + table.samples, 0);
  const kept = tables.reduce((sum, table) => sum + table.kept, 0);
  if (kept < NEARLY_ALL * samples) return undefined;
  if (tables.some((table) => table.samples < SAMPLES_PER_VALUE * table.seen || table.seen < LEAST_VALUES))
    return undefined;
  if (tables.every(isLine)) return undefined;
  const values = tables.map(({ levels }) => filledIn(levels).map((level) => level / WHITE));
  const unseen = tables.reduce((sum, { seen }) => sum + WHITE + 1 - seen, 0);
  const exactly = exactlyOf(examples, (before) => stored(applyCurve(before, { values }), 'nearest'));
  const power = tables.length === 1 ? powerOf(tables[0].levels) : undefined;
  return { ...exactly, values, unseen, ...(power && { power }) };
}

interface Table {
  /** The sample after that stands most often where a before has that value; −1 where none has it. */
  readonly levels: readonly number[];
  readonly samples: number;
  /** Samples that are that of their value. */
  readonly kept: number;
  /** Values that occur. */
  readonly seen: number;
}

function tableOf(examples: readonly Example[], channels: readonly number[]): Table {
  const counts = new Float64Array((WHITE + 1) ** 2);
  for (const { before, after } of examples) {
    const size = before.height * before.width;
    for (const c of channels) {
      for (let i = c * size; i < (c + 1) * size; i++) counts[before.data[i] * (WHITE + 1) + after.data[i]]++;
    }
  }
  const levels: number[] = [];
  let [samples, kept, seen] = [0, 0, 0];
  for (let value = 0; value <= WHITE; value++) {
    const row = counts.subarray(value * (WHITE + 1), (value + 1) * (WHITE + 1));
    let [most, all] = [0, 0];
    row.forEach((count, level) => {
      all += count;
      if (count > row[most]) most = level;
    });
    levels.push(all === 0 ? -1 : most);
    samples += all;
    kept += row[most];
    if (all > 0) seen++;
  }
  return { levels, samples, kept, seen };
}

/** Whether a factor and an offset give it, but for a level of rounding and for what is clipped. */
function isLine({ levels }: Table): boolean {
  const inside = levels.flatMap((level, value) => (level > 0 && level < WHITE ? [[value, level] as const] : []));
  if (inside.length < 2)
    return levels.every((level) => level <= 0) || levels.every((level) => level < 0 || level === WHITE);
  const count = inside.length;
  const mean = (at: 0 | 1): number => inside.reduce((sum, one) => sum + one[at], 0) / count;
  const [x, y] = [mean(0), mean(1)];
  const spread = inside.reduce((sum, one) => sum + (one[0] - x) ** 2, 0);
  const slope = inside.reduce((sum, one) => sum + (one[0] - x) * (one[1] - y), 0) / Math.max(1, spread);
  return levels.every(
    (level, value) => level < 0 || Math.abs(Math.min(WHITE, Math.max(0, y + slope * (value - x))) - level) <= 1,
  );
}

/** What no before has lies on the line between its neighbours, or is the last that is known. */
function filledIn(levels: readonly number[]): number[] {
  const known = levels.flatMap((level, value) => (level < 0 ? [] : [value]));
  return levels.map((level, value) => {
    if (level >= 0) return level;
    const after = known.findIndex((one) => one > value);
    if (after === -1) return levels[known[known.length - 1]];
    if (after === 0) return levels[known[0]];
    const [low, high] = [known[after - 1], known[after]];
    return levels[low] + ((levels[high] - levels[low]) * (value - low)) / (high - low);
  });
}

/** Powers are written with so many digits, or as 1 over such a number. */
const DECIMALS: readonly number[] = [1, 10, 100, 1000];

/** The power that gives all values, and how it was rounded. */
function powerOf(levels: readonly number[]): FoundCurve['power'] {
  const inside = levels.flatMap((level, value) =>
    level > 0 && level < WHITE && value > 0 && value < WHITE
      ? [[Math.log(value / WHITE), Math.log((level + 0.5) / (WHITE + 0.5))]]
      : [],
  );
  const squares = inside.reduce((sum, [x]) => sum + x * x, 0);
  if (squares === 0) return undefined;
  const likely = inside.reduce((sum, [x, y]) => sum + x * y, 0) / squares;
  for (const unit of DECIMALS) {
    for (let step = -3; step <= 3; step++) {
      const direct = (Math.round(likely * unit) + step) / unit;
      const inverse = (Math.round(unit / likely) + step) / unit;
      for (const [gamma, text] of [
        [direct, `gamma:${direct}`],
        [1 / inverse, `gamma:1/${inverse}`],
      ] as const) {
        if (!(gamma > 0 && gamma < Number.POSITIVE_INFINITY)) continue;
        const rounding = (['nearest', 'truncate'] as const).find((one) => isPower(levels, { gamma }, one));
        if (rounding !== undefined) return { text, rounding };
      }
    }
  }
  return undefined;
}

function isPower(levels: readonly number[], curve: ToneCurve, rounding: Rounding): boolean {
  const ramp: Planes = {
    channels: 1,
    height: 1,
    width: WHITE + 1,
    white: WHITE,
    data: Float32Array.from({ length: WHITE + 1 }, (_, value) => value),
  };
  const { data } = stored(applyCurve(ramp, curve), rounding);
  return levels.every((level, value) => level < 0 || level === data[value]);
}

function stored(x: Planes, rounding: Rounding): Planes {
  return { ...x, data: x.data.map((value) => roundSample(value, WHITE, rounding)) };
}
