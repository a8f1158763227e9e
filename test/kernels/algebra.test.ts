import { describe, expect, test } from 'vitest';
import { rotateKernel, scaleKernel, transposeKernel } from '../../src/kernels/algebra.ts';
import { composeKernels } from '../../src/kernels/compose.ts';
import { type Kernel, kernel, repeatKernel, toNestedTaps } from '../../src/kernels/kernel.ts';
import { kernelNames, namedKernel } from '../../src/kernels/named.ts';
import { isSeparable, separateKernel } from '../../src/kernels/separate.ts';
import { ExpectationError } from '../../src/planes/expected.ts';
import fc from '../support/fc.ts';

const rowsOf = (k: Kernel) => toNestedTaps(k)[0][0];

const listOf = <T>(item: fc.Arbitrary<T>, length: number) => fc.array(item, { minLength: length, maxLength: length });
const side = fc.integer({ min: 1, max: 5 });
const whole = fc.integer({ min: -50, max: 50 });

const wholeKernel = fc
  .tuple(side, side, whole)
  .chain(([height, width, bias]) =>
    listOf(listOf(whole, width), height).map((rows) => kernel(rows, { bias: bias / 8 })),
  );

test('rotate, transpose and scale', () => {
  const k = kernel(
    [
      [1, 2, 3],
      [4, 5, 6],
    ],
    { bias: 1, name: 'k' },
  );
  expect(rowsOf(rotateKernel(k))).toEqual([
    [6, 5, 4],
    [3, 2, 1],
  ]);
  expect(rowsOf(transposeKernel(k))).toEqual([
    [1, 4],
    [2, 5],
    [3, 6],
  ]);
  const half = scaleKernel(k, 0.5);
  expect([rowsOf(half), half.bias[0], half.name]).toEqual([
    [
      [0.5, 1, 1.5],
      [2, 2.5, 3],
    ],
    0.5,
    'k',
  ]);
  expect(() => scaleKernel(k, Number.NaN)).toThrow(ExpectationError);
});

test('every channel is rotated by itself', () => {
  const k = kernel([
    [[[1, 2]], [[3, 4]]],
    [[[5, 6]], [[7, 8]]],
  ]);
  expect(toNestedTaps(rotateKernel(k))).toEqual([
    [[[2, 1]], [[4, 3]]],
    [[[6, 5]], [[8, 7]]],
  ]);
});

describe('composeKernels', () => {
  /** A correlation of rows by its definition, where the kernel fits. */
  function correlate(x: number[][], k: Kernel): number[][] {
    const taps = rowsOf(k);
    return x.slice(k.height - 1).map((_, i) =>
      x[0].slice(k.width - 1).map((_, j) => {
        let sum = k.bias[0];
        for (let r = 0; r < k.height; r++) {
          for (let c = 0; c < k.width; c++) sum += taps[r][c] * x[i + r][j + c];
        }
        return sum;
      }),
    );
  }

  test('equals one correlation after the other, to the last bit for whole numbers', () => {
    const picture = listOf(listOf(whole, 10), 10);
    fc.assert(
      fc.property(picture, wholeKernel, wholeKernel, (x, a, b) => {
        expect(correlate(x, composeKernels(a, b))).toEqual(correlate(correlate(x, a), b));
      }),
    );
  });

  test('makes Sobel of a derivative and a smoothing', () => {
    const smooth = kernel([[1], [2], [1]]);
    expect(rowsOf(composeKernels(kernel([[-1, 0, 1]]), smooth))).toEqual(rowsOf(namedKernel('sobel-x')));
  });

  test('refuses several channels, and says whose', () => {
    const one = kernel([[1]]);
    const two = kernel([[[1]], [[1]]]);
    expect(() => composeKernels(two, one)).toThrow(
      new ExpectationError('Expected 1×1 channels for the first kernel but received 1×2×1×1'),
    );
    expect(() => composeKernels(one, two)).toThrow(
      new ExpectationError('Expected 1×1 channels for the second kernel but received 1×2×1×1'),
    );
  });
});

describe('separateKernel', () => {
  test.each([
    ['sobel-x', [1, 2, 1], [-1, 0, 1]],
    ['sobel-y', [-1, 0, 1], [1, 2, 1]],
    ['scharr-x', [3, 10, 3], [-1, 0, 1]],
    ['prewitt-y', [-1, 0, 1], [1, 1, 1]],
    ['sobel-x:7', [1, 6, 15, 20, 15, 6, 1], [-1, -4, -5, 0, 5, 4, 1]],
    ['difference-x', [1], [1, -1]],
    ['difference-y', [1, -1], [1]],
  ])('%s in whole numbers', (name, column, row) => {
    const pair = separateKernel(namedKernel(name));
    expect([...(pair?.column.weights ?? [])]).toEqual(column);
    expect([...(pair?.row.weights ?? [])]).toEqual(row);
    expect(pair?.column).toMatchObject({ height: column.length, width: 1 });
    expect(pair?.row).toMatchObject({ height: 1, width: row.length });
  });

  const separable = /^(?:identity|box|gaussian|binomial|tent|motion|difference|prewitt|sobel|scharr|farid)/;
  test.each(kernelNames.map(({ name }) => [name, separable.test(name)] as const))('%s: %s', (name, wanted) => {
    expect(isSeparable(namedKernel(name))).toBe(wanted);
  });

  test('every product of whole numbers is found, and multiplies back exactly', () => {
    fc.assert(
      fc.property(
        fc.array(whole, { minLength: 1, maxLength: 7 }),
        fc.array(whole, { minLength: 1, maxLength: 7 }),
        (column, row) => {
          const k = kernel(column.map((down) => row.map((across) => down * across + 0)));
          const pair = separateKernel(k);
          if (pair === undefined) throw new Error('not found');
          expect(pair.column.weights.every(Number.isInteger) && pair.row.weights.every(Number.isInteger)).toBe(true);
          const product = Array.from(pair.column.weights, (down) =>
            Array.from(pair.row.weights, (across) => down * across + 0),
          );
          expect(product).toEqual(rowsOf(k).map((line) => line.map((tap) => tap + 0)));
        },
      ),
    );
  });

  test('one whole tap off is no product', () => {
    const rows = [1, 100, 1000].map((down) => [1, 100, 1000].map((across) => down * across));
    expect(separateKernel(kernel(rows))).toBeDefined();
    rows[2][2] += 1;
    expect(separateKernel(kernel(rows))).toBeUndefined();
  });

  test('Gaussians multiply back up to Float32', () => {
    for (const name of ['gaussian:0.4', 'gaussian:2.7', 'gaussian:20']) {
      const k = namedKernel(name);
      const pair = separateKernel(k);
      k.weights.forEach((tap, i) => {
        const product = (pair?.column.weights[Math.floor(i / k.width)] ?? 0) * (pair?.row.weights[i % k.width] ?? 0);
        expect(Math.abs(product - tap)).toBeLessThanOrEqual(tap * 2 ** -21);
      });
    }
  });

  test('of a repeated kernel every channel is separated; the row carries the biases', () => {
    const k = repeatKernel(
      kernel(
        [
          [1, 2],
          [2, 4],
        ],
        { bias: 0.5 },
      ),
      3,
    );
    const pair = separateKernel(k);
    expect(pair?.column).toMatchObject({ outChannels: 3, inChannels: 1, groups: 3, height: 2, width: 1 });
    expect(pair?.row).toMatchObject({ outChannels: 3, inChannels: 1, groups: 3, height: 1, width: 2 });
    expect([...(pair?.row.weights ?? [])]).toEqual([1, 2, 1, 2, 1, 2]);
    expect([...(pair?.row.bias ?? [])]).toEqual([0.5, 0.5, 0.5]);
    expect([...(pair?.column.bias ?? [])]).toEqual([0, 0, 0]);
  });

  test('several outputs of one channel: the row kernel takes each by itself', () => {
    const pair = separateKernel(kernel([[[[1, 2]]], [[[3, 4]]]]));
    expect(pair?.column.groups ?? 1).toBe(1);
    expect(pair?.row.groups).toBe(2);
  });

  test('several input channels are not two passes', () => {
    expect(separateKernel(kernel([[[1]], [[1]]]))).toBeUndefined();
  });
});
