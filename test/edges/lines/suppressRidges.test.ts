import { describe, expect, test } from 'vitest';
import { suppressRidges } from '../../../src/edges/lines/suppressRidges.ts';
import { createPlanes, type Planes, toNested } from '../../../src/planes/planes.ts';

const SIDE = 41;

/** A ridge with the profile of a Gaussian of σ 2 along a line through the middle, its normal at an angle. */
function ridge(angle: number): Planes {
  const picture = createPlanes(1, SIDE, SIDE);
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      const d = (x - 20) * Math.cos(angle) + (y - 20) * Math.sin(angle);
      picture.data[y * SIDE + x] = Math.exp((-d * d) / 8);
    }
  }
  return picture;
}

describe('suppressRidges', () => {
  test.each([0, 15, 30, 45, 60, 75, 90, 120, 135, 160])('keeps the crest of a ridge at %i°, and no more', (degrees) => {
    const angle = (degrees * Math.PI) / 180;
    const thin = suppressRidges(ridge(angle), { rim: 0 });
    const whole = ridge(angle);
    let kept = 0;
    for (let y = 5; y < SIDE - 5; y++) {
      for (let x = 5; x < SIDE - 5; x++) {
        const d = Math.abs((x - 20) * Math.cos(angle) + (y - 20) * Math.sin(angle));
        const value = thin.data[y * SIDE + x];
        if (d < 0.2) expect(value).toBe(whole.data[y * SIDE + x]);
        if (d > 1) expect(value).toBe(0);
        if (value > 0) kept++;
      }
    }
    expect(kept).toBeGreaterThanOrEqual(SIDE - 10);
    expect(kept).toBeLessThan(1.5 * SIDE);
  });

  test('fades the rim in steps from 0 at the side', () => {
    const row = toNested(suppressRidges(ridge(0)))[0].map((samples) => samples[20]);
    expect(row.slice(0, 6)).toEqual([0, 0.25, 0.5, 0.75, 1, 1]);
    expect(row.slice(-6)).toEqual([1, 1, 0.75, 0.5, 0.25, 0]);
  });

  test('leaves equals, turns nothing to less than 0, and keeps white and channels', () => {
    const flat = createPlanes(2, 9, 9, 255);
    flat.data.fill(100);
    const thin = suppressRidges(flat, { rim: 0 });
    expect(thin).toEqual(flat);
    expect(suppressRidges(createPlanes(1, 1, 1), { rim: 0 }).data).toEqual(Float32Array.of(0));
  });

  test('refuses what it cannot smooth or fade by', () => {
    expect(() => suppressRidges(ridge(0), { sigma: 0 })).toThrow('for sigma but received 0');
    expect(() => suppressRidges(ridge(0), { rim: -1 })).toThrow('for rim but received -1');
    expect(() => suppressRidges(ridge(0), { rin: 1 } as never)).toThrow('rim');
  });
});
