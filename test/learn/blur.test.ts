import { beforeAll, describe, expect, test } from 'vitest';
import { filterPicture } from '../../src/correlate/filterPicture.ts';
import { kernel, type Kernel, learnKernel, namedKernel, type Picture } from '../../src/index.ts';
import { gaussianTaps } from '../../src/kernels/smoothing.ts';
import { cutPlanes } from '../../src/planes/cut.ts';
import { decodeSrgb, encodeSrgb } from '../../src/planes/srgb.ts';
import { quarter } from '../support/quarter.ts';
import { photograph, stored } from './support.ts';

/** Blurs of many taps, and masks of them: their very numbers, where a linear program would have hundreds. */

const outer = (row: readonly number[], own = 0, factor = 1): Kernel => {
  const middle = (row.length - 1) / 2;
  return kernel(row.map((a, r) => row.map((b, c) => factor * a * b + (r === middle && c === middle ? own : 0))));
};

/** OpenCV's own for 27 taps, σ 4.4: whole numbers over 256, as its fixed-point smoothing has them. */
const FIXED27 = [1, 1, 2, 3, 4, 7, 9, 12, 15, 19, 21, 22, 24, 22, 21, 19, 15, 12, 9, 7, 4, 3, 2, 1, 1].map(
  (n) => n / 256,
);
const bell = (sigma: number, radius: number): number[] => [...gaussianTaps(sigma, radius)];

const KERNELS: readonly (readonly [name: string, made: Kernel, known: string | undefined])[] = [
  ['fixed-point Gaussian of 25×25 taps', outer(FIXED27), undefined],
  ['mean of 31×31 samples', namedKernel('box:31x31'), 'mean of 31×31 samples'],
  ['Gaussian of σ 3', outer(bell(3, 12)), 'Gaussian blur of σ 3 (25×25 taps)'],
  ['Gaussian of σ 5 down to 4σ', outer(bell(5, 20)), 'Gaussian blur of σ 5 (41×41 taps)'],
  [
    'mask of a Gaussian of σ 3',
    outer(bell(3, 12), 2.5, -1.5),
    'unsharp mask: 2.5 × the picture − 1.5 × its Gaussian blur of σ 3',
  ],
];

let before: Picture;
let colour: Picture;

beforeAll(async () => {
  before = stored(cutPlanes(await photograph('camera.png'), 40, 80, 260, 320));
  colour = stored(cutPlanes(await photograph('chelsea.png'), 40, 60, 220, 260));
});

describe('blurs of many taps', { timeout: 120_000 }, () => {
  test.for(quarter(KERNELS))('%s', async ([, made, known]) => {
    const { planes } = filterPicture(before, made, { border: 'replicate' });
    const { kernel: learned, report } = await learnKernel([{ before, after: stored(planes) }]);
    expect([learned.height, learned.width]).toEqual([made.height, made.width]);
    const away = learned.weights.reduce((most, tap, i) => Math.max(most, Math.abs(tap - made.weights[i])), 0);
    expect(away).toBeLessThan(1e-7);
    expect(report.certificate?.reproduced).toBe(report.certificate?.samples);
    expect(report.program.borders).toContain('replicate');
    if (known === undefined) expect(report.known).toBeUndefined();
    else expect(report.known?.text).toContain(known);
  });

  test('of linear light', async () => {
    const made = outer(bell(1.5, 6));
    const linear = filterPicture({ ...colour, planes: decodeSrgb(colour.planes) }, made, { border: 'replicate' });
    const { kernel: learned, report } = await learnKernel([
      { before: colour, after: stored(encodeSrgb(linear.planes)) },
    ]);
    expect(report.program.light).toBe('linear');
    expect(report.known?.text).toContain('Gaussian blur of σ 1.5');
    expect(learned.height).toBe(13);
  });

  test('taps that show no program are estimated, with how far they may be off', async () => {
    const row = [0.5, 1, 2.2, 4.1, 6.3, 8.8, 9.7, 8.1, 6.6, 4.4, 2.7, 1.3, 0.3];
    const made = outer(row.map((tap) => tap / row.reduce((sum, one) => sum + one, 0)));
    const { planes } = filterPicture(before, made, { border: 'replicate' });
    const { kernel: learned, report } = await learnKernel([{ before, after: stored(planes) }]);
    const top = (learned.height - 13) / 2;
    const stated = Math.max(...(report.standardErrors ?? []));
    let worst = 0;
    made.weights.forEach((tap, i) => {
      const at = (top + Math.floor(i / 13)) * learned.width + top + (i % 13);
      worst = Math.max(worst, Math.abs(learned.weights[at] - tap));
    });
    expect(stated).toBeLessThan(5e-4);
    expect(worst).toBeLessThan(4 * stated);
    expect(report.explained).toBe(true);
  });
});
