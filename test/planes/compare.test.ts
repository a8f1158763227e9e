import { describe, expect, test } from 'vitest';
import { comparePlanes, describeDifference } from '../../src/planes/compare.ts';
import { createPlanes, planes } from '../../src/planes/planes.ts';

describe('comparePlanes', () => {
  test('finds nothing between a picture and its copy', () => {
    const p = planes([[1, -0, Number.NaN, Number.POSITIVE_INFINITY]]);
    expect(comparePlanes(p, { ...p, data: p.data.slice() })).toEqual({ sameShape: true, count: 0, largest: 0 });
  });

  test('counts the samples that differ, and says where the first is and how far the farthest', () => {
    const wanted = createPlanes(2, 3, 4);
    const actual = { ...wanted, data: wanted.data.slice() };
    actual.data[12 + 2 * 4 + 1] = -3;
    actual.data[12 + 2 * 4 + 3] = 2;
    expect(comparePlanes(actual, wanted)).toEqual({
      sameShape: true,
      count: 2,
      largest: 3,
      first: { channel: 1, row: 2, column: 1, actual: -3, expected: 0 },
    });
  });

  test('at tolerance 0 tells +0 from −0', () => {
    expect(comparePlanes(planes([[0]]), planes([[-0]]))).toMatchObject({ count: 1, largest: 0 });
    expect(comparePlanes(planes([[0]]), planes([[-0]]), 1e-30).count).toBe(0);
  });

  test('a tolerance is the largest distance that passes', () => {
    const wanted = planes([[0, 0, 0]]);
    expect(comparePlanes(planes([[0.5, -0.5, 0.75]]), wanted, 0.5)).toMatchObject({ count: 1, largest: 0.75 });
  });

  test('no tolerance covers NaN or an infinity on one side alone', () => {
    const wanted = planes([[1, 1, 1]]);
    const actual = planes([[Number.NaN, 5, Number.POSITIVE_INFINITY]]);
    expect(comparePlanes(actual, wanted, 10)).toMatchObject({ count: 2, largest: Number.NaN });
    expect(comparePlanes(wanted, actual, 10)).toMatchObject({ count: 2, largest: Number.NaN });
  });

  test.each([
    [1, 2, 4],
    [2, 2, 2],
    [1, 4, 2],
  ])('%i×%i×%i is not the shape of 1×2×2', (channels, height, width) => {
    const found = comparePlanes(createPlanes(channels, height, width), createPlanes(1, 2, 2));
    expect(found).toEqual({ sameShape: false, count: Number.NaN, largest: Number.NaN });
  });
});

describe('describeDifference', () => {
  test('is empty for equal pictures', () => {
    expect(describeDifference(planes([[1]]), planes([[1]]))).toBe('');
    expect(describeDifference(planes([[1]]), planes([[1.25]]), 0.25)).toBe('');
  });

  test('is one sentence otherwise', () => {
    expect(describeDifference(planes([[1, 2]]), planes([[1], [2]]))).toBe('Expected 1×2×1 but received 1×1×2');
    expect(describeDifference(planes([[1, -0]]), planes([[1, 0]]))).toBe(
      '1 of 2 samples differ (by up to 0), first at channel 0, row 0, column 1: expected 0 but received -0',
    );
  });
});
