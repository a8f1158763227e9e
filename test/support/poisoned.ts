import { allocatePlanes, release } from '../../src/correlate/allocate.ts';
import type { Planes } from '../../src/planes/planes.ts';

/** Where planes lie: in an array of their own, or in the middle of a larger one, in memory of either kind. */
export const PLACES = ['own', 'within', 'engine', 'within-engine'] as const;

export type Place = (typeof PLACES)[number];

/** Planes whose samples and surroundings are NaN of one pattern that no computation leaves. */
export interface Poisoned {
  readonly planes: Planes;
  /** What is wrong with the surroundings; empty where nobody wrote to them. */
  touched(): string;
  /** How many of the samples nobody wrote. */
  unwritten(): number;
  release(): void;
}

const POISON = 0x7fc5_a5a5;

/** Samples before and behind: more than a vector or a tile reaches. */
const GUARD = 67;

export function poisonedPlanes(shape: Omit<Planes, 'data'>, place: Place): Poisoned {
  const { channels, height, width } = shape;
  const samples = channels * height * width;
  const guard = place === 'own' || place === 'engine' ? 0 : GUARD;
  const inEngine = place === 'engine' || place === 'within-engine';
  const whole = inEngine ? allocatePlanes(1, 1, samples + 2 * guard) : undefined;
  const all = whole?.data ?? new Float32Array(samples + 2 * guard);
  const bits = new Uint32Array(all.buffer, all.byteOffset, all.length).fill(POISON);
  return {
    planes: { ...shape, data: all.subarray(guard, guard + samples) },
    touched() {
      const places = [...bits.keys()].filter((i) => i < guard || i >= guard + samples);
      const first = places.find((i) => bits[i] !== POISON);
      return first === undefined ? '' : `sample ${first - guard} of ${samples} was written`;
    },
    unwritten: () => bits.subarray(guard, guard + samples).filter((word) => word === POISON).length,
    release() {
      if (whole) release(whole);
    },
  };
}
