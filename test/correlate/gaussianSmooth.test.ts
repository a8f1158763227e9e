import { describe, expect, test } from 'vitest';
import { allocatePlanes, release } from '../../src/correlate/allocate.ts';
import { corr2d } from '../../src/correlate/corr2d.ts';
import { gaussianSmooth } from '../../src/correlate/gaussianSmooth.ts';
import { repeatKernel } from '../../src/kernels/kernel.ts';
import { namedKernel } from '../../src/kernels/named.ts';
import { createPlanes, planes, toNested } from '../../src/planes/planes.ts';

function wave(channels: number, height: number, width: number): ReturnType<typeof createPlanes> {
  const p = createPlanes(channels, height, width, 255);
  p.data.forEach((_, i) => (p.data[i] = (i * 7919) % 256));
  return p;
}

describe('gaussianSmooth', () => {
  test.each(['deterministic', 'fast'] as const)(
    'is the correlation with the Gaussian but for rounding (%s)',
    (precision) => {
      const x = wave(3, 37, 53);
      const once = corr2d(x, repeatKernel(namedKernel('gaussian:1.4'), 3), { padding: 'same', border: 'replicate' });
      const twice = gaussianSmooth(x, 1.4, { precision });
      expect([twice.channels, twice.height, twice.width, twice.white]).toEqual([3, 37, 53, 255]);
      const farthest = once.data.reduce((most, v, i) => Math.max(most, Math.abs(v - twice.data[i])), 0);
      expect(farthest).toBeLessThan(255 * 2 ** -20);
    },
  );

  // What scipy.ndimage.gaussian_filter(x, 0.7, mode) gives in Float64 for modes nearest and mirror.
  test.each([
    [
      'replicate',
      [
        0.3375602, 0.94432, 0.5142192, 0.6606974, 0.9365024, 2.6198524, 1.4266121, 1.8329905, 0.3375602, 0.94432,
        0.5142192, 0.6606974,
      ],
    ],
    [
      'reflect101',
      [
        1.3506256, 1.9207025, 1.0132097, 0.999877, 1.936237, 2.7534909, 1.4525225, 1.433409, 1.3506256, 1.9207025,
        1.0132097, 0.999877,
      ],
    ],
  ] as const)('is what SciPy computes (%s)', (border, wanted) => {
    const y = gaussianSmooth(
      planes([
        [0, 0, 0, 0],
        [0, 8, 0, 4],
        [0, 0, 0, 0],
      ]),
      0.7,
      { border },
    );
    toNested(y)[0]
      .flat()
      .forEach((sample, i) => expect(sample).toBeCloseTo(wanted[i], 5));
  });

  test('leaves even planes even, to rounding, up to the rim', () => {
    const x = createPlanes(1, 20, 30);
    x.data.fill(0.75);
    for (const sample of gaussianSmooth(x, 3).data) expect(Math.abs(sample - 0.75)).toBeLessThan(1e-6);
  });

  test('takes a radius', () => {
    const x = planes([
      [0, 0, 0, 0, 0],
      [0, 0, 1, 0, 0],
      [0, 0, 0, 0, 0],
    ]);
    expect(toNested(gaussianSmooth(x, 5, { radius: 0 }))).toEqual(toNested(x));
    expect(gaussianSmooth(x, 0.5, { radius: 1, border: 'zero' }).data.filter((sample) => sample > 0)).toHaveLength(9);
  });

  test('writes to out', () => {
    const x = wave(1, 20, 40);
    const out = allocatePlanes(1, 20, 40, 255);
    expect(gaussianSmooth(x, 2, { out })).toBe(out);
    expect(Array.from(out.data)).toEqual(Array.from(gaussianSmooth(x, 2).data));
    release(out);
  });

  test.each<[string, () => unknown, RegExp]>([
    ['sigma', () => gaussianSmooth(wave(1, 4, 4), 0), /^Expected a number above 0 for sigma but received 0$/],
    ['a radius', () => gaussianSmooth(wave(1, 4, 4), 1, { radius: 1.5 }), /radius of a Gaussian but received 1.5$/],
    ['a border', () => gaussianSmooth(wave(1, 4, 4), 1, { border: 'reflect' as 'zero' }), /which means both$/],
    [
      'a precision',
      () => gaussianSmooth(wave(1, 4, 4), 1, { precision: 'exact' as 'fast' }),
      /for precision but received exact$/,
    ],
    [
      'out',
      () => gaussianSmooth(wave(1, 4, 4), 1, { out: createPlanes(1, 4, 5) }),
      /^Expected planes of 1×4×4 for out/,
    ],
  ])('refuses %s that does not fit', (_, call, message) => {
    expect(call).toThrow(message);
  });
});
