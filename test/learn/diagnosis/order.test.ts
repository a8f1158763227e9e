import { describe, expect, test } from 'vitest';
import { exchanged, isReversed, roundingOf } from '../../../src/learn/diagnosis/order.ts';
import { residualOf } from '../../../src/learn/moments/residual.ts';
import type { Example } from '../../../src/learn/pairs.ts';
import { createPlanes } from '../../../src/planes/planes.ts';

const pair = (height: number, clips = true): Example => ({
  before: createPlanes(1, 5, 6, 255),
  after: createPlanes(1, height, 6, 255),
  clips,
  stored: clips,
  lossy: false,
  where: 'pairs[0]',
});

describe('the order of a pair', () => {
  test.each([
    [0.05, 0.001, true],
    [0.05, 0.02, false],
    [0.004, 0.0011, true],
    [0.0025, 0.0001, false],
    [0.05, 0.002, false],
    [0.001, 0.05, false],
  ])('%d left over as given, %d the other way round', (given, other, reversed) => {
    const of = (rms: number) => residualOf(rms * rms * 30, 1, 30);
    expect(isReversed([pair(5)], of(given), of(other))).toBe(reversed);
  });

  test('exchanged pictures', () => {
    const one = pair(5);
    const [other] = exchanged([one]) ?? expect.fail('Expected a pair');
    expect(other.before).toBe(one.after);
    expect(other.after).toBe(one.before);
    expect(exchanged([one, pair(3)])).toBeUndefined();
  });

  test('what rounding leaves', () => {
    expect(roundingOf([pair(5)])).toBeCloseTo(0.001132, 6);
    expect(roundingOf([pair(5, false)])).toBe(0);
  });
});
