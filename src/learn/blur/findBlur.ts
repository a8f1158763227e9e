import { cutPlanes } from '../../planes/cut.ts';
import { channelOf } from '../../planes/planes.ts';
import { type ComparedLight, inLinearLight, type Light } from '../diagnosis/light.ts';
import { roundingOf } from '../diagnosis/order.ts';
import { type Example, isClipped } from '../pairs.ts';
import { type Blur, fitBlur } from './fitBlur.ts';
import { leftOver, type Product } from './leftOver.ts';
import { likelyProfiles } from './profiles.ts';

export interface FoundBlur {
  readonly estimate: Blur;
  /** The one of a program's lines and factors that gives most samples; or the estimate's own. */
  readonly product: Product;
  /** Whether its numbers are a program's. */
  readonly exact: boolean;
  /** What is left of stored samples and of linear light, where it is of that. */
  readonly light?: ComparedLight;
}

/** Taps of column and row that blurs are looked for in; the next where they reach the ends. */
const SIDES: readonly number[] = [31, 63];
const LONGEST = 63;

/** A blur has more taps than these, or it is a small kernel. */
const LEAST_TIMES = 3;

/** Rows and columns of the middle part of each picture that is looked at; and of that, one channel of which must have a blur first. */
const MOST_SIDE = 560;
const FIRST_SIDE = 240;

/** Pairs that are too many to look at all of their channels first. */
const MANY = 5;

/** Times what is left of a part, what may be left of a smaller one. */
const SLACK = 1.1;

/** Times what rounding leaves: a product that leaves more is not looked at further; chains of roundings leave up to 2. */
const NEAR_ROUNDING = 2.5;

/** Times that, beyond which more taps do not bring a product there. */
const HOPELESS = 4;

/** Standard errors of the outermost taps, beyond which taps go on. */
const GOES_ON = 6;

/**
 * The column and the row of a blur, or of a mask that adds or takes away a blur, of up to 63×63 taps: where there is such a product that
 * leaves about what rounding leaves.
 *
 * @param given of stored samples, none coded with losses
 * @param light what is blurred: the stored samples, or the light that they stand for
 */
export async function findBlur(
  given: readonly Example[],
  pause: () => Promise<void>,
  light: Light = 'stored',
): Promise<FoundBlur | undefined> {
  if (!given.every(fitsBlur)) return undefined;
  const rounding = roundingOf(given);
  const partsOf = (side: number): { stored: readonly Example[]; seen: readonly Example[] } => {
    const stored = given.map((example) => middleOf(example, side));
    return { stored, seen: light === 'linear' ? inLinearLight(stored) : stored };
  };
  const { stored, seen } = partsOf(MOST_SIDE);
  const isLarge = given.some(({ before }) => Math.min(before.height, before.width) > FIRST_SIDE);
  const first = isLarge || given.length >= MANY ? partsOf(FIRST_SIDE).seen.map(ofOneChannel) : undefined;
  for (const masks of [false, true]) {
    const hoped = NEAR_ROUNDING * rounding;
    if (first !== undefined && !(await isHopeful(first, masks, SLACK * hoped, pause))) continue;
    const found = await fitted(seen, masks, hoped, pause);
    if (found !== undefined && found.rms <= hoped && isAround(found)) return best(seen, stored, found, rounding);
  }
  return undefined;
}

/** All channels share a blur. */
function ofOneChannel(example: Example): Example {
  const { before, after } = example;
  const c = before.channels >> 1;
  return { ...example, before: channelOf(before, c), after: channelOf(after, c) };
}

async function isHopeful(
  examples: readonly Example[],
  masks: boolean,
  hoped: number,
  pause: () => Promise<void>,
): Promise<boolean> {
  // A part that is black or white throughout tells nothing.
  if (examples.some((example) => example.after.data.every((sample) => isClipped(sample, example)))) return true;
  const found = await fitted(examples, masks, hoped, pause);
  return found !== undefined && found.rms <= hoped;
}

async function fitted(
  examples: readonly Example[],
  masks: boolean,
  hoped: number,
  pause: () => Promise<void>,
): Promise<Blur | undefined> {
  const isSparse = areSparse(examples);
  let found: Blur | undefined;
  for (const side of SIDES) {
    if (examples.some(({ before }) => Math.min(before.height, before.width) < LEAST_TIMES * side)) break;
    const aim = { masks, hoped: side === LONGEST ? hoped : HOPELESS * hoped };
    const own = await fitBlur(examples, { side, ...aim, ...(isSparse && { products: FEW_PRODUCTS }) }, pause);
    if (own === undefined || (found !== undefined && own.rms > AS_GOOD * found.rms)) break;
    found = own;
    if (!goesOn(examples.every(({ stored }) => stored) ? own : lessSure(own))) break;
  }
  return found;
}

/** Where more than this share of the samples is left out, windows are summed one by one: then fewer are. */
const MANY_LEFT_OUT = 1 / 8;
const FEW_PRODUCTS = 2 ** 27;

function areSparse(examples: readonly Example[]): boolean {
  let [samples, leftOut] = [0, 0];
  for (const { after } of examples) {
    samples += after.data.length;
    for (const sample of after.data) if (Number.isNaN(sample)) leftOut++;
  }
  return leftOut > MANY_LEFT_OUT * samples;
}

/** Of the largest tap: a blur has its middle on the sample, where nothing has moved the after. */
const AS_LARGE = 0.8;

function isAround({ column, row }: Blur): boolean {
  return [column, row].every((taps) => {
    const largest = taps.reduce((most, tap) => Math.max(most, Math.abs(tap)), 0);
    return Math.abs(taps[(taps.length - 1) / 2]) >= AS_LARGE * largest;
  });
}

/** Times what fewer taps leave, as other windows are compared. */
const AS_GOOD = 1.02;

function fitsBlur({ before, after, lossy, clips }: Example): boolean {
  return (
    clips &&
    !lossy &&
    before.channels === after.channels &&
    before.height === after.height &&
    before.width === after.width
  );
}

function middleOf(example: Example, most: number): Example {
  const { before, after, whole: _, ...rest } = example;
  const [height, width] = [Math.min(most, before.height), Math.min(most, before.width)];
  const [top, left] = [(before.height - height) >> 1, (before.width - width) >> 1];
  const part = (p: Example['before']): Example['before'] => cutPlanes(p, top, left, height, width);
  return { ...rest, before: part(before), after: part(after) };
}

function goesOn({ column, row, errors }: Blur): boolean {
  const ends = (taps: Float64Array, error: Float64Array): boolean =>
    [0, taps.length - 1].some((i) => Math.abs(taps[i]) > GOES_ON * error[i]);
  return ends(column, errors.column) || ends(row, errors.row);
}

/** Squares beyond the estimate's by so many standard deviations of chance are no program's numbers. */
const CHANCE = 8;

/** Times what one rounding leaves: several in a row, whose errors go with the picture, and which taps take for a part of it. */
const MORE_THAN_ONE = 1.02;
const BY_CHAIN = 0.01;
const LESS_SURE = 3;

function lessSure({ errors, ...blur }: Blur): Blur {
  const more = (values: Float64Array): Float64Array => values.map((error) => LESS_SURE * error);
  return { ...blur, errors: { ...errors, column: more(errors.column), row: more(errors.row) } };
}

/** Samples by which one product gives more than another that is simpler, in standard deviations of chance. */
const SURE = 3;

/** The program's numbers under which fewest samples are beyond what rounding explains. */
function best(examples: readonly Example[], afters: readonly Example[], estimate: Blur, rounding: number): FoundBlur {
  // Errors of dark samples are smaller in linear light, so that least squares has no standard errors there, and what is left is stored samples'.
  const stored = afters === examples ? undefined : afters;
  const free: Product = { column: estimate.column, row: estimate.row, own: estimate.own, bias: estimate.bias };
  const left = squaresOf(leftOver(examples, free, stored).levels);
  const unknowns = estimate.column.length + estimate.row.length;
  const chance = (unknowns + CHANCE * Math.sqrt(2 * unknowns)) / Math.max(1, left.samples);
  const isChain = estimate.rms > MORE_THAN_ONE * rounding;
  const most = left.squares * (1 + chance + (isChain || stored ? BY_CHAIN : 0));
  let found: { product: Product; outside: number } | undefined;
  for (const product of candidates(isChain || stored ? lessSure(estimate) : estimate)) {
    const { squares, outside, samples } = squaresOf(leftOver(examples, padded(product, estimate), stored).levels);
    if (squares > (most * samples) / left.samples) continue;
    if (found !== undefined && outside >= found.outside - SURE * Math.sqrt(found.outside)) continue;
    found = { product, outside };
  }
  return { estimate, product: found?.product ?? free, exact: found !== undefined };
}

/** Of at least as many taps as the estimate, so that both are compared in the same windows. */
function padded(product: Product, { column, row }: Blur): Product {
  const within = (taps: Float64Array, side: number): Float64Array => {
    if (taps.length >= side) return taps;
    const wide = new Float64Array(side);
    wide.set(taps, (side - taps.length) / 2);
    return wide;
  };
  return { ...product, column: within(product.column, column.length), row: within(product.row, row.length) };
}

/** Pairs of lines, the same for both where both may be the same, with short factors. */
function candidates({ column, row, own, bias, errors }: Blur): Product[] {
  const sum = column.reduce((all, tap) => all + tap, 0);
  const upright = column.map((tap) => tap / sum);
  const downErrors = errors.column.map((error) => error / Math.abs(sum));
  const isAlike = upright.every((tap, i) => Math.abs(tap - row[i]) <= ALIKE * Math.hypot(downErrors[i], errors.row[i]));
  const factor = shortest(sum, SHORT * sumError(errors.column));
  const rest = own === 0 ? 0 : shortest(own, SHORT * Math.max(errors.own, sumError(errors.column)));
  const made = (down: Float64Array, across: Float64Array): Product => ({
    column: down.map((tap) => tap * factor),
    row: across,
    own: rest,
    bias,
  });
  if (isAlike) {
    const mean = upright.map((tap, i) => (tap + row[i]) / 2);
    const both = likelyProfiles(
      mean,
      downErrors.map((error, i) => Math.max(error, errors.row[i])),
    );
    return both.map((profile) => made(profile, profile));
  }
  const downs = likelyProfiles(upright, downErrors);
  const acrosses = likelyProfiles(row, errors.row);
  return downs.flatMap((down) => acrosses.map((across) => made(down, across)));
}

/** Standard errors that taps of column and row, or a factor, may be away from each other. */
const ALIKE = 6;
const SHORT = 4;

/** Of a sum of taps, which hang together: no more than of one tap. */
function sumError(errors: Float64Array): number {
  return Math.max(LEAST_ERROR, errors[(errors.length - 1) / 2]);
}

const LEAST_ERROR = 1e-3;

/** The number of fewest decimals within a distance. */
function shortest(value: number, within: number): number {
  for (const unit of [1, 2, 10, 20, 100, 1000]) {
    const rounded = Math.round(value * unit) / unit;
    if (Math.abs(rounded - value) <= within) return rounded;
  }
  return value;
}

function squaresOf(levels: Float32Array): { squares: number; samples: number; outside: number } {
  const samples = levels.length;
  let sum = 0;
  for (const level of levels) sum += level;
  const mean = sum / Math.max(1, samples);
  let [squares, outside] = [0, 0];
  for (const level of levels) {
    const away = Math.abs(level - mean);
    squares += away * away;
    if (away > HALF) outside++;
  }
  return { squares, samples, outside };
}

/** Levels that one rounding leaves at most, but for a program's own sums. */
const HALF = 0.51;
