import { describe, expect, test } from 'vitest';
import { corr2d, type Kernel, kernel, namedKernel, type Planes } from '../../src/core.ts';
import { seededRandom } from '../../src/index.ts';
import { leastSquares, type Solution } from '../../src/learn/moments/leastSquares.ts';
import { momentsOf } from '../../src/learn/moments/moments.ts';
import { examplesOf } from '../../src/learn/pairs.ts';
import { noise, photograph, stored } from './support.ts';

async function solved(before: Planes, after: Planes, k: Kernel, bias = false, ridge = 0): Promise<Solution> {
  const shape = { sharing: 'full', ...k, groups: 1, bias } as const;
  const [moments] = await momentsOf(examplesOf([{ before, after }]), shape, () => Promise.resolve());
  return leastSquares(moments, { bias, ridge });
}

function worst(found: ArrayLike<number>, wanted: ArrayLike<number>): number {
  return Array.from(wanted).reduce((most, tap, i) => Math.max(most, Math.abs(found[i] - tap)), 0);
}

describe('pictures that determine the taps', () => {
  test('gives them, and the bias, to the last digits of Float32', async () => {
    const before = noise(2, 40, 50);
    const random = seededRandom(3);
    const taps = Array.from({ length: 2 * 5 * 4 }, () => random.uniform(-1, 1));
    const k: Kernel = { ...kernel([[0]]), inChannels: 2, height: 5, width: 4, weights: Float32Array.from(taps) };
    const after = corr2d(before, { ...k, bias: Float32Array.of(0.25) });
    const { unknowns, rank, squares } = await solved(before, after, k, true);
    expect(worst(unknowns, [...k.weights, 0.25])).toBeLessThan(1e-6);
    expect(rank).toBe(41);
    expect(squares).toBeLessThan(1e-9);
  });

  test('gives standard errors that the errors of noisy pictures have', async () => {
    const k = namedKernel('sharpen');
    const before = noise(1, 60, 70);
    const clean = corr2d(before, k);
    const random = seededRandom(5);
    const shares: number[] = [];
    for (let run = 0; run < 30; run++) {
      const after = { ...clean, data: clean.data.map((v) => v + random.uniform(-0.1, 0.1)) };
      const { unknowns, standardErrors } = await solved(before, after, k);
      k.weights.forEach((tap, i) => shares.push(((unknowns[i] - tap) / standardErrors[i]) ** 2));
    }
    const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
    // The mean of 270 squares of standard normal numbers is within 1 ± 3·√(2/270).
    expect(Math.abs(mean - 1)).toBeLessThan(0.26);
  });

  test('is as near as rounding leaves of a photograph', async () => {
    const k = namedKernel('gaussian:0.8');
    const { planes: before } = stored(await photograph('chelsea.png'));
    const after = stored(corr2d(before, k)).planes;
    const { unknowns, standardErrors } = await solved(before, after, k);
    expect(worst(unknowns, k.weights)).toBeLessThan(5 * Math.max(...standardErrors));
    expect(Math.max(...standardErrors)).toBeLessThan(2e-3);
  });
});

describe('pictures that do not', () => {
  test('takes the taps of least norm of a flat picture, and says that one combination is determined', async () => {
    const flat = { channels: 1, height: 9, width: 9, data: new Float32Array(81).fill(0.5) };
    const { unknowns, standardErrors, rank } = await solved(flat, flat, namedKernel('box:3'));
    expect(worst(unknowns, new Array(9).fill(1 / 9))).toBeLessThan(1e-12);
    expect(rank).toBe(1);
    expect(standardErrors.every((error) => error === Infinity)).toBe(true);
  });

  test('tells columns apart but not rows where every row is the same', async () => {
    const row = noise(1, 1, 40).data;
    const data = Float32Array.from({ length: 30 * 40 }, (_, i) => row[i % 40]);
    const before = { channels: 1, height: 30, width: 40, data };
    const k = namedKernel('sobel-x');
    const { unknowns, rank } = await solved(before, corr2d(before, k), k);
    expect(rank).toBe(3);
    const sum = (column: number, of: ArrayLike<number>): number => of[column] + of[3 + column] + of[6 + column];
    for (const column of [0, 1, 2]) {
      expect(sum(column, unknowns)).toBeCloseTo(sum(column, k.weights), 5);
      expect(unknowns[column]).toBeCloseTo(sum(column, k.weights) / 3, 5);
    }
  });

  test('leaves all taps 0 on a black picture', async () => {
    const black = { channels: 1, height: 5, width: 5, data: new Float32Array(25) };
    const { unknowns, rank, squares } = await solved(black, black, namedKernel('box:3'));
    expect([...unknowns]).toEqual(new Array(9).fill(0));
    expect(rank).toBe(0);
    expect(squares).toBe(0);
  });
});

describe('ridge', () => {
  test('is that of the normal equations with ridge · samples on the diagonal of the taps, not of the bias', async () => {
    const before = { channels: 1, height: 1, width: 4, data: Float32Array.of(1, 2, 3, 6) };
    const after = { channels: 1, height: 1, width: 4, data: Float32Array.of(3, 5, 7, 13) };
    // Around their means (3, 7): Σ x·y = 28, Σ x² = 14; 28 / (14 + 4·3.5) = 1, and 7 − 1·3 = 4.
    const { unknowns } = await solved(before, after, kernel([[0]]), true, 3.5);
    expect(unknowns[0]).toBeCloseTo(1, 12);
    expect(unknowns[1]).toBeCloseTo(4, 12);
  });
});
