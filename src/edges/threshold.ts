import { expected } from '../planes/expected.ts';
import { createPlanes, type Planes, whiteOf } from '../planes/planes.ts';
import { otsu } from './otsu.ts';
import { quantile } from './quantile.ts';

/**
 * A threshold as a user states it: a number in units of white, `12%` of the picture's largest response, `q90` (above it
 * lies a tenth of the responses), `otsu`, or `median` (the same as `q50`).
 */
export type Threshold = number | string;

/**
 * What a threshold comes to on this picture, in units of white. Signed responses count by their absolute value.
 *
 * @throws ExpectationError for a negative number, or a text that is none of the forms
 * @example
 * thresholdOf(planes([[0, -2, 4]]), '50%') // 2
 */
export function thresholdOf(map: Planes, threshold: Threshold, where = 'threshold'): number {
  const form = parseThreshold(threshold, where);
  if (form.kind === 'value') return form.value;
  const white = whiteOf(map);
  if (form.kind === 'share') return (form.value * largest(map.data)) / white;
  if (form.kind === 'quantile') return quantile(map.data, form.value) / white;
  return otsu(map.data) / white;
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

/** A threshold's form, read once: refuses what is none of them before any picture is opened. */
export function parseThreshold(
  threshold: Threshold,
  where = 'threshold',
): { kind: 'value' | 'share' | 'quantile'; value: number } | { kind: 'otsu' } {
  if (threshold === 'otsu') return { kind: 'otsu' };
  if (threshold === 'median') return { kind: 'quantile', value: 0.5 };
  const text = String(threshold).trim();
  const number = /^[+]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
  const percent = /^(\d+\.?\d*|\.\d+)%$/.exec(text);
  if (percent && Number(percent[1]) <= 100) return { kind: 'share', value: Number(percent[1]) / 100 };
  const rank = /^q(\d+\.?\d*|\.\d+)$/i.exec(text);
  if (rank && Number(rank[1]) <= 100) return { kind: 'quantile', value: Number(rank[1]) / 100 };
  if (number.test(text)) return { kind: 'value', value: Number(text) };
  throw expected(
    "a number from 0 in units of white, a share such as '12%', a quantile such as 'q90', 'otsu' or 'median'",
    where,
    threshold,
  );
}

function largest(values: Float32Array): number {
  let most = 0;
  for (const value of values) if (Math.abs(value) > most) most = Math.abs(value);
  return most;
}
