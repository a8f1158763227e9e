import { readFraction } from '../../kernels/numbers.ts';
import { expected, ExpectationError } from '../../planes/expected.ts';
import { createPlanes, type Planes, whiteOf } from '../../planes/planes.ts';
import { didYouMean } from '../../planes/suggest.ts';
import { otsuOf } from './otsu.ts';
import { quantileOf } from './quantile.ts';
import { largest, type Values, valuesOf } from './values.ts';

/**
 * A threshold as a user states it: a number in units of white (or a fraction of two, `100/255`), `12%` of the picture's largest
 * response, `q90` (above it lies a tenth of the responses), `otsu`, or `median` (the same as `q50`).
 */
export type Threshold = number | string;

/**
 * What a threshold comes to on this picture, in units of white, at least 2⁻²⁰ unless it is a number. Signed responses count by their
 * absolute value.
 *
 * @throws ExpectationError for a negative number, or a text that is none of the forms
 * @example
 * thresholdOf(planes([[0, -2, 4]]), '50%') // 2
 */
export function thresholdOf(map: Planes, threshold: Threshold, where = 'threshold'): number {
  return valueOf(valuesOf(map.data), whiteOf(map), parseThreshold(threshold, where));
}

/** {@link thresholdOf} of a threshold that was read before. */
export function valueOf(values: Values, white: number, form: ParsedThreshold): number {
  if (form.kind === 'value') return form.value;
  return Math.max(LEAST_THRESHOLD, found(values, form) / white);
}

/** In units of white: what a flat picture answers where taps are no whole numbers is rounding, and not above a threshold. */
export const LEAST_THRESHOLD: number = 2 ** -20;

/** Rank and share of what stands for a high threshold that is left out. */
const DEFAULT = { quantile: 0.9, share: 0.5 } as const;

/** The same in words. */
export const DEFAULT_HIGH = `q${100 * DEFAULT.quantile}, at most ${100 * DEFAULT.share}%`;

/**
 * What stands for a high threshold that is left out: {@link DEFAULT_HIGH}. Above it lie the strongest tenth of the responses; in a drawing
 * of few strengths, those that come to half of the strongest.
 */
function defaultHigh(values: Values): number {
  const strong = quantileOf(values, DEFAULT.quantile);
  const enough = strong / DEFAULT.share;
  const most = largest(values, enough);
  return most > enough ? strong : most * DEFAULT.share;
}

function found(values: Values, form: Exclude<ParsedThreshold, { kind: 'value' }>): number {
  if (form.kind === 'otsu') return otsuOf(values);
  if (form.kind === 'default') return defaultHigh(values);
  return form.kind === 'share' ? form.value * largest(values) : quantileOf(values, form.value);
}

/**
 * White where the response (its absolute value) is above the threshold, 0 elsewhere.
 *
 * @param level in units of white
 * @example
 * toNested(binarise(planes([[0.1, -0.5]]), 0.25)) // [[[0, 1]]]
 */
export function binarise(map: Planes, level: number): Planes {
  const binary = createPlanes(map.channels, map.height, map.width, map.white);
  const white = whiteOf(map);
  const limit = level * white;
  for (let i = 0; i < binary.data.length; i++) if (Math.abs(map.data[i]) > limit) binary.data[i] = white;
  return binary;
}

export type ParsedThreshold =
  | { kind: 'value'; value: number }
  | { kind: 'share' | 'quantile'; value: number }
  | { kind: 'otsu' }
  | { kind: 'default' };

/** A threshold's form, read once: refuses what is none of them before any picture is opened. */
export function parseThreshold(threshold: Threshold, where = 'threshold'): ParsedThreshold {
  if (threshold === 'otsu') return { kind: 'otsu' };
  if (threshold === 'median') return { kind: 'quantile', value: 0.5 };
  const text = String(threshold).trim();
  const percent = /^(\d+\.?\d*|\.\d+)%$/.exec(text);
  if (percent && Number(percent[1]) <= 100) return { kind: 'share', value: Number(percent[1]) / 100 };
  const rank = /^q(\d+\.?\d*|\.\d+)$/i.exec(text);
  if (rank && Number(rank[1]) <= 100) return { kind: 'quantile', value: Number(rank[1]) / 100 };
  const value = readFraction(text);
  if (value >= 0 && value < Number.POSITIVE_INFINITY) return { kind: 'value', value };
  const { message } = expected(
    "a number from 0 in units of white (or 100/255), a share such as '12%', a quantile such as 'q90', 'otsu' or 'median'",
    where,
    threshold,
  );
  throw new ExpectationError(`${message}${didYouMean(text, ['otsu', 'median'])}`);
}
