import { describe, expect, test } from 'vitest';
import type { Border } from '../../src/planes/border.ts';
import { fold } from '../../src/planes/fold.ts';
import { pad } from '../../src/planes/pad.ts';
import { createPlanes, type Planes, planes, toNested } from '../../src/planes/planes.ts';
import { anyBorder, anyPlanes, anySides } from '../support/arbitraries.ts';
import fc from '../support/fc.ts';

const none = { top: 0, right: 0, bottom: 0, left: 0 };

/** ⟨a, b⟩, exact for whole numbers. */
function product(a: Planes, b: Planes): number {
  expect([a.channels, a.height, a.width]).toEqual([b.channels, b.height, b.width]);
  return a.data.reduce((sum, sample, i) => sum + sample * b.data[i], 0);
}

describe('fold', () => {
  test.each<[Border, number[]]>([
    ['zero', [8, 16, 32]],
    [{ constant: 9 }, [8, 16, 32]],
    ['replicate', [1 + 2 + 4 + 8, 16, 32 + 64 + 128]],
    ['reflect101', [8 + 128, 16 + 1 + 4 + 64, 32 + 2]],
    ['symmetric', [8 + 4, 16 + 2 + 128, 32 + 1 + 64]],
    ['wrap', [8 + 1 + 64, 16 + 2 + 128, 32 + 4]],
  ])('%j adds the rim back onto the samples that it was copied from', (border, sums) => {
    // Three samples with three before and two after them; every slope is a power of two of its own.
    const slopes = planes([[1, 2, 4, 8, 16, 32, 64, 128]]);
    expect(toNested(fold(slopes, { ...none, left: 3, right: 2 }, border))).toEqual([[sums]]);
  });

  test('is the adjoint of pad: ⟨pad(x), y⟩ = ⟨x, fold(y)⟩', () => {
    fc.assert(
      fc.property(anyPlanes(), anySides, anyBorder, fc.integer(), (x, sides, border, salt) => {
        const padded = pad(x, sides, border);
        const y = createPlanes(padded.channels, padded.height, padded.width);
        for (let i = 0; i < y.data.length; i++) y.data[i] = ((Math.imul(i + salt, 0x9e3779b1) >>> 16) % 19) - 9;
        // What a constant adds is no function of x.
        const offset = product(pad({ ...x, data: new Float32Array(x.data.length) }, sides, border), y);
        expect(product(padded, y) - offset).toBe(product(x, fold(y, sides, border)));
      }),
    );
  });

  test('sums so that small slopes are not lost beside large ones', () => {
    const slopes = planes([[2 ** 24, 1, 1, 1, 1]]);
    expect(toNested(fold(slopes, { ...none, left: 4 }, 'replicate'))).toEqual([[[2 ** 24 + 4]]]);
  });

  test('keeps white, has memory of its own, and drops the rim where no border is named', () => {
    const y = planes([[1, 2, 3]], 255);
    const same = fold(y, none);
    expect(same).toEqual(y);
    expect(same.data.buffer).not.toBe(y.data.buffer);
    expect(toNested(fold(y, { ...none, left: 1 }))).toEqual([[[2, 3]]]);
  });

  test.each([
    [{ ...none, left: 2, right: 1 }, 'Expected at least 1×4 samples for a picture that was padded by as much but'],
    [{ ...none, top: 1 }, 'Expected at least 2×1 samples for a picture that was padded by as much but received 1×1×3'],
    [{ ...none, left: -1 }, 'Expected a whole number of at least 0 for left but received -1'],
  ])('refuses sides %j', (sides, message) => {
    expect(() => fold(planes([[1, 2, 3]]), sides)).toThrow(message);
  });

  test('refuses a bare reflect', () => {
    expect(() => fold(planes([[1]]), none, 'reflect' as Border)).toThrow('which means both');
  });
});
