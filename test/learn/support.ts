import { expect } from 'vitest';
import type { Kernel } from '../../src/core.ts';
import { createPlanes, luma, type Picture, type Planes, readImage, seededRandom, whiteOf } from '../../src/index.ts';
import { roundSample } from '../../src/planes/samples.ts';
import { inCheckout } from '../support/checkout.ts';

/** The brightness of a sample picture. */
export async function photograph(name: string): Promise<Planes> {
  return luma((await readImage(inCheckout('samples', name))).planes);
}

/** The planes as an 8-bit file would store them. */
export function stored(p: Planes): Picture {
  const data = p.data.map((sample) => roundSample((sample * 255) / whiteOf(p), 255));
  return { planes: { ...p, white: 255, data }, depth: 8, lossy: false, metadata: {} };
}

/** Samples from 0 to 1, none of which tells of another. */
export function noise(channels: number, height: number, width: number, seed = 1): Planes {
  const random = seededRandom(seed);
  const p = createPlanes(channels, height, width);
  for (let i = 0; i < p.data.length; i++) p.data[i] = random.uniform(0, 1);
  return p;
}

/** The largest distance of a tap from what it should be. */
export function tapError(learned: Kernel, wanted: Kernel): number {
  expect(learned.weights).toHaveLength(wanted.weights.length);
  return learned.weights.reduce((most, tap, i) => Math.max(most, Math.abs(tap - wanted.weights[i])), 0);
}
