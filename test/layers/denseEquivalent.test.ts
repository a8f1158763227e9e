import { describe, expect, test } from 'vitest';
import { corr2d } from '../../src/correlate/corr2d.ts';
import { type Kernel, kernel } from '../../src/kernels/kernel.ts';
import { Conv2d } from '../../src/layers/conv2d.ts';
import { type Convolution, denseEquivalent, denseSize } from '../../src/layers/denseEquivalent.ts';
import { describeDifference } from '../../src/planes/compare.ts';
import { createPlanes, type Planes, planes } from '../../src/planes/planes.ts';
import { anyCall } from '../support/arbitraries.ts';
import fc from '../support/fc.ts';
import { numRuns } from '../support/numRuns.ts';

const nine = kernel([
  [1, 2, 3],
  [4, 5, 6],
  [7, 8, 9],
]);

function expectSame(actual: Planes, wanted: Planes, tolerance = 0): void {
  expect(describeDifference(actual, wanted, tolerance)).toBe('');
  expect(actual.white).toBe(wanted.white);
}

/** The matrix as rows. */
function rowsOf({ matrix, inputs, outputs }: ReturnType<typeof denseEquivalent>): number[][] {
  expect(matrix).toHaveLength(inputs * outputs);
  return Array.from({ length: outputs }, (_, i) => Array.from(matrix?.subarray(i * inputs, (i + 1) * inputs) ?? []));
}

describe('counts', () => {
  test('3×3 on 8×8: 9 weights for 2,304, or for 4,096 where the size is kept', () => {
    expect(denseEquivalent({ kernel: nine }, { height: 8, width: 8 })).toMatchObject({
      inputs: 64,
      outputs: 36,
      weights: { shared: 9, dense: 2304 },
      bytes: { shared: 36, dense: 9216 },
    });
    expect(denseEquivalent({ kernel: nine, padding: 'same' }, { height: 8, width: 8 })).toMatchObject({
      inputs: 64,
      outputs: 64,
      weights: { shared: 9, dense: 4096 },
    });
  });

  test('36 million inputs to 100 hidden units: 3.6 billion weights, 14 GB', () => {
    const { weights, bytes } = denseSize(36e6, 100);
    expect(weights).toBe(3_600_000_000);
    expect(bytes).toBe(14_400_000_000);
    expect((bytes / 2 ** 30).toFixed(1)).toBe('13.4');
    expect(() => denseSize(0, 1)).toThrow('Expected a whole number of at least 1 for inputs but received 0');
    expect(() => denseSize(1, 1.5)).toThrow('Expected a whole number of at least 1 for outputs but received 1.5');
  });

  test('channels count on both sides', () => {
    const k = kernel([
      [[[1, 2]], [[3, 4]]],
      [[[1, 2]], [[3, 4]]],
      [[[1, 2]], [[3, 4]]],
    ]);
    expect(denseEquivalent({ kernel: k }, [4, 5])).toMatchObject({
      inputs: 2 * 20,
      outputs: 3 * 16,
      weights: { shared: 12, dense: 40 * 48 },
    });
  });
});

describe('the matrix', () => {
  test('slides the taps along', () => {
    expect(rowsOf(denseEquivalent({ kernel: kernel([[1, 2]]) }, [1, 4]))).toEqual([
      [1, 2, 0, 0],
      [0, 1, 2, 0],
      [0, 0, 1, 2],
    ]);
    expect(
      rowsOf(denseEquivalent({ kernel: kernel([[1, 2]]), stride: 2, dilation: 2, padding: [0, 1] }, [1, 4])),
    ).toEqual([
      [0, 2, 0, 0],
      [0, 1, 0, 2],
    ]);
  });

  test('holds v[a, b] for the input a rows below and b columns right of the output, and 0 beyond Δ', () => {
    fc.assert(
      fc.property(fc.nat(2), fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }), (delta, height, width) => {
        const side = 2 * delta + 1;
        const taps = Array.from({ length: side }, (_, a) => Array.from({ length: side }, (__, b) => 1 + a * side + b));
        const v = (a: number, b: number): number => taps[a + delta]?.[b + delta] ?? 0;
        const at = (i: number): [number, number] => [Math.floor(i / width), i % width];
        const wanted = Array.from({ length: height * width }, (_, output) =>
          Array.from({ length: height * width }, (__, input) => {
            const [[i, j], [row, column]] = [at(output), at(input)];
            return v(row - i, column - j);
          }),
        );
        expect(rowsOf(denseEquivalent({ kernel: kernel(taps), padding: 'same' }, [height, width]))).toEqual(wanted);
      }),
    );
  });

  test('adds up the taps over samples that the border repeats', () => {
    const k = kernel([[1, 10, 100]]);
    const rows = (border: Convolution['border']): number[][] =>
      rowsOf(denseEquivalent({ kernel: k, padding: 'same', ...(border ? { border } : {}) }, [1, 2]));
    expect(rows(undefined)).toEqual([
      [10, 100],
      [1, 10],
    ]);
    expect(rows('replicate')).toEqual([
      [11, 100],
      [1, 110],
    ]);
    expect(rows('wrap')).toEqual([
      [10, 101],
      [101, 10],
    ]);
  });

  test('leaves a constant border to the bias', () => {
    const k = kernel([[1, 10, 100]], { bias: 0.5 });
    const dense = denseEquivalent({ kernel: k, padding: 'same', border: { constant: 2 } }, [1, 2]);
    expect(rowsOf(dense)).toEqual([
      [10, 100],
      [1, 10],
    ]);
    expect(dense.bias).toEqual(Float32Array.of(2.5, 200.5));
  });

  test('keeps groups apart', () => {
    const k = kernel([[[[1]]], [[[2]]]], { groups: 2, bias: [3, 4] });
    const dense = denseEquivalent({ kernel: k }, { channels: 2, height: 1, width: 1 });
    expect(rowsOf(dense)).toEqual([
      [1, 0],
      [0, 2],
    ]);
    expect(dense.bias).toEqual(Float32Array.of(3, 4));
  });
});

describe('gives what the convolution gives', () => {
  test('whole numbers, exactly, with every option', () => {
    fc.assert(
      fc.property(anyCall, ({ x, k, options }) => {
        const { channels, height, width } = x;
        const dense = denseEquivalent({ kernel: k, ...options }, { channels, height, width });
        expectSame(dense.apply(x), corr2d(x, k, options));
      }),
      numRuns(200),
    );
  });

  test('fractions, to 1e-6 of white', () => {
    fc.assert(
      fc.property(anyCall, fc.constantFrom(1, 255, 65535), ({ x: whole, k: wholeTaps, options }, white) => {
        const how = typeof options.border === 'object' ? { ...options, border: { constant: 0.3 } } : options;
        const x: Planes = { ...whole, white, data: whole.data.map((sample) => (sample / 99) * white) };
        const k: Kernel = {
          ...wholeTaps,
          weights: wholeTaps.weights.map((tap) => tap / 999),
          bias: wholeTaps.bias.map((b) => b / 99),
        };
        const dense = denseEquivalent({ kernel: k, ...how }, x);
        expectSame(dense.apply(x), corr2d(x, k, how), 1e-6 * white);
      }),
      numRuns(200),
    );
  });

  test.each([false, true])('a layer with random weights, strict: %s', (strict) => {
    const layer = Conv2d({
      inChannels: 2,
      outChannels: 3,
      kernelSize: [3, 2],
      stride: 2,
      padding: 1,
      border: 'replicate',
      seed: 7,
      strict,
    });
    const x = createPlanes(2, 8, 8);
    x.data.forEach((_, i) => {
      x.data[i] = ((i * 37) % 101) / 101;
    });
    const dense = denseEquivalent(layer, x);
    expect(dense.weights.shared).toBe(36);
    expectSame(dense.apply(x), layer.forward(x), 1e-6);
  });

  test('where a window does not reach, even over what is not a number', () => {
    const x = planes([[1, 2, Number.NaN]]);
    const k = kernel([[1, 1]]);
    expectSame(denseEquivalent({ kernel: k }, x).apply(x), corr2d(x, k));
  });
});

describe('without the matrix', () => {
  test('the counts alone, where it is not wanted', () => {
    const dense = denseEquivalent({ kernel: nine }, [8, 8], { matrix: false });
    expect(dense.weights).toEqual({ shared: 9, dense: 2304 });
    expect(dense).not.toHaveProperty('matrix');
    expect(dense).not.toHaveProperty('bias');
    expect(() => dense.apply(createPlanes(1, 8, 8))).toThrow(
      'Expected a matrix to apply but there is none of 36×64 = 2304 entries',
    );
  });

  test('or where it would be large: above 2^26 entries', () => {
    const dense = denseEquivalent({ kernel: nine, padding: 'same' }, [6000, 6000]);
    expect(dense).toMatchObject({ inputs: 36e6, outputs: 36e6, weights: { shared: 9, dense: 1.296e15 } });
    expect(dense).not.toHaveProperty('matrix');
    const one = { kernel: kernel([[1]]) };
    expect(denseEquivalent(one, [1, 2 ** 13]).matrix).toHaveLength(2 ** 26);
    expect(denseEquivalent(one, [1, 2 ** 13 + 1])).not.toHaveProperty('matrix');
    expect(() => denseEquivalent(one, [1, 2 ** 13 + 1], { matrix: true })).toThrow(
      'Expected a matrix of at most 67108864 entries for matrix but received 8193×8193 = 67125249 entries',
    );
    expect(denseEquivalent(one, [2, 2], { matrix: true }).matrix).toHaveLength(16);
  });
});

describe('refusals', () => {
  test('a shape that the kernel does not fit, or another picture than that', () => {
    expect(() => denseEquivalent({ kernel: nine }, [2, 8])).toThrow('Expected a picture of at least 3×3');
    expect(() => denseEquivalent({ kernel: nine }, { channels: 3, height: 8, width: 8 })).toThrow(
      'Expected a picture of 1 channel for a kernel of 1 input channel but received 3',
    );
    expect(() => denseEquivalent({ kernel: nine }, [8, 8]).apply(createPlanes(1, 8, 9))).toThrow(
      'Expected planes of 1×8×8 for the picture but received 1×8×9',
    );
    expect(() => denseEquivalent({ kernel: nine }, [8, 8]).apply(null as unknown as Planes)).toThrow(
      'Expected planes (',
    );
  });

  test('options of other kinds', () => {
    const call = (layer: object, matrix?: unknown): (() => unknown) => {
      return () => denseEquivalent({ kernel: nine, ...layer }, [8, 8], { matrix: matrix as boolean });
    };
    expect(call({}, 'yes')).toThrow("Expected 'auto', true or false for matrix but received yes");
    expect(call({ border: 'reflect' })).toThrow('for border but received reflect');
    expect(call({ border: 'reflect' }, false)).toThrow('for border but received reflect');
    expect(call({ stride: 0 })).toThrow('for stride but received 0');
    expect(call({ kernel: null })).toThrow('Expected a kernel (');
    expect(call({ strict: true, kernel: null })).toThrow('Expected a kernel (');
  });
});
