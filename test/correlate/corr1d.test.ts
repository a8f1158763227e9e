import { describe, expect, test } from 'vitest';
import { type Corr1dOptions, convolve1d, corr1d, type Signal, type Taps1d } from '../../src/correlate/corr1d.ts';
import { kernel } from '../../src/kernels/kernel.ts';
import type { Border } from '../../src/planes/border.ts';
import fc from '../support/fc.ts';

const x = [3, 1, 4, 1, 5, 9, 2, 6];
const even = [2, 7, 1, 8];
const odd = [2, 7, 1];

describe('worked examples', () => {
  test('seven samples under two taps', () => {
    expect(corr1d([0, 1, 2, 3, 4, 5, 6], [1, 2])).toEqual(Float32Array.of(2, 5, 8, 11, 14, 17));
  });

  test('three channels: the sum of what each gives with its own taps', () => {
    const channels = [0, 1, 2].map((first) => Array.from({ length: 7 }, (_, i) => first + i));
    const taps = [
      [1, 2],
      [3, 4],
      [-1, -3],
    ];
    expect(corr1d(channels, taps)).toEqual([Float32Array.of(2, 8, 14, 20, 26, 32)]);
    expect(corr1d(channels, [taps, taps.map((row) => row.map((tap) => -tap))])).toEqual([
      Float32Array.of(2, 8, 14, 20, 26, 32),
      Float32Array.of(-2, -8, -14, -20, -26, -32),
    ]);
  });
});

describe('is NumPy’s correlate', () => {
  test.each<[Corr1dOptions['padding'], number[], number[]]>([
    ['full', even, [24, 11, 54, 25, 71, 92, 62, 123, 38, 46, 12]],
    ['valid', even, [25, 71, 92, 62, 123]],
    ['same', even, [11, 54, 25, 71, 92, 62, 123, 38]],
    ['full', odd, [3, 22, 17, 31, 20, 46, 75, 38, 46, 12]],
    ['valid', odd, [17, 31, 20, 46, 75, 38]],
    ['same', odd, [22, 17, 31, 20, 46, 75, 38, 46]],
  ])('%s, %j', (padding, taps, wanted) => {
    expect([...corr1d(x, taps, { padding: padding as 'full' })]).toEqual(wanted);
  });
});

describe('convolve1d is NumPy’s convolve', () => {
  test.each<[Corr1dOptions['padding'], number[], number[]]>([
    ['full', even, [6, 23, 18, 55, 29, 86, 80, 75, 116, 22, 48]],
    ['valid', even, [55, 29, 86, 80, 75]],
    ['full', odd, [6, 23, 18, 31, 21, 54, 72, 35, 44, 6]],
    ['valid', odd, [18, 31, 21, 54, 72, 35]],
    ['same', odd, [23, 18, 31, 21, 54, 72, 35, 44]],
    ['same', even, [23, 18, 55, 29, 86, 80, 75, 116]],
  ])('%s, %j', (padding, taps, wanted) => {
    expect([...convolve1d(x, taps, { padding: padding as 'full' })]).toEqual(wanted);
  });

  test('full is the definition, Σ f(a)·g(i − a), and commutes', () => {
    const anySignal = fc.array(fc.integer({ min: -99, max: 99 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(anySignal, anySignal, (f, g) => {
        const whole = Array.from({ length: f.length + g.length - 1 }, (_, i) =>
          f.reduce((sum, value, a) => sum + value * (g[i - a] ?? 0), 0),
        );
        expect([...convolve1d(f, g, { padding: 'full' })]).toEqual(whole);
        expect([...convolve1d(g, f, { padding: 'full' })]).toEqual(whole);
      }),
    );
  });

  test('is corr1d with the taps in reverse, for channels too', () => {
    const channels = [x, [...x].reverse()];
    const taps = [[odd, [1, 2, 3]]];
    const reversed = taps.map((inputs) => inputs.map((row) => [...row].reverse()));
    expect(convolve1d(channels, taps, { stride: 2, padding: 1 })).toEqual(
      corr1d(channels, reversed, { stride: 2, padding: 1 }),
    );
  });
});

describe('options', () => {
  test.each<[Border, number[]]>([
    ['replicate', [28, 17, 31, 20, 46, 75, 38, 52]],
    ['reflect101', [24, 17, 31, 20, 46, 75, 38, 48]],
    ['symmetric', [28, 17, 31, 20, 46, 75, 38, 52]],
    ['wrap', [34, 17, 31, 20, 46, 75, 38, 49]],
    [{ constant: 10 }, [42, 17, 31, 20, 46, 75, 38, 56]],
  ])('border %j, as scipy.ndimage.correlate1d has it', (border, wanted) => {
    expect([...corr1d(x, odd, { padding: 'same', border })]).toEqual(wanted);
  });

  test('stride skips responses, dilation skips samples', () => {
    expect([...corr1d(x, odd, { stride: 2 })]).toEqual([17, 20, 75]);
    expect([...corr1d(x, [1, -1], { dilation: 3 })]).toEqual([2, -4, -5, -1, -1]);
  });

  test('padding by numbers: on both sides, or before and after', () => {
    expect([...corr1d([1, 2], [1], { padding: 1 })]).toEqual([0, 1, 2, 0]);
    expect([...corr1d([1, 2], [1], { padding: [2, 1] })]).toEqual([0, 0, 1, 2, 0]);
  });

  test('precision and algorithm reach corr2d', () => {
    expect([...corr1d(x, odd, { precision: 'fast' })]).toEqual([17, 31, 20, 46, 75, 38]);
    expect([...corr1d(x, odd, { algorithm: 'reference' })]).toEqual([17, 31, 20, 46, 75, 38]);
    expect(() => corr1d(x, odd, { precision: 'fine' as 'fast' })).toThrow('for precision but received fine');
    expect(() => corr1d(x, odd, { border: 'wrap' })).toThrow('Expected no border with padding valid');
    expect(() => corr1d(x, odd, { algorithm: 'magic' as 'auto' })).toThrow('for algorithm but received magic');
  });
});

describe('nesting', () => {
  test('the result nests as the samples do', () => {
    const flat = Float32Array.of(2, 5);
    expect(corr1d([0, 1, 2], [1, 2])).toEqual(flat);
    expect(corr1d(Float32Array.of(0, 1, 2), Float32Array.of(1, 2))).toEqual(flat);
    expect(corr1d([0, 1, 2], [[1, 2]])).toEqual(flat);
    expect(corr1d([0, 1, 2], [[Float32Array.of(1, 2)]])).toEqual(flat);
    expect(corr1d([0, 1, 2], kernel([[1, 2]]))).toEqual(flat);
    expect(corr1d([[0, 1, 2]], [1, 2])).toEqual([flat]);
    expect(corr1d([Float32Array.of(0, 1, 2)], [Float32Array.of(1, 2)])).toEqual([flat]);
  });

  test('a kernel brings its bias and its groups', () => {
    const each = kernel([[[[1, 1]]], [[[1, -1]]]], { bias: [0.5, -0.5], groups: 2 });
    const y = corr1d(
      [
        [1, 2, 3],
        [4, 6, 9],
      ],
      each,
    );
    expect(y).toEqual([Float32Array.of(3.5, 5.5), Float32Array.of(-2.5, -3.5)]);
  });

  test('the results of several channels lie in memory of their own', () => {
    const [a, b] = corr1d([[1, 2]], [[[1]], [[2]]]);
    expect([a.byteLength, a.buffer.byteLength, a.buffer === b.buffer]).toEqual([8, 8, false]);
  });
});

describe('refusals', () => {
  test.for<unknown>([null, 3, 'abc', [], [[]], [[1], []], [['1']], [[[1]]], { length: 3 }, Float64Array.of(1)])(
    'a signal of %j',
    (given) => {
      expect(() => corr1d(given as unknown as Signal, [1])).toThrow(
        'Expected samples, or channels of samples for the signal but received',
      );
    },
  );

  test('samples that are no numbers, channels of several lengths', () => {
    expect(() => corr1d([1, '2'] as unknown as Signal, [1])).toThrow('Expected numbers for the signal but received 2');
    expect(() => corr1d([[1, 2], [3]], [[1], [1]])).toThrow(
      'Expected channels of one length for the signal but received 2, 1',
    );
  });

  test.for<unknown>([[], [[]], [[[]]], [1, Number.NaN], [[[1, 2], [1]]], ['1'], [null], '[1]', 7, null])(
    'taps of %j',
    (taps) => {
      expect(() => corr1d([1, 2, 3], taps as unknown as Taps1d)).toThrow(/^Expected .* for kernel.* but received /);
    },
  );

  test('a kernel of several rows, or of several outputs for one signal', () => {
    expect(() => corr1d(x, kernel([[1], [2]]))).toThrow('Expected a kernel of one row for kernel but received 2×1');
    expect(() => corr1d(x, [[[1]], [[2]]])).toThrow(
      'Expected a kernel of one output channel for samples without channels but received 2×1×1×1',
    );
  });

  test('channels that the kernel does not fit, a kernel longer than the signal', () => {
    expect(() => corr1d([x, x], [1])).toThrow('Expected a picture of 1 channel for a kernel of 1 input channel but');
    expect(() => corr1d([1, 2], [1, 2, 3])).toThrow('Expected a picture of at least 1×3');
  });

  test.for<unknown>([0, -1, 1.5, '2', [1, 1], Number.NaN])('a stride or dilation of %j', (given) => {
    const step = given as number;
    expect(() => corr1d(x, odd, { stride: step })).toThrow('Expected a whole number of at least 1 for stride but');
    expect(() => corr1d(x, odd, { dilation: step })).toThrow('Expected a whole number of at least 1 for dilation but');
  });

  test.for<unknown>([-1, 0.5, [1, -1], [-1, 1], [1], [1, 2, 3], 'SAME', { left: 1 }, null])(
    'a padding of %j',
    (given) => {
      expect(() => corr1d(x, odd, { padding: given as 'same' })).toThrow(/^Expected .* for padding.* but received /);
    },
  );
});
