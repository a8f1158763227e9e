import { TO_NEAREST } from '../../planes/samples.ts';
import type { DetectorRounding } from './detector.ts';

/** Samples in the arithmetic of a detector. */
export type Row = Float64Array | Float32Array;

/** A number as a whole one: to the nearest (ties to even), cut towards zero, or to the nearest with ties up. */
export function wholeOf(value: number, rounding: DetectorRounding): number {
  if (rounding === 'nearest') return nearest(value);
  return rounding === 'truncate' ? Math.trunc(value) : Math.floor(value + 0.5);
}

/** Rounds numbers in place; where `white` is given, to samples from 0 to it. */
export function roundAll(values: Row, rounding: DetectorRounding, white?: number): void {
  for (let i = 0; i < values.length; i++) values[i] = wholeOf(values[i], rounding);
  if (white === undefined) return;
  for (let i = 0; i < values.length; i++) values[i] = Math.min(Math.max(values[i], 0), white);
}

/** IEEE 754's own rounding, of numbers below 2^51 either way. */
function nearest(value: number): number {
  return value + TO_NEAREST - TO_NEAREST;
}
