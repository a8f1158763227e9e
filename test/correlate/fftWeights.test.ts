import { expect, test } from 'vitest';
import { firstStage } from '../../src/correlate/fft/fftLayout.ts';
import { SET_BYTES, tileWeights, WEIGHTS_AT } from '../../src/correlate/fft/fftWeights.ts';

const KINDS = [
  ['one', 1],
  ['lanes', 4],
] as const;

const table = tileWeights();

function expectWeight(at: number, lanes: number, turns: number): void {
  const angle = 2 * Math.PI * turns;
  for (const [found, wanted] of [
    [table[at], Math.cos(angle)],
    [table[at + lanes], -Math.sin(angle)],
  ]) {
    // Half an ulp of Float32, and what Math.cos and our recurrence may be off by.
    expect(Math.abs(found - wanted)).toBeLessThanOrEqual(
      2 ** -25 * Math.max(2 * Math.abs(wanted), 2 ** -20) + 2 ** -48,
    );
  }
}

/** Where the weight of a power stands among sets of so many powers, so many sets side by side. */
function placeOf(set: number, power: number, powers: number, lanes: number): number {
  return 2 * lanes * (Math.floor(set / lanes) * powers + power - 1) + (set % lanes);
}

test.each([16, 32, 64, 128, 256, 512, 1024])(
  'weights there for %i samples are the nearest Float32 or the next',
  (length) => {
    const { radix } = firstStage(length);
    for (const [kind, lanes] of KINDS) {
      const from = (WEIGHTS_AT.there[kind] + (SET_BYTES * length) / 4) / 4;
      for (let j = 0; j < length / radix; j++) {
        for (let power = 1; power < radix; power++) {
          expectWeight(from + placeOf(j, power, radix - 1, lanes), lanes, (j * power) / length);
        }
      }
    }
  },
);

/** The frequency that a block begins with: its digits, the first of which may be of base 2, the other way around. */
function reversed(block: number, blocks: number): number {
  if (blocks === 1) return 0;
  const { radix } = firstStage(blocks);
  const within = blocks / radix;
  return Math.floor(block / within) + radix * reversed(block % within, within);
}

test.each([2, 4, 8, 16, 32, 64, 128, 256])(
  'weights back of %i blocks are the nearest Float32 or the next',
  (blocks) => {
    for (const [kind, lanes] of KINDS) {
      if (blocks < lanes) continue;
      const from = (WEIGHTS_AT.back[kind] + SET_BYTES * blocks) / 4;
      for (let t = 0; t < blocks; t++) {
        for (let power = 1; power < 4; power++) {
          expectWeight(from + placeOf(t, power, 3, lanes), lanes, (reversed(t, blocks) * power) / (4 * blocks));
        }
      }
    }
  },
);
