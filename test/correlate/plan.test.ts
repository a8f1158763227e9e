import { describe, expect, test } from 'vitest';
import { type GeometryOptions, geometry } from '../../src/correlate/geometry.ts';
import { type PlanOptions, planCorrelation } from '../../src/correlate/plan.ts';
import { kernel, repeatKernel, type Kernel } from '../../src/kernels/kernel.ts';
import { namedKernel } from '../../src/kernels/named.ts';

const LARGE = { channels: 1, height: 3000, width: 4000 };

function plan(
  k: Kernel,
  options: GeometryOptions & Partial<Pick<PlanOptions, 'algorithm' | 'precision'>> = {},
  input: typeof LARGE = LARGE,
) {
  const { algorithm = 'auto', precision = 'deterministic', ...others } = options;
  const at = geometry(input, k, { padding: 'same', ...others });
  return planCorrelation(input, k, { geometry: at, precision, algorithm });
}

const square = (side: number): Kernel =>
  kernel(Array.from({ length: side }, (_, r) => Array.from({ length: side }, (_, c) => 1 + ((r * 7 + c * c) % 5))));

describe('auto', () => {
  test.each(['deterministic', 'fast'] as const)('is direct for small kernels, FFT for large ones (%s)', (precision) => {
    expect([3, 5, 7].map((side) => plan(square(side), { precision }).algorithm)).toEqual([
      'direct',
      'direct',
      'direct',
    ]);
    expect([15, 31, 101].map((side) => plan(square(side), { precision }).algorithm)).toEqual(['fft', 'fft', 'fft']);
  });

  test('changes once, and not back, as kernels grow', () => {
    const chosen = Array.from({ length: 40 }, (_, i) => plan(square(i + 1)).algorithm);
    expect(chosen.slice(chosen.indexOf('fft')).filter((algorithm) => algorithm !== 'fft')).toEqual([]);
  });

  test('counts taps that are not 0', () => {
    const corners = new Array<number>(31 * 31).fill(0);
    corners[0] = 1;
    corners[960] = -1;
    const sparse = kernel(Array.from({ length: 31 }, (_, r) => corners.slice(31 * r, 31 * r + 31)));
    const { algorithm, reasons } = plan(sparse);
    expect(algorithm).toBe('direct');
    expect(reasons[0]).toMatch(/^31×31 taps, 959 of them 0: direct 2 multiply-adds a sample/);
  });

  test('is direct where a stride leaves few samples to compute', () => {
    expect(plan(square(15)).algorithm).toBe('fft');
    expect(plan(square(15), { stride: 8 }).algorithm).toBe('direct');
  });

  test('is direct on a picture that is small beside its kernel', () => {
    expect(plan(square(15), { padding: 'valid' }, { channels: 1, height: 16, width: 16 }).algorithm).toBe('direct');
  });

  test('is minimal filtering where sums over many channels are fast', () => {
    const of = (inputs: number, outputs: number, rows = 3, columns = 3): Kernel =>
      kernel(new Array(outputs).fill(new Array(inputs).fill(new Array(rows).fill(new Array(columns).fill(0.5)))));
    const chosen = (k: Kernel, precision: 'fast' | 'deterministic' = 'fast'): string =>
      plan(k, { precision }, { channels: k.inChannels, height: 512, width: 512 }).algorithm;
    expect([of(16, 16), of(8, 8), of(4, 8), of(3, 16), of(3, 3, 3, 7)].map((k) => chosen(k))).toEqual(
      new Array(5).fill('minimal'),
    );
    expect([of(1, 1), of(3, 1), of(1, 3), of(16, 1), of(1, 16), of(8, 8, 2, 3)].map((k) => chosen(k))).toEqual(
      new Array(6).fill('direct'),
    );
    expect([of(16, 16, 5, 5), of(3, 3, 7, 7)].map((k) => chosen(k))).toEqual(['fft', 'fft']);
    expect(chosen(of(16, 16), 'deterministic')).not.toBe('minimal');
    expect(plan(of(8, 8), { precision: 'fast' }, { channels: 8, height: 512, width: 512 }).reasons).toEqual([
      expect.stringMatching(/direct 72 multiply-adds a sample, minimal filtering 48, FFT about \d+ on tiles/),
      expect.stringMatching(/^minimal filtering is expected to take [\d.]+ ms, direct [\d.]+ ms, FFT [\d.]+ ms \(fast/),
    ]);
  });

  test('is never two passes', () => {
    expect(plan(namedKernel('box:5')).algorithm).toBe('direct');
    expect(plan(namedKernel('gaussian:8')).algorithm).toBe('fft');
  });

  test('does not depend on what the taps are', () => {
    const k = square(11);
    const other = { ...k, weights: k.weights.map((tap) => -tap / 3) };
    expect(plan(other)).toEqual(plan(k));
  });
});

describe('reasons', () => {
  test('name the taps, what they cost either way, and what is expected of it', () => {
    const { reasons } = plan(square(31));
    expect(reasons[0]).toMatch(
      /^31×31 taps: direct 961 multiply-adds a sample, FFT about [5-7]\d on tiles of \d+×\d+$/,
    );
    expect(reasons[1]).toMatch(/^FFT is expected to take \d+ ms, direct \d+ ms \(deterministic, one core of 2024\)$/);
  });

  test('count the inputs of one output', () => {
    const three = kernel([[[[1, 1]], [[1, 1]], [[1, 1]]]]);
    expect(plan(three, {}, { ...LARGE, channels: 3 }).reasons[0]).toMatch(
      /^1×3×1×2 taps: direct 6 multiply-adds a sample/,
    );
  });
});

describe('what is asked for', () => {
  test.each([
    ['reference', 5],
    ['direct', 5],
    ['minimal', 3],
    ['fft', 5],
  ] as const)('%s is taken, and said', (algorithm, side) => {
    const planned = plan(square(side), { algorithm });
    expect(planned.algorithm).toBe(algorithm);
    expect(planned.reasons.at(-1)).toMatch(/^asked for/);
  });

  test('separable comes with its two kernels', () => {
    const { algorithm, separated, reasons } = plan(
      repeatKernel(namedKernel('sobel-x'), 3),
      { algorithm: 'separable' },
      {
        ...LARGE,
        channels: 3,
      },
    );
    expect(algorithm).toBe('separable');
    expect(Array.from(separated?.row.weights ?? [])).toEqual([-1, 0, 1, -1, 0, 1, -1, 0, 1]);
    expect(reasons[0]).toMatch(/6 multiply-adds a sample at once, 5 in two passes$/);
  });

  test.each<[string, Kernel, GeometryOptions, RegExp]>([
    [
      'a rank above 1',
      namedKernel('laplacian'),
      {},
      /^Expected a kernel of rank 1.*for algorithm separable but received 3×3 taps of a higher rank$/,
    ],
    [
      'a stride',
      namedKernel('sobel-x'),
      { stride: 2 },
      /^Expected a stride of 1 for algorithm separable but received 2, 2$/,
    ],
    [
      'sums over channels',
      kernel([[[1, 1]], [[1, 1]]]),
      {},
      /see one channel for algorithm separable but received 1×2×1×2$/,
    ],
  ])('separable is refused for %s', (_, k, options, message) => {
    const input = { ...LARGE, channels: k.inChannels };
    expect(() => plan(k, { ...options, algorithm: 'separable' }, input)).toThrow(message);
  });
});
