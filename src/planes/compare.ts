import { type Planes, shapeOf } from './planes.ts';

/** The first place, in memory order, where two pictures differ. */
export interface Difference {
  readonly channel: number;
  readonly row: number;
  readonly column: number;
  readonly actual: number;
  readonly expected: number;
}

export interface Comparison {
  /** Whether the shapes are the same; where they are not, nothing else was compared. */
  readonly sameShape: boolean;
  /** Samples that differ by more than the tolerance. */
  readonly count: number;
  readonly first?: Difference;
  /** Largest absolute difference; NaN where one side alone is NaN. */
  readonly largest: number;
}

/**
 * Compares two pictures sample by sample.
 * At tolerance 0 samples must be the same Float32 bits, except that any NaN equals any NaN: +0 and −0 differ.
 *
 * @param tolerance largest absolute difference that still counts as equal, in the samples' own units.
 */
export function comparePlanes(actual: Planes, wanted: Planes, tolerance = 0): Comparison {
  if (actual.channels !== wanted.channels || actual.height !== wanted.height || actual.width !== wanted.width) {
    return { sameShape: false, count: Number.NaN, largest: Number.NaN };
  }
  let count = 0;
  let largest = 0;
  let first: Difference | undefined;
  for (let i = 0; i < actual.data.length; i++) {
    const a = actual.data[i];
    const b = wanted.data[i];
    if (Object.is(a, b)) continue;
    const distance = a === b ? 0 : Math.abs(a - b);
    // A distance that is NaN is never within the tolerance, and stays the largest.
    if (tolerance > 0 ? distance <= tolerance : false) continue;
    count++;
    if (Number.isNaN(distance) || distance > largest) largest = distance;
    first ??= { ...coordinates(actual, i), actual: a, expected: b };
  }
  return first ? { sameShape: true, count, largest, first } : { sameShape: true, count, largest };
}

function coordinates(p: Planes, i: number): { channel: number; row: number; column: number } {
  const column = i % p.width;
  const line = (i - column) / p.width;
  return { channel: Math.floor(line / p.height), row: line % p.height, column };
}

/** What {@link comparePlanes} found, as a sentence; empty where the two are equal. */
export function describeDifference(actual: Planes, wanted: Planes, tolerance = 0): string {
  const found = comparePlanes(actual, wanted, tolerance);
  if (!found.sameShape) return `Expected ${shapeOf(wanted)} but received ${shapeOf(actual)}`;
  if (!found.first) return '';
  const { channel, row, column, actual: a, expected: b } = found.first;
  return `${found.count} of ${actual.data.length} samples differ (by up to ${found.largest}), first at channel ${channel}, row ${row}, column ${column}: expected ${literal(b)} but received ${literal(a)}`;
}

function literal(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}
