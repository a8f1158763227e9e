import { describe, expect, test } from 'vitest';
import { type Kernel, toNestedTaps } from '../../src/kernels/kernel.ts';
import { kernelNames, namedKernel } from '../../src/kernels/named.ts';
import { gaussianTaps } from '../../src/kernels/smoothing.ts';
import { ExpectationError } from '../../src/planes/expected.ts';

const rowsOf = (k: Kernel) => toNestedTaps(k)[0][0];
const sumOf = (k: Kernel) => k.weights.reduce((sum, tap) => sum + tap, 0);

/** Rows as they stand in the literature; a line a row. */
const rows = (text: string) => text.split('/').map((row) => row.trim().split(/\s+/).map(Number));

describe('taps', () => {
  test.each([
    ['identity', '1'],
    ['sharpen', '0 -1 0 / -1 5 -1 / 0 -1 0'],
    ['sharpen:8', '-1 -1 -1 / -1 9 -1 / -1 -1 -1'],
    ['emboss', '-2 -1 0 / -1 1 1 / 0 1 2'],
    ['laplacian', '0 1 0 / 1 -4 1 / 0 1 0'],
    ['laplacian:8', '1 1 1 / 1 -8 1 / 1 1 1'],
    ['difference-x', '1 -1'],
    ['difference-y', '1 / -1'],
    ['roberts-x', '1 0 / 0 -1'],
    ['roberts-y', '0 1 / -1 0'],
    ['prewitt-x', '-1 0 1 / -1 0 1 / -1 0 1'],
    ['prewitt-y', '-1 -1 -1 / 0 0 0 / 1 1 1'],
    ['sobel-x', '-1 0 1 / -2 0 2 / -1 0 1'],
    ['sobel-y', '-1 -2 -1 / 0 0 0 / 1 2 1'],
    ['sobel-x:5', '-1 -2 0 2 1 / -4 -8 0 8 4 / -6 -12 0 12 6 / -4 -8 0 8 4 / -1 -2 0 2 1'],
    [
      'sobel-y:7',
      `-1 -6 -15 -20 -15 -6 -1 / -4 -24 -60 -80 -60 -24 -4 / -5 -30 -75 -100 -75 -30 -5 / 0 0 0 0 0 0 0 /
       5 30 75 100 75 30 5 / 4 24 60 80 60 24 4 / 1 6 15 20 15 6 1`,
    ],
    ['scharr-x', '-3 0 3 / -10 0 10 / -3 0 3'],
    ['scharr-y', '-3 -10 -3 / 0 0 0 / 3 10 3'],
    ['kirsch-n', '5 5 5 / -3 0 -3 / -3 -3 -3'],
    ['kirsch-ne', '-3 5 5 / -3 0 5 / -3 -3 -3'],
    ['kirsch-e', '-3 -3 5 / -3 0 5 / -3 -3 5'],
    ['kirsch-se', '-3 -3 -3 / -3 0 5 / -3 5 5'],
    ['kirsch-s', '-3 -3 -3 / -3 0 -3 / 5 5 5'],
    ['kirsch-sw', '-3 -3 -3 / 5 0 -3 / 5 5 -3'],
    ['kirsch-w', '5 -3 -3 / 5 0 -3 / 5 -3 -3'],
    ['kirsch-nw', '5 5 -3 / 5 0 -3 / -3 -3 -3'],
  ])('%s is written out in the literature', (name, text) => {
    expect(rowsOf(namedKernel(name))).toEqual(rows(text));
  });

  test('box is the mean of its samples, rows before columns', () => {
    expect(rowsOf(namedKernel('box:2x3'))).toEqual([
      new Array(3).fill(Math.fround(1 / 6)),
      new Array(3).fill(Math.fround(1 / 6)),
    ]);
    expect([namedKernel('box').weights.length, namedKernel('box:5').weights.length]).toEqual([9, 25]);
  });

  test('unsharp without arguments is 2δ − bbᵀ/256, exactly', () => {
    const b = [1, 4, 6, 4, 1];
    const wanted = b.map((down, r) => b.map((across, c) => (r === 2 && c === 2 ? 2 : 0) - (down * across) / 256));
    expect(rowsOf(namedKernel('unsharp'))).toEqual(wanted);
  });

  test('unsharp:sigma,amount is (1 + amount)·δ − amount·gaussian', () => {
    const blur = namedKernel('gaussian:0.8');
    const mask = namedKernel('unsharp:0.8,0.5');
    const centre = (blur.weights.length - 1) / 2;
    expect(mask.width).toBe(blur.width);
    blur.weights.forEach((tap, i) => {
      expect(mask.weights[i]).toBeCloseTo((i === centre ? 1.5 : 0) - tap / 2, 7);
    });
  });

  test('unsharp, log and dog reach as far as the radius says', () => {
    for (const name of ['unsharp:1,0.5,2', 'log:1,2', 'dog:1,2,2']) expect(namedKernel(name).width).toBe(5);
  });

  test('binomials, tents and disks', () => {
    expect(rowsOf(namedKernel('binomial:1x5'))).toEqual([[1, 4, 6, 4, 1].map((tap) => tap / 16)]);
    expect(rowsOf(namedKernel('tent:1x7'))).toEqual([[1, 2, 3, 4, 3, 2, 1].map((tap) => tap / 16)]);
    const fifth = Math.fround(0.2);
    expect(rowsOf(namedKernel('disk'))).toEqual([
      [0, fifth, 0],
      [fifth, fifth, fifth],
      [0, fifth, 0],
    ]);
    expect(namedKernel('disk:1.5').weights.every((tap) => tap === Math.fround(1 / 9))).toBe(true);
  });

  test('farid is its derivative times its interpolator', () => {
    const { weights } = namedKernel('farid-x');
    expect(weights[0]).toBe(Math.fround(0.0376593171958126 * -0.109603762960254));
    expect(weights[2 * 5 + 3]).toBe(Math.fround(0.426374573253687 * 0.276690988455557));
    expect(rowsOf(namedKernel('farid-y')).map((row) => row[0])).toEqual(rowsOf(namedKernel('farid-x'))[0]);
  });
});

describe('gaussian', () => {
  test('has the taps of scipy.ndimage.gaussian_filter1d', () => {
    // gaussian_filter1d of a single 1 with sigma 1.4, from the 1 outwards.
    const half = [
      0.2849593902948748, 0.22079720131221914, 0.10271298207197099, 0.0286865483009408, 0.004810081495287291,
      0.0004842256119485465, 2.926606019573688e-5,
    ];
    const taps = gaussianTaps(1.4);
    expect(taps.length).toBe(13);
    half.forEach((tap, away) => {
      expect(taps[6 + away]).toBeCloseTo(tap, 15);
      expect(taps[6 - away]).toBe(taps[6 + away]);
    });
  });

  test.each([
    ['gaussian:0.1', 1],
    ['gaussian:0.5', 5],
    ['gaussian', 9],
    ['gaussian:1.1', 9],
    ['gaussian:1.2', 11],
    ['gaussian:1.4', 13],
    ['gaussian:1.4,2', 5],
    ['gaussian:2,0', 1],
  ])('%s is %i wide', (name, width) => {
    const k = namedKernel(name);
    expect([k.height, k.width]).toEqual([width, width]);
  });

  test('in both directions is the product of one direction with itself, rounded once', () => {
    const taps = gaussianTaps(0.7);
    const wanted = Array.from(taps, (down) => Array.from(taps, (across) => Math.fround(down * across)));
    expect(rowsOf(namedKernel('gaussian:0.7'))).toEqual(wanted);
  });

  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('refuses a sigma of %d', (sigma) => {
    expect(() => gaussianTaps(sigma)).toThrow(`Expected a number above 0 for sigma but received ${sigma}`);
  });
});

describe('motion', () => {
  test.each([
    ['motion:3', '1 1 1'],
    ['motion:3,90', '1 / 1 / 1'],
    ['motion:3,180', '1 1 1'],
    ['motion:1,30', '1'],
  ])('%s is a mean along a line', (name, text) => {
    const wanted = rows(text);
    const share = Math.fround(1 / wanted.flat().length);
    expect(rowsOf(namedKernel(name))).toEqual(wanted.map((row) => row.map(() => share)));
  });

  test('shares the ends of an even length between two samples', () => {
    expect(rowsOf(namedKernel('motion:4'))).toEqual([[0.125, 0.25, 0.25, 0.25, 0.125]]);
  });

  test('turns counter-clockwise: 45° leaves the bottom left for the top right', () => {
    const taps = rowsOf(namedKernel('motion:5,45'));
    const size = taps.length;
    expect(taps[0][size - 1]).toBeGreaterThan(0);
    expect(taps[size - 1][0]).toBe(taps[0][size - 1]);
    expect(taps[0][0]).toBe(0);
  });

  test('at 30° has the taps of its definition: 1 less the distance from the line', () => {
    const taps = rowsOf(namedKernel('motion:7,30'));
    expect([taps.length, taps[0].length]).toEqual([5, 7]);
    // Next to the centre, the distance from the line is sin 30°, one above it cos 30°.
    expect(taps[2][4] / taps[2][3]).toBeCloseTo(1 - Math.sin(Math.PI / 6), 6);
    expect(taps[1][3] / taps[2][3]).toBeCloseTo(1 - Math.cos(Math.PI / 6), 6);
  });
});

describe('second derivatives', () => {
  test('log is the Laplacian of a Gaussian: x² + y² answers 4 everywhere', () => {
    // Wide enough for the sums to be the integrals.
    const k = namedKernel('log:3');
    const radius = (k.width - 1) / 2;
    let answer = 0;
    k.weights.forEach((tap, i) => {
      answer += tap * ((Math.floor(i / k.width) - radius) ** 2 + ((i % k.width) - radius) ** 2);
    });
    expect(answer).toBeCloseTo(4, 1);
    expect(k.weights[radius * k.width + radius]).toBeLessThan(0);
  });

  test('dog is a Gaussian less a wider one', () => {
    const k = namedKernel('dog:0.5,1');
    const wide = gaussianTaps(1);
    const narrow = gaussianTaps(0.5, 4);
    expect(rowsOf(k)[4][4]).toBe(Math.fround(narrow[4] ** 2 - wide[4] ** 2));
    expect(rowsOf(k)[0][4]).toBe(Math.fround(narrow[0] * narrow[4] - wide[0] * wide[4]));
    expect(namedKernel('dog:2').weights).toEqual(namedKernel('dog:2,3.2').weights);
  });
});

describe('sums', () => {
  const zero = /^(?:laplacian|log|dog|difference|roberts|prewitt|sobel|scharr|farid|kirsch)/;
  test.each(kernelNames.map(({ name }) => [name, zero.test(name) ? 0 : 1]))('%s sums to %i', (name, wanted) => {
    expect(sumOf(namedKernel(String(name)))).toBeCloseTo(Number(wanted), 6);
  });

  test.each(['gaussian:0.3', 'gaussian:5', 'box:7x2', 'motion:12,37', 'unsharp:2,3', 'sharpen:8'])(
    '%s sums to 1',
    (name) => {
      expect(sumOf(namedKernel(name))).toBeCloseTo(1, 6);
    },
  );

  test.each(['log:0.5', 'log:4', 'dog:1,9', 'sobel-x:5', 'sobel-y:7', 'laplacian:8'])('%s sums to 0', (name) => {
    expect(sumOf(namedKernel(name))).toBeCloseTo(0, 6);
  });
});

describe('names', () => {
  test('are listed once, with their arguments and a line of description', () => {
    expect(new Set(kernelNames.map(({ name }) => name)).size).toBe(kernelNames.length);
    for (const { name, usage, description } of kernelNames) {
      expect(usage.split(':')[0]).toBe(name);
      expect(description).toMatch(/^[^\n]+[^.\n]$/);
    }
    expect(kernelNames.find(({ name }) => name === 'gaussian')?.usage).toBe('gaussian:sigma,radius');
    expect(kernelNames.find(({ name }) => name === 'box')?.usage).toBe('box:rowsxcolumns');
  });

  test('are kept in the kernel, with their arguments', () => {
    expect(namedKernel(' Gaussian: 1.4, 3 ').name).toBe('gaussian:1.4,3');
    expect(namedKernel('sobel-x').name).toBe('sobel-x');
  });

  test('give the same taps every time, in memory of their own', () => {
    const first = namedKernel('sobel-x');
    first.weights.fill(9);
    expect(namedKernel('sobel-x').weights[0]).toBe(-1);
  });

  test.each([
    ['sobel', 'Expected the name of a kernel for kernel but received sobel; did you mean sobel-x or sobel-y?'],
    ['gausian:1', 'Expected the name of a kernel for kernel but received gausian; did you mean gaussian?'],
    ['sobel_x', 'Expected the name of a kernel for kernel but received sobel_x; did you mean sobel-x?'],
    ['blur:2', 'Expected the name of a kernel for kernel but received blur; did you mean gaussian?'],
    ['sobel-x:4', 'Expected 3, 5 or 7 for aperture of sobel-x but received 4'],
    ['laplacian:6', 'Expected 4 or 8 for neighbours of laplacian but received 6'],
    ['box:0', 'Expected a whole number from 1 to 4096 for rows of box but received 0'],
    ['box:3x2.5', 'Expected a whole number from 1 to 4096 for columns of box but received 2.5'],
    ['box:3x3x3', 'Expected at most 2 arguments (rowsxcolumns) for box but received 3'],
    ['box:9999999999', 'Expected a whole number from 1 to 4096 for rows of box but received 9999999999'],
    ['gaussian:', 'Expected a number from 0.01 to 511.75 for sigma of gaussian but received an empty text'],
    ['gaussian:-1', 'Expected a number from 0.01 to 511.75 for sigma of gaussian but received -1'],
    ['gaussian:0x10', 'Expected a number from 0.01 to 511.75 for sigma of gaussian but received 0x10'],
    ['gaussian:nan', 'Expected a number from 0.01 to 511.75 for sigma of gaussian but received nan'],
    ['gaussian:1,99999', 'Expected a whole number from 0 to 2047 for radius of gaussian but received 99999'],
    ['gaussian:1,2,3', 'Expected at most 2 arguments (sigma,radius) for gaussian but received 3'],
    ['emboss:1', 'Expected no arguments for emboss but received 1'],
    ['dog:2,1', 'Expected a number above sigma1 (2) for sigma2 of dog but received 1'],
  ])('%s is refused', (name, message) => {
    expect(() => namedKernel(name)).toThrow(new ExpectationError(message));
  });

  test.each(['xyzzy', '', 'x'.repeat(100_000)])('a name far from all lists them all', (name) => {
    expect(() => namedKernel(name)).toThrow(
      /^Expected the name of a kernel \(identity, box, .*, kirsch-nw\) for kernel but received /,
    );
  });
});
