import { describe, expect, test } from 'vitest';
import {
  CONTOUR_SIZE_NAMES,
  CONTOUR_SIZES,
  type ContourShape,
  createNet,
  expectContourShape,
  partsInOrder,
  weightsLayout,
} from '../../src/contours/contourNet.ts';
import { formatNet, parseNet } from '../../src/contours/netFile.ts';
import { shippedNet } from '../../src/contours/shipped/shippedNet.ts';
import { isFileOfKind } from '../../src/kernels/header.ts';
import { floatToHalf, halfToFloat } from '../../src/planes/half.ts';

const NET = createNet({ widths: [4, 6], blocks: [1, 2], lateral: 3 }, 7);

/** The file's fields, some of them others. */
function fileWith(fields: Record<string, unknown>, ofNet: Record<string, unknown> = {}): string {
  const file = JSON.parse(formatNet({ net: NET })) as { net: object };
  return JSON.stringify({ ...file, net: { ...file.net, ...ofNet }, ...fields });
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

describe('a net’s file', () => {
  test('gives the same weights back, in Float32 exactly', () => {
    const learned = { steps: 3 };
    expect(parseNet(formatNet({ net: NET, name: 'mine', learned }))).toStrictEqual({ net: NET, name: 'mine', learned });
    expect(isFileOfKind(formatNet({ net: NET }), 'net')).toBe(true);
  });

  test('of half precision gives the nearest weights', () => {
    const { weights } = parseNet(formatNet({ net: NET }, 'float16')).net;
    weights.forEach((weight, i) => {
      expect(weight).toBe(halfToFloat(floatToHalf(NET.weights[i])));
      expect(Math.abs(weight - NET.weights[i])).toBeLessThanOrEqual(Math.abs(NET.weights[i]) * 2 ** -11 + 2 ** -25);
    });
  });

  test('holds little-endian numbers in Base64', () => {
    const { net } = JSON.parse(formatNet({ net: NET })) as { net: { weights: string } };
    expect(net.weights).toBe(base64(new Uint8Array(NET.weights.buffer)));
  });

  const withNaN = NET.weights.slice();
  withNaN[5] = Number.NaN;
  test.each([
    ['cut short', formatNet({ net: NET }).slice(0, 200), /JSON|text/i],
    ['of another version', fileWith({ corr2d: 2 }), /^Expected 1, the version .* for corr2d but received 2/],
    ['of another kind', fileWith({ kind: 'kernel' }), /Expected net for kind but received kernel/],
    ['with a field too many', fileWith({ colour: 1 }), /colour/],
    ['with weights cut short', fileWith({}, { weights: base64(new Uint8Array(12)) }), /net\.weights .*12 bytes/],
    ['with too many weights', fileWith({}, { widths: [4, 5] }), /net\.weights .* bytes/],
    ['with weights that are no Base64', fileWith({}, { weights: '§§§§' }), /Base64 for net\.weights/],
    ['with a list of weights', fileWith({}, { weights: [1] }), /Base64 for net\.weights/],
    ['of another type', fileWith({}, { type: 'int8' }), /net\.type/],
    [
      'with a weight that is NaN',
      fileWith({}, { weights: base64(new Uint8Array(withNaN.buffer)) }),
      /net\.weights\[5\]/,
    ],
    ['without widths', fileWith({}, { widths: undefined }), /net\.widths/],
    ['without a net', fileWith({ net: undefined }), /an object for net/],
    ['with a name that is no text', fileWith({ name: 3 }), /name/],
    ['with a report that is none', fileWith({ learned: [] }), /learned/],
  ])('%s is refused by name', (_, text, message) => {
    expect(() => parseNet(text)).toThrow(message);
  });
});

describe('half precision', () => {
  test('every number of 16 bits comes back from Float32', () => {
    const wrong: number[] = [];
    for (let bits = 0; bits < 65_536; bits++) {
      const value = halfToFloat(bits);
      const back = floatToHalf(value);
      const same = Number.isNaN(value) ? (back & 0x7c00) === 0x7c00 && (back & 0x3ff) !== 0 : back === bits;
      if (!same || (!Number.isNaN(value) && Math.fround(value) !== value)) wrong.push(bits);
    }
    expect(wrong).toStrictEqual([]);
  });

  test('what lies between two goes to the nearer one, halfway to the even one', () => {
    const wrong: number[] = [];
    for (let bits = 0; bits < 0x7bff; bits++) {
      const [low, high] = [halfToFloat(bits), halfToFloat(bits + 1)];
      const middle = (low + high) / 2;
      const even = bits % 2 === 0 ? bits : bits + 1;
      const quarter = (high - low) / 4;
      const right =
        floatToHalf(middle) === even &&
        floatToHalf(middle - quarter) === bits &&
        floatToHalf(middle + quarter) === bits + 1;
      if (!right || floatToHalf(-middle) !== (even | 0x8000)) wrong.push(bits);
    }
    expect(wrong).toStrictEqual([]);
    expect(floatToHalf(65_519.99)).toBe(0x7bff);
    expect(floatToHalf(65_520)).toBe(0x7c00);
  });
});

describe('the shape of a net', () => {
  test.each<[string, object, RegExp]>([
    ['no levels', { widths: [], blocks: [], lateral: 1 }, /1 to 7 levels for shape\.widths/],
    ['eight levels', { widths: Array(8).fill(2), blocks: Array(8).fill(0), lateral: 1 }, /shape\.widths/],
    ['a width of 0', { widths: [0], blocks: [1], lateral: 1 }, /shape\.widths\[0\]/],
    ['a width of 257', { widths: [4, 257], blocks: [1, 1], lateral: 1 }, /shape\.widths\[1\]/],
    ['too few blocks', { widths: [4, 4], blocks: [1], lateral: 1 }, /2 numbers of blocks.* for shape\.blocks/],
    ['a broken number of blocks', { widths: [4], blocks: [0.5], lateral: 1 }, /shape\.blocks\[0\]/],
    ['no way back', { widths: [4], blocks: [1] }, /shape\.lateral/],
  ])('of %s is refused', (_, shape, message) => {
    expect(() => expectContourShape(shape as ContourShape, 'shape')).toThrow(message);
  });

  test('its parts lie one after another', () => {
    for (const shape of Object.values(CONTOUR_SIZES)) {
      const parts = weightsLayout(shape);
      let next = 0;
      for (const { offset, length, shape: size } of partsInOrder(parts)) {
        expect([offset, length]).toStrictEqual([next, size[0] * size[1]]);
        next += length;
      }
      expect(next).toBe(parts.count);
    }
  });
});

test.each([
  ['tiny', 2000],
  ['small', 10_000],
  ['large', 30_000],
] as const)('the shipped net %s has at most %i weights', (size, most) => {
  const { weights, ...shape } = shippedNet(size);
  expect(shape).toStrictEqual({ ...CONTOUR_SIZES[size] });
  expect(weights.length).toBeLessThanOrEqual(most);
  expect(weights.length).toBe(weightsLayout(shape).count);
  expect(new Set(weights).size).toBeGreaterThan(weights.length / 4);
});

test('all sizes are tested', () => expect(CONTOUR_SIZE_NAMES).toStrictEqual(['tiny', 'small', 'large']));
