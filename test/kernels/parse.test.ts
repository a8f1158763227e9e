import { describe, expect, test } from 'vitest';
import { formatKernel } from '../../src/kernels/format.ts';
import { type Kernel, kernel, toNestedTaps } from '../../src/kernels/kernel.ts';
import { namedKernel } from '../../src/kernels/named.ts';
import { LONGEST_TEXT } from '../../src/kernels/notation.ts';
import { parseKernel, parseNotation } from '../../src/kernels/parse.ts';
import { ExpectationError } from '../../src/planes/expected.ts';
import fc from '../support/fc.ts';
import { numRuns } from '../support/numRuns.ts';

const rowsOf = (k: Kernel) => toNestedTaps(k)[0][0];

describe('parseKernel', () => {
  test.each([
    ['sobel-x', 'name'],
    ['  laplacian:8\n', 'name'],
    ['3x3:0,-1,0,-1,5,-1,0,-1,0', 'imagemagick'],
    ['3: 0 -1 0 -1 5 -1 0 -1 0', 'imagemagick'],
    ['[[1,-1]]', 'json'],
    ['\uFEFF [[1,-1]]', 'json'],
    ['2 1\n1 -1\n', 'libvips'],
    ['{"width":1,"height":1,"kernel":[1]}', 'sharp'],
    ['{"corr2d":1,"kind":"kernel","weights":[[1]]}', 'corr2d'],
  ])('%j is read as %s', (text, notation) => {
    expect(parseNotation(text).notation).toBe(notation);
    expect(parseKernel(text)).toEqual(parseNotation(text).kernel);
  });

  test('says what a kernel file says beside the kernel', () => {
    const text =
      '{"corr2d":1,"kind":"kernel","weights":[[1]],"border":"wrap","rounding":"truncate","learned":{"rms":0}}';
    expect(parseNotation(text)).toMatchObject({ border: 'wrap', rounding: 'truncate', learned: { rms: 0 } });
  });

  test.each([
    ['', /^Expected the name of a kernel .* but received an empty text \(taken for a name with arguments\)$/],
    ['  ', /an empty text/],
    ['sobel', /received sobel \(taken for a name with arguments\); did you mean sobel-x or sobel-y\?$/],
    ['/etc/passwd', /^Expected the name of a kernel/],
    ['{', /^Expected JSON for the text but received a fault: .* \(taken for a JSON object\)$/],
    [
      '{}',
      /^Expected a field corr2d \(a kernel file\) or kernel \(what sharp takes\) for the JSON object but received an empty text$/,
    ],
    ['{"kernal":[1]}', /but received kernal$/],
    ['[[1,2', /^Expected JSON for the text but received a fault: .* \(taken for a JSON array\)$/],
  ])('%j is refused', (text, message) => {
    expect(() => parseKernel(text)).toThrow(ExpectationError);
    expect(() => parseKernel(text)).toThrow(message);
  });

  test('refuses what is no text, and too long a text', () => {
    expect(() => parseKernel(3 as never)).toThrow(new ExpectationError('Expected a text for a kernel but received 3'));
    expect(() => parseKernel(' '.repeat(LONGEST_TEXT + 1))).toThrow(
      new ExpectationError('Expected at most 16777216 characters for a kernel but received 16777217'),
    );
  });
});

describe('hostile texts', () => {
  const parts = fc.constantFrom(
    '[',
    ']',
    '{',
    '}',
    ',',
    ':',
    '"',
    '-',
    '+',
    '.',
    'e',
    'x',
    ' ',
    '\n',
    '0',
    '1',
    '3',
    'nan',
    'kernel',
    'corr2d',
    'gaussian',
    'box',
    '__proto__',
    'width',
    '\u0000',
  );

  test('are a kernel or a refusal', () => {
    const texts = fc.oneof(
      fc.string(),
      fc.array(parts, { maxLength: 30 }).map((list) => list.join('')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        try {
          expect(parseKernel(text).weights.every(Number.isFinite)).toBe(true);
        } catch (fault) {
          expect(fault).toBeInstanceOf(ExpectationError);
        }
      }),
      numRuns(2000),
    );
  });

  // A pattern that backtracks takes hours for these.
  test.each([
    ['digits', `1x1:${'1'.repeat(1e6)}x`],
    ['digits of a matrix', `1 1\n${'1'.repeat(1e6)}x`],
    ['digits of an argument', `gaussian:${'1'.repeat(1e6)}x`],
    ['digits of a border', `{"corr2d":1,"kind":"kernel","weights":[[1]],"border":"${'1'.repeat(1e6)}x"}`],
    ['spaces', `1x1:1${' '.repeat(1e6)}x`],
    ['commas', `3x3:${','.repeat(1e6)}`],
    ['a size', `${'9'.repeat(1e6)}x:`],
    ['a name', `${'sobel'.repeat(1e5)}`],
  ])('a million %s are refused at once', (_, text) => {
    // In steps that grow with the square of the length it would take hours, and the test end at its time limit.
    expect(() => parseKernel(text)).toThrow(ExpectationError);
  });
});

describe('ImageMagick', () => {
  test.each([
    [
      '3x3:0,-1,0,-1,5,-1,0,-1,0',
      [
        [0, -1, 0],
        [-1, 5, -1],
        [0, -1, 0],
      ],
    ],
    [
      '3:0 -1 0\n-1 5 -1\n0 -1 0',
      [
        [0, -1, 0],
        [-1, 5, -1],
        [0, -1, 0],
      ],
    ],
    ['3x1: 1 , 2, 3', [[1, 2, 3]]],
    ['1x3:1,2,3', [[1], [2], [3]]],
    ['3X1:.5,-1e-1,+2.', [[0.5, Math.fround(-0.1), 2]]],
    ['3x1:-,5,NaN', [[0, 5, 0]]],
    ['3x1+1+0:1,2,3', [[1, 2, 3]]],
  ])('%j', (text, rows) => {
    expect(rowsOf(parseKernel(text))).toEqual(rows);
  });

  // Each as ImageMagick 6.9's -morphology Correlate answers a single white sample.
  test.each([
    ['2x1:1,2', [[0, 1, 2]]],
    ['2x1+0+0:1,2', [[0, 1, 2]]],
    ['2x1+1+0:1,2', [[1, 2]]],
    ['3x1+0+0:1,2,3', [[0, 0, 1, 2, 3]]],
    ['3x1+2+0:1,2,3', [[1, 2, 3, 0, 0]]],
    ['1x2:1,2', [[0], [1], [2]]],
    [
      '2x2+1+1:1,2,3,4',
      [
        [1, 2],
        [3, 4],
      ],
    ],
    [
      '2x2+1+0:1,2,3,4',
      [
        [0, 0],
        [1, 2],
        [3, 4],
      ],
    ],
    ['4x1+3+0:1,2,3,4', [[1, 2, 3, 4, 0, 0, 0]]],
  ])('%j has its origin at the centre', (text, rows) => {
    expect(rowsOf(parseKernel(text))).toEqual(rows);
  });

  test.each([
    ['3x3:1,2,3', 'Expected 9 taps for a kernel of 3x3 but received 3'],
    ['2x1:1,2,3', 'Expected 2 taps for a kernel of 2x1 but received 3'],
    ['3x3:', 'Expected 9 taps for a kernel of 3x3 but received 0'],
    ['3x1:1,x,2', 'Expected a number that is finite in Float32, - or nan for tap 2 of 3 but received x'],
    ['3x1:1,,2', 'Expected a number that is finite in Float32, - or nan for tap 2 of 3 but received an empty text'],
    ['1x1:1e39', 'Expected a number that is finite in Float32, - or nan for tap 1 of 1 but received 1e39'],
    ['1x1:inf', 'Expected a number that is finite in Float32, - or nan for tap 1 of 1 but received inf'],
    ['0x0:', 'Expected a whole number from 1 to 4096 for the width but received 0'],
    ['3x0:1', 'Expected a whole number from 1 to 4096 for the height but received 0'],
    ['99999x99999:1', 'Expected a whole number from 1 to 4096 for the width but received 99999'],
    ['3x1+3+0:1,2,3', 'Expected a whole number from 0 to 2 for the origin X but received 3'],
    ['3x1+0+1:1,2,3', 'Expected a whole number from 0 to 0 for the origin Y but received 1'],
    ['3x1-1+0:1,2,3', 'Expected a size (WxH, or WxH+X+Y) before the colon for the kernel but received 3x1-1+0'],
    ['3x3@:1', 'Expected a size (WxH, or WxH+X+Y) before the colon for the kernel but received 3x3@'],
    ['1x1:1;1x1:2', 'Expected one kernel but received several, with ; between them'],
  ])('%j is refused', (text, message) => {
    expect(() => parseKernel(text)).toThrow(new ExpectationError(`${message} (taken for ImageMagick's notation)`));
  });
});

describe('JSON arrays', () => {
  test('2, 3 and 4 deep', () => {
    expect(toNestedTaps(parseKernel('[[1,2],[3,4]]'))).toEqual([
      [
        [
          [1, 2],
          [3, 4],
        ],
      ],
    ]);
    expect(toNestedTaps(parseKernel('[[[1]],[[2]]]'))).toEqual([[[[1]], [[2]]]]);
    expect(toNestedTaps(parseKernel('[[[[1]]],[[[2]]]]'))).toEqual([[[[1]]], [[[2]]]]);
  });

  test.each([
    ['[]', 'Expected taps nested 2, 3 or 4 deep for kernel but received []'],
    ['[1,2]', 'Expected taps nested 2, 3 or 4 deep for kernel but received [1,2]'],
    ['[[[[[1]]]]]', 'Expected taps nested 2, 3 or 4 deep for kernel but received [[[[[1]]]]]'],
    ['[[]]', 'Expected at least one row of one tap for kernel but received [[]]'],
    ['[[[],[]]]', 'Expected at least one row of one tap for kernel but received [[[],[]]]'],
    ['[[1,2,3],[1,2,3],[1,2]]', 'Expected rows of one length for kernel but received 3, 3, 2'],
    ['[[1],2]', 'Expected rows of one length for kernel but received 1, no array'],
    ['[[[1]],[[1,2]]]', 'Expected rows of one length for kernel[1] but received 2'],
    ['[[[1]],[[1],[2]]]', 'Expected 1 rows for kernel[1] but received [[1],[2]]'],
    [
      '[[[[1]]],[[[1]],[[2]]]]',
      'Expected the same number of input channels for every output for kernel but received 1, 2',
    ],
    [
      '[[[[1]],[[1]]],[[[1]],[[null]]]]',
      'Expected a number that is finite in Float32 for kernel[1][1][0][0] but received null',
    ],
    ['[[1,"2"]]', 'Expected a number that is finite in Float32 for kernel[0][1] but received 2'],
    ['[[1,[2]]]', 'Expected a number that is finite in Float32 for kernel[0][1] but received [2]'],
    ['[[1],[1e39]]', 'Expected a number that is finite in Float32 for kernel[1][0] but received 1e+39'],
  ])('%s is refused', (text, message) => {
    expect(() => parseKernel(text)).toThrow(new ExpectationError(`${message} (taken for a JSON array)`));
  });

  test('nested without end is refused, not followed', () => {
    const deep = 200_000;
    expect(() => parseKernel('['.repeat(deep) + ']'.repeat(deep))).toThrow(
      'Expected taps nested 2, 3 or 4 deep for kernel',
    );
  });

  test('wider than a kernel may be is refused', () => {
    expect(() => parseKernel(`[[${new Array(4097).fill(0).join()}]]`)).toThrow(
      'Expected a whole number from 1 to 4096 for kernel.width but received 4097',
    );
  });
});

describe('rows of numbers', () => {
  const sobel = kernel([
    [1, 2, 1],
    [0, 0, 0],
    [-1, -2, -1],
  ]).weights;

  test.each([
    ['as NumPy writes whole numbers', '1 2 1\n0 0 0\n-1 -2 -1\n'],
    [
      'as NumPy writes floats',
      '1.000000000000000000e+00 2.000000000000000000e+00 1.000000000000000000e+00\n' +
        '0.000000000000000000e+00 0.000000000000000000e+00 0.000000000000000000e+00\n' +
        '-1.000000000000000000e+00 -2.000000000000000000e+00 -1.000000000000000000e+00\n',
    ],
    ['with a header and remarks', '# Sobel\n1 2 1 # down\n\n0 0 0\n-1 -2 -1'],
    ['with commas', '1,2,1\n0,0,0\n-1,-2,-1\n'],
    ['with semicolons and blanks', '1; 2; 1\r\n0; 0; 0\r\n-1; -2; -1\r\n'],
    ['with tabs', '1\t2\t1\n0\t0\t0\n-1\t-2\t-1'],
  ])('%s', (_, text) => {
    const { kernel: k, notation } = parseNotation(text);
    expect([notation, k.height, k.width, k.weights]).toEqual(['rows', 3, 3, sobel]);
  });

  test('one row, one column, and our own table of a kernel', () => {
    expect(parseKernel('1 -1')).toMatchObject({ height: 1, width: 2, weights: Float32Array.of(1, -1) });
    expect(parseKernel('0.25 0.5 0.25')).toMatchObject({ weights: Float32Array.of(0.25, 0.5, 0.25) });
    expect(parseKernel('1 0 -1')).toMatchObject({ height: 1, width: 3, weights: Float32Array.of(1, 0, -1) });
    expect(parseKernel('0.5\n0.5')).toMatchObject({ height: 2, width: 1, weights: Float32Array.of(0.5, 0.5) });
    const k = namedKernel('gaussian:0.8');
    expect(parseKernel(formatKernel(k, 'table')).weights).toEqual(k.weights);
  });

  test.each([
    ['whole', '2 2\n1 2\n3 4\n', [1, 2, 3, 4]],
    ['with scale and offset', '3 1 9\n1 1 1\n', [1 / 9, 1 / 9, 1 / 9].map(Math.fround)],
  ])('what is a libvips matrix, %s, stays one', (_, text, weights) => {
    expect([...parseKernel(text).weights]).toEqual(weights);
  });

  test.each([
    ['3 3 1\n1 2 3\n4 5 6\n', /Expected 3 rows .* \(taken for a libvips matrix\)$/],
    ['5 1\n1 2\n', /Expected 5 taps for line 2 .* \(taken for a libvips matrix\)$/],
    ['1 2 1', /\(taken for a libvips matrix\)$/],
    ['5', /\(taken for a libvips matrix\)$/],
    ['1 2 1\n0 0\n-1 -2 -1', /\(taken for a libvips matrix\)$/],
  ])('what may be one with something missing is refused: %j', (text, message) => {
    expect(() => parseKernel(text)).toThrow(message);
  });
});

describe('libvips matrices', () => {
  test.each([
    ['3 1 8 0\n1 2 5', [[0.125, 0.25, 0.625]], 0],
    [
      '2 2\n1 2\n3 4\n\n',
      [
        [1, 2],
        [3, 4],
      ],
      0,
    ],
    ['1 2 .5\r\n1\r\n-1\r\n', [[2], [-2]], 0],
    ['\t2\t1  -1 51\n  1\t 2 ', [[-1, -2]], Math.fround(0.2)],
  ])('%j', (text, rows, bias) => {
    const k = parseKernel(text);
    expect(rowsOf(k)).toEqual(rows);
    expect(k.bias[0]).toBe(bias);
  });

  test.each([
    ['3', 'Expected width, height, scale and offset for line 1 but received 3'],
    ['1 1 1 0 0\n1', 'Expected width, height, scale and offset for line 1 but received 1 1 1 0 0'],
    ['2 1 0\n1 2', 'Expected a scale other than 0 for line 1 but received 2 1 0'],
    ['0 0\n', 'Expected a whole number from 1 to 4096 for the width in line 1 but received 0'],
    ['1 99999\n', 'Expected a whole number from 1 to 4096 for the height in line 1 but received 99999'],
    ['1.5 1\n', 'Expected a whole number from 1 to 4096 for the width in line 1 but received 1.5'],
    ['2 2\n1 2', 'Expected 2 rows for the lines after the first but received 1'],
    ['2 1\n1 2\n3 4', 'Expected 1 rows for the lines after the first but received 2'],
    ['2 2\n1 2\n3', 'Expected 2 taps for line 3 but received 1'],
    ['2 2\n1 2\n3 4 5', 'Expected 2 taps for line 3 but received 3'],
    ['2 1\n1,2', 'Expected numbers with spaces or tabs between them for line 2 but received 1,2'],
    ['2 1\n1 nan', 'Expected numbers with spaces or tabs between them for line 2 but received nan'],
    ['1 1 1e-300\n1', 'Expected taps that are finite numbers for kernel but received Infinity'],
  ])('%j is refused', (text, message) => {
    expect(() => parseKernel(text)).toThrow(new ExpectationError(`${message} (taken for a libvips matrix)`));
  });
});

describe("sharp's convolve", () => {
  const sharp = (fields: object) => JSON.stringify({ width: 3, height: 1, kernel: [1, 2, 1], ...fields });

  test.each([
    ['the sum is the scale that is left out', {}, [0.25, 0.5, 0.25], 0],
    ['a sum below 1 gives scale 1', { kernel: [-1, 0, 1] }, [-1, 0, 1], 0],
    ['a negative sum, too', { kernel: [-1, -1, 1] }, [-1, -1, 1], 0],
    ['scale', { scale: 2 }, [0.5, 1, 0.5], 0],
    ['offset in 8-bit samples', { scale: 1, offset: 51 }, [1, 2, 1], Math.fround(0.2)],
  ])('%s', (_, fields, row, bias) => {
    const k = parseKernel(sharp(fields));
    expect(rowsOf(k)).toEqual([row]);
    expect(k.bias[0]).toBe(bias);
  });

  test.each([
    [{ scale: 0 }, 'Expected a whole number of at least 1 for scale but received 0'],
    [{ scale: 2.5 }, 'Expected a whole number of at least 1 for scale but received 2.5'],
    [{ offset: 0.5 }, /^Expected a whole number .* for offset but received 0.5 /],
    [{ width: 2 }, 'Expected width·height = 2 taps for kernel but received 3'],
    [{ width: 1e9, height: 1e9 }, 'Expected a whole number from 1 to 4096 for width but received 1000000000'],
    [{ height: undefined }, 'Expected a whole number from 1 to 4096 for height but received undefined'],
    [{ kernel: 'gaussian' }, 'Expected a list of taps for kernel but received gaussian'],
    [{ kernel: [1, null, 1] }, 'Expected a number that is finite in Float32 for kernel[1] but received null'],
    [{ ofset: 1 }, 'Expected only the fields width, height, kernel, scale, offset for the kernel but received ofset'],
  ])('%j is refused', (fields, message) => {
    expect(() => parseKernel(sharp(fields))).toThrow(ExpectationError);
    expect(() => parseKernel(sharp(fields))).toThrow(
      typeof message === 'string' ? `${message} (taken for sharp's convolve)` : message,
    );
  });
});
