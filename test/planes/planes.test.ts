import { describe, expect, test } from 'vitest';
import { ExpectationError } from '../../src/planes/expected.ts';
import { type Picture, planesOf } from '../../src/planes/picture.ts';
import {
  channelOf,
  createPlanes,
  expectPlanes,
  type Planes,
  planes,
  shapeOf,
  toNested,
  toUnit,
  whiteOf,
} from '../../src/planes/planes.ts';

describe('planes', () => {
  test('rows are one channel', () => {
    expect(
      planes([
        [0, 1, 2],
        [3, 4, 5],
      ]),
    ).toEqual({ channels: 1, height: 2, width: 3, data: Float32Array.of(0, 1, 2, 3, 4, 5) });
  });

  test('channels of rows lie one after the other', () => {
    const p = planes([[[0, 1]], [[2, 3]], [[4, 5]]], 255);
    expect(p).toEqual({ channels: 3, height: 1, width: 2, data: Float32Array.of(0, 1, 2, 3, 4, 5), white: 255 });
  });

  test('toNested takes them apart again, and copies', () => {
    const nested = [
      [
        [0.5, -0],
        [Number.NaN, 3],
      ],
      [
        [4, Number.POSITIVE_INFINITY],
        [6, -7],
      ],
    ];
    const p = planes(nested);
    const back = toNested(p);
    expect(back).toEqual(nested);
    back[0][0][0] = 99;
    expect(p.data[0]).toBe(0.5);
  });

  test('samples are Float32', () => {
    expect(planes([[0.1]]).data[0]).toBe(Math.fround(0.1));
  });

  test.each([
    [[], 'Expected rows of samples, or channels of rows for planes but received []'],
    [[[]], 'Expected at least one row of one sample for planes but received [[]]'],
    [[[[]]], 'Expected at least one row of one sample for planes but received [[[]]]'],
    [[[1, 2], [3]], 'Expected rows of one length for planes but received 2, 1'],
    [[[[1, 2], [3]]], 'Expected rows of one length for planes but received 2, 1'],
    [[[[1]], [[1], [2]]], 'Expected channels of one height for planes but received 1, 2'],
    [[[[1]], [2]], 'Expected channels of rows of samples for planes but received [[[1]],[2]]'],
    [[[[1]], []], 'Expected channels of rows of samples for planes but received [[[1]],[]]'],
    [[1, 2], 'Expected rows of samples, or channels of rows for planes but received [1,2]'],
    [[['1']], 'Expected numbers for planes but received 1'],
    [[[1, null]], 'Expected numbers for planes but received null'],
    [[[[[1]]]], 'Expected numbers for planes but received [1]'],
    ['1', 'Expected rows of samples, or channels of rows for planes but received 1'],
    [null, 'Expected rows of samples, or channels of rows for planes but received null'],
  ])('refuses %j', (nested, message) => {
    expect(() => planes(nested as number[][])).toThrow(new ExpectationError(message));
  });
});

describe('createPlanes', () => {
  test('gives samples of +0', () => {
    const p = createPlanes(2, 3, 4, 255);
    expect(p).toEqual({ channels: 2, height: 3, width: 4, data: new Float32Array(24), white: 255 });
  });

  test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses a size of %d', (size) => {
    expect(() => createPlanes(size, 1, 1)).toThrow('Expected a whole number of at least 1 for channels');
    expect(() => createPlanes(1, size, 1)).toThrow('Expected a whole number of at least 1 for height');
    expect(() => createPlanes(1, 1, size)).toThrow('Expected a whole number of at least 1 for width');
  });

  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, '255'])('refuses a white of %j', (white) => {
    expect(() => createPlanes(1, 1, 1, white as number)).toThrow('Expected a number above 0 for white but received');
  });

  test('refuses more samples than one array holds', () => {
    expect(() => createPlanes(3, 65536, 65536)).toThrow(
      'Expected at most 2^32 samples for planes but received 3×65536×65536',
    );
  });
});

describe('white', () => {
  test('is 1 where it is left out', () => {
    expect(whiteOf(planes([[1]]))).toBe(1);
    expect(whiteOf(planes([[1]], 65535))).toBe(65535);
  });

  test('toUnit divides by it, once', () => {
    const unit = toUnit(planes([[0, 51, 255, 510, -255]], 255));
    expect(unit).toEqual(planes([[0, 0.2, 1, 2, -1]]));
    expect(toUnit(unit)).toBe(unit);
  });
});

describe('channelOf', () => {
  test('is a view of one channel', () => {
    const p = planes([[[1, 2]], [[3, 4]]], 255);
    const second = channelOf(p, 1);
    expect(second).toEqual({ channels: 1, height: 1, width: 2, data: Float32Array.of(3, 4), white: 255 });
    second.data[0] = 9;
    expect(p.data[2]).toBe(9);
  });

  test.each([-1, 2, 0.5])('refuses channel %d of two', (channel) => {
    expect(() => channelOf(planes([[[1]], [[2]]]), channel)).toThrow(
      `Expected a whole number from 0 to 1 for channel but received ${channel}`,
    );
  });
});

test('shapeOf is channels×height×width', () => {
  expect(shapeOf(createPlanes(3, 20, 10))).toBe('3×20×10');
});

test('planesOf takes the colour planes of a picture, and planes as they are', () => {
  const p = planes([[1]], 255);
  const picture: Picture = { planes: p, alpha: planes([[0]], 255), depth: 8, lossy: false, metadata: {} };
  expect(planesOf(picture)).toBe(p);
  expect(planesOf(p)).toBe(p);
});

describe('expectPlanes', () => {
  const good = { channels: 1, height: 2, width: 3, data: new Float32Array(6) };

  test('passes planes', () => {
    expect(() => expectPlanes(good, 'x')).not.toThrow();
  });

  test.each([
    [null, 'Expected planes ({ channels, height, width, data: Float32Array }) for x but received null'],
    [[[1]], 'Expected planes ({ channels, height, width, data: Float32Array }) for x but received [[1]]'],
    [{ ...good, data: [0, 0] }, 'Expected planes ({ channels, height, width, data: Float32Array }) for x but received'],
    [{ ...good, data: new Float64Array(6) }, 'data: Float32Array }) for x but received'],
    [{ ...good, channels: 0 }, 'Expected a whole number of at least 1 for x.channels but received 0'],
    [{ ...good, height: 0.5 }, 'Expected a whole number of at least 1 for x.height but received 0.5'],
    [{ ...good, width: '3' }, 'Expected a whole number of at least 1 for x.width but received 3'],
    [{ ...good, height: 3 }, 'Expected 9 samples for x of 1×3×3 but received 6'],
  ])('refuses %j', (claimed, message) => {
    expect(() => expectPlanes(claimed as unknown as Planes, 'x')).toThrow(message);
  });
});
