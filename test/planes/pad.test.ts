import { describe, expect, test } from 'vitest';
import type { Border } from '../../src/planes/border.ts';
import { pad } from '../../src/planes/pad.ts';
import { channelOf, planes, toNested } from '../../src/planes/planes.ts';
import { anyBorder, anyPlanes, anySides } from '../support/arbitraries.ts';
import fc from '../support/fc.ts';
import { sampleAt } from '../support/naiveBorder.ts';

const none = { top: 0, right: 0, bottom: 0, left: 0 };

describe('pad', () => {
  // NumPy: np.pad([[1, 2, 3], [4, 5, 6]], ((2, 1), (3, 4)), mode).
  const tables: [Border, string[]][] = [
    ['zero', ['0000000000', '0000000000', '0001230000', '0004560000', '0000000000']],
    ['replicate', ['1111233333', '1111233333', '1111233333', '4444566666', '4444566666']],
    ['reflect101', ['2321232123', '5654565456', '2321232123', '5654565456', '2321232123']],
    ['symmetric', ['6544566544', '3211233211', '3211233211', '6544566544', '6544566544']],
    ['wrap', ['1231231231', '4564564564', '1231231231', '4564564564', '1231231231']],
    [{ constant: 9 }, ['9999999999', '9999999999', '9991239999', '9994569999', '9999999999']],
  ];
  test.each(tables)('%j is what np.pad gives', (border, rows) => {
    const x = planes([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    const padded = pad(x, { top: 2, right: 4, bottom: 1, left: 3 }, border);
    expect(toNested(padded)[0].map((row) => row.join(''))).toEqual(rows);
  });

  test('fills with 0 where no border is named', () => {
    expect(toNested(pad(planes([[1]]), { ...none, right: 1 }))).toEqual([[[1, 0]]]);
  });

  test('keeps white, and takes a constant in units of it', () => {
    const padded = pad(planes([[1]], 255), { ...none, left: 1 }, { constant: 1 });
    expect(padded.white).toBe(255);
    expect(toNested(padded)).toEqual([[[255, 1]]]);
    expect(pad(planes([[1]]), none)).not.toHaveProperty('white');
  });

  test('copies: a result without a rim has its own memory', () => {
    const x = planes([[1, 2]]);
    const padded = pad(x, none);
    expect(padded).toEqual(x);
    expect(padded.data.buffer).not.toBe(x.data.buffer);
  });

  test('pads every channel by itself', () => {
    fc.assert(
      fc.property(anyPlanes(), anySides, anyBorder, (x, sides, border) => {
        const padded = pad(x, sides, border);
        for (let c = 0; c < x.channels; c++) {
          expect(toNested(channelOf(padded, c))).toEqual(toNested(pad(channelOf(x, c), sides, border)));
        }
      }),
    );
  });

  test('holds at every place what walking back into the picture finds', () => {
    fc.assert(
      fc.property(anyPlanes(), anySides, anyBorder, (x, sides, border) => {
        const padded = pad(x, sides, border);
        const wanted = Array.from({ length: x.channels }, (_, c) =>
          Array.from({ length: sides.top + x.height + sides.bottom }, (_, i) =>
            Array.from({ length: sides.left + x.width + sides.right }, (_, j) =>
              sampleAt(x, c, i - sides.top, j - sides.left, border),
            ),
          ),
        );
        expect(toNested(padded)).toEqual(wanted);
      }),
    );
  });

  test.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, '1', undefined])('refuses a side of %j', (side) => {
    expect(() => pad(planes([[1]]), { ...none, left: side as number })).toThrow(
      'Expected a whole number of at least 0 for left',
    );
  });

  test('refuses what is no picture', () => {
    const torn = { channels: 1, height: 2, width: 2, data: new Float32Array(3) };
    expect(() => pad(torn, none)).toThrow('Expected 4 samples for the picture of 1×2×2 but received 3');
  });

  test('refuses a bare reflect', () => {
    expect(() => pad(planes([[1]]), none, 'reflect' as Border)).toThrow('which means both');
  });

  test('refuses a result larger than one array', () => {
    expect(() => pad(planes([[1]]), { top: 2 ** 20, right: 2 ** 20, bottom: 0, left: 0 })).toThrow(
      'Expected at most 2^32 samples for planes but received 1×1048577×1048577',
    );
  });
});
