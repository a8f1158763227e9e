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
