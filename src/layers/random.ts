import { expectInteger } from '../planes/expected.ts';

/** A stream of numbers that its seed determines. */
export interface Random {
  /** The next whole number, 0 to 2^32 − 1. */
  word(): number;
  /** The next number in [lo, hi), one of 2^32 that are evenly spaced. */
  uniform(lo: number, hi: number): number;
}

/**
 * The generator xoshiro128** 1.1 of Blackman and Vigna (2018), its state filled from the seed by splitmix32: a Weyl sequence of
 * step 0x9e3779b9 through MurmurHash3's 32-bit finaliser. Whole numbers throughout, so that a seed gives the same on every machine.
 *
 * @param seed a whole number from 0 to 2^32 − 1
 * @see https://prng.di.unimi.it/xoshiro128starstar.c
 * @example
 * seededRandom(0).word() // 3809008728
 */
export function seededRandom(seed: number): Random {
  let weyl = expectInteger(seed, 'seed', 0, 2 ** 32 - 1);
  const splitmix32 = (): number => {
    weyl = (weyl + 0x9e3779b9) | 0;
    return finalise(weyl);
  };
  // Four words of a bijection at different places: they cannot all be 0, which is the one state that the generator never leaves.
  const state = Int32Array.from({ length: 4 }, splitmix32);
  const word = (): number => nextWord(state);
  return { word, uniform: (lo, hi) => lo + (hi - lo) * (word() / 2 ** 32) };
}

/** MurmurHash3's fmix32 (Appleby). */
function finalise(word: number): number {
  let mixed = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

/** One step of xoshiro128**, the state's four words changed in place. */
export function nextWord(state: Int32Array): number {
  const scrambled = Math.imul(rotateLeft(Math.imul(state[1], 5), 7), 9);
  const shifted = state[1] << 9;
  state[2] ^= state[0];
  state[3] ^= state[1];
  state[1] ^= state[2];
  state[0] ^= state[3];
  state[2] ^= shifted;
  state[3] = rotateLeft(state[3], 11);
  return scrambled >>> 0;
}

function rotateLeft(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}
