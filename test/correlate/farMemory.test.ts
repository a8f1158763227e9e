import { expect, test } from 'vitest';
import { allocatePlanes, release } from '../../src/correlate/allocate.ts';
import { corr2d } from '../../src/correlate/corr2d.ts';
import { type Kernel, kernel } from '../../src/kernels/kernel.ts';
import { describeDifference } from '../../src/planes/compare.ts';

const GIB = 2 ** 30;

// An address from there is a negative number to instructions that take signs.
test('direct works beyond 2 GiB of one memory', () => {
  // The first memory that is opened, for planes of 2.2 GiB; nobody touches them, so that they cost no memory.
  const far = allocatePlanes(1, 1, Math.round(0.55 * GIB));
  const x = allocatePlanes(2, 40, 50);
  const out = allocatePlanes(1, 38, 48);
  expect(x.data.buffer).toBe(far.data.buffer);
  expect(x.data.byteOffset).toBeGreaterThan(2 * GIB);
  x.data.forEach((_, i) => (x.data[i] = Math.fround(i / 7)));
  const dense = kernel([
    [
      [1, 2, 3],
      [4, 5, 6],
      [7, 8, 9],
    ],
    [
      [0.1, 0.2, 0.3],
      [0.4, 0.5, 0.6],
      [0.7, 0.8, 0.9],
    ],
  ]);
  const sparse: Kernel = { ...dense, weights: dense.weights.map((tap, i) => (i % 2 ? 0 : tap)) };
  for (const k of [dense, sparse]) {
    const wanted = corr2d(x, k, { algorithm: 'reference' });
    expect(describeDifference(corr2d(x, k, { algorithm: 'direct', out }), wanted)).toBe('');
  }
  for (const p of [x, out, far]) release(p);
});
