import { expect, test } from 'vitest';
import {
  detectEdges,
  type DetectorKernel,
  detectorKernel,
  type KernelDetector,
  learnDetector,
  type Picture,
  type Planes,
  readImage,
} from '../../../src/index.ts';
import { inCheckout } from '../../support/checkout.ts';
import { quarter } from '../../support/quarter.ts';
import { seeded } from '../../support/seeded.ts';

/** Twenty of each kind take some six minutes of one processor: all of them in CI, the first elsewhere. */
const SEEDS = process.env['CI'] ? 20 : 1;

const CASES = Array.from({ length: SEEDS }, (_, i) => i + 1).flatMap((seed) =>
  ([3, 5] as const).flatMap((side) => (['l2', 'l1'] as const).map((response) => ({ seed, side, response }))),
);

/** Detectors that nobody has named: two random kernels of two decimals and of sum 0. */
test.for(quarter(CASES))(
  'seed $seed: the $response of two random kernels of $side×$side is recovered from its 8-bit map',
  { timeout: 180_000 },
  async ({ seed, side, response }) => {
    const { planes } = await readImage(inCheckout('samples', 'camera.png'));
    const random = seeded(seed);
    const kernels = [randomKernel(random, side), randomKernel(random, side)];
    const { map } = detectEdges(planes, { operator: { kernels, response, border: 'reflect101', rounding: 'nearest' } });
    const found = await learnDetector([{ before: stored(planes), after: stored(map) }]);
    expect(found?.report.method).toBe('recovered');
    const { reproduced = 0, samples = 1 } = found?.report.certificate ?? {};
    expect(reproduced / samples).toBeGreaterThan(0.999);
    // A sum of absolute values tells its taps to the last decimal; a length hides how its kernels are turned among themselves.
    if (response === 'l1') expect(reproduced).toBe(samples);
    const learned = found?.detector as KernelDetector;
    expect(learned.response).toBe(response);
    const { scale = 1 } = learned;
    const taps = learned.kernels.map((k) => Array.from(k.taps, (tap) => tap * Number(scale)));
    const wanted = kernels.map((k) => Array.from(k.taps));
    expect(response === 'l2' ? apartAsForms(taps, wanted) : apartInOrder(taps, wanted)).toBeLessThan(1e-4);
  },
);

function randomKernel(random: () => number, side: number): DetectorKernel {
  const size = side === 3 ? 0.4 : 0.2;
  const whole = Array.from({ length: side * side }, () => Math.round((2 * random() - 1) * 100 * size));
  whole[(side * side - 1) / 2] -= whole.reduce((sum, tap) => sum + tap, 0);
  const rows = Array.from({ length: side }, (_, row) => whole.slice(row * side, (row + 1) * side).map((n) => n / 100));
  return detectorKernel(rows);
}

function stored(planes: Planes): Picture {
  return { planes, depth: 8, lossy: false, metadata: {} } as Picture;
}

/** A length does not tell how its kernels are turned among themselves: it tells the sums of products of each two taps. */
function apartAsForms(a: readonly number[][], b: readonly number[][]): number {
  const form = (kernels: readonly number[][], i: number, j: number): number =>
    kernels.reduce((sum, k) => sum + k[i] * k[j], 0);
  return Math.max(...a[0].flatMap((_, i) => a[0].map((__, j) => Math.abs(form(a, i, j) - form(b, i, j)))));
}

/** Which kernel is first, and which way round, makes no difference to a sum of absolute values. */
function apartInOrder([a, b]: readonly number[][], [first, second]: readonly number[][]): number {
  const apart = (p: readonly number[], q: readonly number[]): number =>
    Math.min(...[1, -1].map((sign) => Math.max(...p.map((tap, i) => Math.abs(tap - sign * q[i])))));
  return Math.min(Math.max(apart(a, first), apart(b, second)), Math.max(apart(a, second), apart(b, first)));
}
