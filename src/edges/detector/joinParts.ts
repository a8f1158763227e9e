import type { DetectorResponse } from './detector.ts';

/**
 * Several correlations as one response, sample by sample.
 *
 * @param single whether each product, sum and root is rounded to Float32
 */
export function joinParts(
  parts: readonly Float64Array[],
  response: DetectorResponse,
  single: boolean,
  into: Float64Array,
): void {
  const [first, ...others] = parts;
  if (response === 'l2') {
    lengths(parts, single, into);
    return;
  }
  if (response === 'hypot') {
    const [a, b] = parts;
    for (let j = 0; j < into.length; j++) into[j] = hypot(a[j], b[j]);
    return;
  }
  if (response === 'strongest' || response === 'clamp')
    for (let j = 0; j < into.length; j++) into[j] = above0(first[j]);
  else for (let j = 0; j < into.length; j++) into[j] = Math.abs(first[j]);
  for (const part of others) {
    if (response === 'l1') {
      if (single) for (let j = 0; j < into.length; j++) into[j] = Math.fround(into[j] + Math.abs(part[j]));
      else for (let j = 0; j < into.length; j++) into[j] += Math.abs(part[j]);
    } else if (response === 'max') {
      for (let j = 0; j < into.length; j++) into[j] = Math.max(into[j], Math.abs(part[j]));
    } else for (let j = 0; j < into.length; j++) if (part[j] > into[j]) into[j] = part[j];
  }
}

function above0(value: number): number {
  return value > 0 ? value : 0;
}

function lengths(parts: readonly Float64Array[], single: boolean, into: Float64Array): void {
  const { fround, sqrt } = Math;
  const [a, b] = parts;
  if (!single && parts.length === 2) {
    for (let j = 0; j < into.length; j++) into[j] = sqrt(a[j] * a[j] + b[j] * b[j]);
    return;
  }
  into.fill(0);
  for (const part of parts) {
    if (single) for (let j = 0; j < into.length; j++) into[j] = fround(into[j] + fround(part[j] * part[j]));
    else for (let j = 0; j < into.length; j++) into[j] += part[j] * part[j];
  }
  for (let j = 0; j < into.length; j++) into[j] = single ? fround(sqrt(into[j])) : sqrt(into[j]);
}

/** A number that adds nothing to one that is this much larger. */
const NEGLIGIBLE = 2 ** -54;

/**
 * The GNU C library's `hypot` since 2.35, of numbers whose squares neither overflow nor vanish: the root of the sum of squares, corrected
 * once (C. Borges, "An improved algorithm for hypot(a, b)", 2019).
 */
function hypot(a: number, b: number): number {
  const x = Math.max(Math.abs(a), Math.abs(b));
  const y = Math.min(Math.abs(a), Math.abs(b));
  if (y <= x * NEGLIGIBLE) return x + y;
  const h = Math.sqrt(x * x + y * y);
  if (h <= 2 * y) {
    const delta = h - y;
    return h - (x * (2 * delta - x) + (delta - 2 * (x - y)) * delta) / (2 * h);
  }
  const delta = h - x;
  return h - (2 * delta * (x - 2 * y) + ((4 * delta - y) * y + delta * delta)) / (2 * h);
}
