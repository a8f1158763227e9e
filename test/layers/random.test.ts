import { describe, expect, test } from 'vitest';
import { nextWord, seededRandom } from '../../src/layers/random.ts';

describe('xoshiro128**', () => {
  test('gives what the published program gives', () => {
    const state = Int32Array.of(1, 2, 3, 4);
    const words = Array.from({ length: 10 }, () => nextWord(state));
    expect(words).toEqual([
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
    ]);
  });

  // Computed with whole numbers of any size, from the papers' formulas.
  test.each([
    [0, [3809008728, 1133695204, 53579671, 2891528803, 139681546]],
    [42, [2837322924, 544945897, 479756282, 3500138142, 339756180]],
    [2 ** 32 - 1, [835879718, 1921286648, 2356205009, 1885780724, 980451116]],
  ])('seed %j', (seed, words) => {
    const random = seededRandom(seed);
    expect(words.map(() => random.word())).toEqual(words);
  });
});

test('streams of one seed do not disturb each other', () => {
  const [one, other] = [seededRandom(7), seededRandom(7)];
  const first = Array.from({ length: 5 }, () => one.word());
  expect(Array.from({ length: 5 }, () => other.word())).toEqual(first);
});

test('uniform numbers fill their range evenly', () => {
  const random = seededRandom(3);
  const tenths = new Array<number>(10).fill(0);
  for (let i = 0; i < 10_000; i++) {
    const number = random.uniform(-0.5, 0.5);
    expect(number).toBeGreaterThanOrEqual(-0.5);
    expect(number).toBeLessThan(0.5);
    tenths[Math.floor((number + 0.5) * 10)]++;
  }
  // 1,000 each, within five standard deviations of a binomial distribution.
  for (const count of tenths) expect(Math.abs(count - 1000)).toBeLessThan(150);
});

test('a uniform number is its word between the ends', () => {
  expect(seededRandom(0).uniform(10, 12)).toBe(10 + (2 * 3809008728) / 2 ** 32);
});

test.each([-1, 2 ** 32, 0.5, Number.NaN, '1', undefined])('seed %j is refused', (seed) => {
  expect(() => seededRandom(seed as number)).toThrow('Expected a whole number from 0 to 4294967295 for seed');
});
