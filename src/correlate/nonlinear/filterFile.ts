import { expectHeader, expectRecord, FILE_VERSION } from '../../kernels/header.ts';
import { pretty } from '../../kernels/json.ts';
import { expectFields, expectText, parseJson, takenFor } from '../../kernels/notation.ts';
import { type Border, formatBorder, parseBorder } from '../../planes/border.ts';
import { expectChoice, expected, expectInteger } from '../../planes/expected.ts';
import { RANKS, type RankFilter } from './rankFilter.ts';
import type { RoundedMask } from './roundedMask.ts';
import type { RoundedPasses } from './roundedPasses.ts';
import type { ToneCurve } from './toneCurve.ts';

/** What a filter file holds: a filter that is no kernel, and what was found when it was learned. */
export type FilterFile = (
  | { readonly rank: RankFilter; readonly border?: Border }
  | { readonly passes: RoundedPasses; readonly border?: Border }
  | { readonly curve: ToneCurve; readonly border?: undefined }
) & {
  /** What learning reported, as JSON. */
  readonly learned?: Readonly<Record<string, unknown>>;
};

const FIELDS = ['corr2d', 'kind', 'rank', 'size', 'passes', 'border', 'curve', 'learned'];

/** Sides of windows; larger ones take minutes. */
const LONGEST_SIDE = 31;

/**
 * A filter file: `{ "corr2d": 1, "kind": "filter", "rank": "median", "size": [3, 3], "border" }`; or with `"passes"`, blurs along rows and
 * columns that are rounded one by one: `{ "taps": [1, 2, 1], "over": 4, "times": 2 }`, with `"mask": { "percent": 150, "threshold": 3 }` an unsharp
 * mask of it; or with `"curve"`, a list of shares of white from 0 to 1
 * for samples from black to white, or one for each channel.
 *
 * @throws ExpectationError that names the place of the first fault
 */
export function parseFilterFile(text: string): FilterFile {
  return takenFor('a corr2d filter file', () => {
    const fields = expectHeader(parseJson(expectText(text, 'the text')), 'filter');
    expectFields(fields, FIELDS, 'the file');
    const { rank, size, passes, border, curve, learned } = fields;
    const told = learned === undefined ? {} : { learned: expectRecord(learned, 'learned') };
    if (curve !== undefined) {
      for (const other of ['rank', 'size', 'passes', 'border'] as const) {
        if (fields[other] !== undefined) throw expected('no such field beside curve', other, fields[other]);
      }
      return { curve: { values: listsOf(curve) }, ...told };
    }
    const bordered = border === undefined ? {} : { border: parseBorder(border) };
    if (passes !== undefined) {
      for (const other of ['rank', 'size'] as const) {
        if (fields[other] !== undefined) throw expected('no such field beside passes', other, fields[other]);
      }
      return { passes: passesOf(passes), ...bordered, ...told };
    }
    if (!Array.isArray(size) || size.length !== 2) throw expected('rows and columns', 'size', size);
    return {
      rank: {
        rank: expectChoice(rank as string, 'rank', RANKS),
        height: expectSide(size[0], 'size[0]'),
        width: expectSide(size[1], 'size[1]'),
      },
      ...bordered,
      ...told,
    };
  });
}

/** A filter file's text. */
export function formatFilterFile(file: FilterFile): string {
  const { learned, border } = file;
  const own =
    'rank' in file
      ? { rank: file.rank.rank, size: [file.rank.height, file.rank.width] }
      : 'passes' in file
        ? { passes: file.passes }
        : { curve: 'values' in file.curve ? file.curve.values : undefined };
  const fields = { ...own, border: border === undefined ? undefined : formatBorder(border), learned };
  return `${pretty({ corr2d: FILE_VERSION, kind: 'filter', ...fields })}\n`;
}

/**
 * `median:5`, `minimum:3`, `maximum:3x5`: a rank and the rows and columns of its window.
 *
 * @returns undefined for a text that begins with none of them
 * @throws ExpectationError for a window that has no middle, or is too large
 */
export function parseRank(text: string, where: string): RankFilter | undefined {
  const [name, sides, ...more] = text.split(':');
  const rank = RANKS.find((one) => one === name);
  if (rank === undefined) return undefined;
  const [, rows, columns = rows] = /^(\d{1,4})(?:x(\d{1,4}))?$/.exec(sides ?? '') ?? [];
  if (rows === undefined || more.length > 0) throw expected(`${rank}:5 or ${rank}:3x5, rows and columns,`, where, text);
  return { rank, height: expectSide(Number(rows), where), width: expectSide(Number(columns), where) };
}

function expectSide(value: unknown, where: string): number {
  const side = expectInteger(value as number, where, 1);
  if (side % 2 === 0 || side > LONGEST_SIDE) throw expected(`an odd number up to ${LONGEST_SIDE}`, where, side);
  return side;
}

/** Passes along rows; each takes the time of a filter. */
const MOST_TIMES = 16;

/** Sums of so large divisors and samples of 16 bits are whole numbers in Float64. */
const MOST_OVER = 2 ** 32;

function passesOf(value: unknown): RoundedPasses {
  const fields = expectRecord(value, 'passes');
  expectFields(fields, ['taps', 'over', 'times', 'mask'], 'passes');
  const { taps, over, times, mask } = fields;
  if (!Array.isArray(taps) || taps.length < 3 || taps.length % 2 === 0 || taps.length > MOST_TAPS) {
    throw expected(`a list of an odd number of taps, 3 to ${MOST_TAPS},`, 'passes.taps', taps);
  }
  const whole = taps.map((tap: unknown, i) => expectInteger(tap as number, `passes.taps[${i}]`, 0));
  const divisor = expectInteger(over as number, 'passes.over', 1);
  if (divisor > MOST_OVER) throw expected(`a whole number up to ${MOST_OVER}`, 'passes.over', divisor);
  const count = expectInteger(times as number, 'passes.times', 1);
  if (count > MOST_TIMES) throw expected(`a whole number up to ${MOST_TIMES}`, 'passes.times', count);
  return { taps: whole, over: divisor, times: count, ...(mask !== undefined && { mask: maskOf(mask) }) };
}

/** Larger ones make black and white of any difference. */
const MOST_PERCENT = 100_000;

/** Of samples of 16 bits. */
const MOST_THRESHOLD = 65_535;

function maskOf(value: unknown): RoundedMask {
  const fields = expectRecord(value, 'passes.mask');
  expectFields(fields, ['percent', 'threshold'], 'passes.mask');
  const numberOf = (name: keyof RoundedMask, most: number): number => {
    const number = expectInteger(fields[name] as number, `passes.mask.${name}`, 0);
    if (number > most) throw expected(`a whole number up to ${most}`, `passes.mask.${name}`, number);
    return number;
  };
  return { percent: numberOf('percent', MOST_PERCENT), threshold: numberOf('threshold', MOST_THRESHOLD) };
}

const MOST_TAPS = 127;

/** So many values are one for every sample of 16 bits. */
const MOST_VALUES = 65_536;

function listsOf(curve: unknown): number[][] {
  if (!Array.isArray(curve) || curve.length === 0) throw expected('a list of numbers', 'curve', curve);
  const isOne = !Array.isArray(curve[0]);
  return (isOne ? [curve] : curve).map((list: unknown, channel) => {
    const where = isOne ? 'curve' : `curve[${channel}]`;
    if (!Array.isArray(list) || list.length < 2 || list.length > MOST_VALUES) {
      throw expected(`a list of 2 to ${MOST_VALUES} numbers`, where, list);
    }
    return list.map((value: unknown, i) => {
      if (typeof value === 'number' && value >= 0 && value <= 1) return value;
      throw expected('a share of white from 0 to 1', `${where}[${i}]`, value);
    });
  });
}
