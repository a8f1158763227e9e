import type { DetectorBorder, KernelDetector } from '../../../edges/detector/detector.ts';
import { byLargest, type Found, type Scaled, simplestBetween, stepsOf } from './found.ts';

/** Of which one is told by a picture's corners; of those that do as well, the first. */
export const BORDERS: readonly DetectorBorder[] = [
  'reflect101',
  'symmetric',
  'replicate',
  'zero',
  'wrap',
  'black',
  ['reflect101', 'symmetric'],
  'copied',
];

/** The core as no program that is known here has it: with the simplest factor, under every border. */
export function anyCandidates(found: Found): KernelDetector[] {
  const { nearest, truncate } = found;
  const scaled: Scaled[] = [
    ...(nearest === undefined ? [] : [{ scale: simplestBetween(nearest), rounding: 'nearest' } as const]),
    ...(truncate === undefined ? [] : [{ scale: simplestBetween(truncate), rounding: 'truncate' } as const]),
    ...byLargest(found, ['truncate', 'nearest']),
  ];
  return scaled.flatMap((how) =>
    BORDERS.map((border) => ({ name: found.core.title, ...stepsOf(found), ...how, border })),
  );
}
