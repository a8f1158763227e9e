import { describe, expect, test } from 'vitest';
import {
  type Detector,
  detectEdges,
  detectorKernel,
  type DetectOptions,
  type KernelDetector,
  learnDetector,
  type LearnedDetector,
  type Planes,
  readImage,
} from '../../../src/index.ts';
import { cutPlanes } from '../../../src/planes/cut.ts';
import { inCheckout } from '../../support/checkout.ts';
import { SOBEL } from '../../support/pairsOfKernels.ts';
import { quarter } from '../../support/quarter.ts';
import { seeded } from '../../support/seeded.ts';
import { stored } from '../support.ts';

/** Black-and-white maps of more than one plane: a channel for each of the picture's, and several pairs. */

const cut = async (name: string, row = 60, column = 120): Promise<Planes> =>
  cutPlanes((await readImage(inCheckout('samples', name))).planes, row, column, 160, 224);
const grey = await cut('camera.png');
const rgb = await cut('astronaut.png');

async function learnt(
  befores: readonly Planes[],
  operator: Detector | DetectOptions,
  known = true,
): Promise<LearnedDetector> {
  const options = 'response' in operator ? { operator: operator as Detector } : (operator as DetectOptions);
  const pairs = befores.map((before) => ({ before: stored(before), after: stored(detectEdges(before, options).map) }));
  const found = await learnDetector(pairs, { known });
  if (found === undefined) throw new Error('no detector was found');
  return found;
}

function expectAll({ report: { certificate } }: LearnedDetector): void {
  expect(certificate?.reproduced).toBe(certificate?.samples);
}

const CANNY: KernelDetector = {
  kernels: SOBEL,
  response: 'l1',
  thin: 'sectors',
  low: 100 / 255,
  high: 200 / 255,
  border: 'replicate',
  rounding: 'nearest',
};

describe('maps of three channels', () => {
  test('lines of each channel are named in the words of the program', async () => {
    const found = await learnt([rgb], { ...CANNY, color: 'each' });
    expectAll(found);
    expect(found.detector.from?.call).toBe('cv2.merge([cv2.Canny(before, 100, 200) for before in cv2.split(before)])');
    expect((found.detector as KernelDetector).color).toBe('each');
  });

  test.each([
    ['sobel', { color: 'each', threshold: 0.2 }, 'sobel --color each --threshold 0.2'],
    ['canny', { color: 'each', low: 0.05, high: 0.15 }, 'canny --color each --low 0.05 --high 0.15'],
  ] as const)('our own %s of each channel is named by its command', async (operator, options, words) => {
    const found = await learnt([rgb], { operator, ...options });
    expectAll(found);
    expect(found.detector.from?.call).toBe(`corr2d detect before.png --operator ${words}`);
  });

  test('one threshold of kernels that nobody has named', { tags: ['slow'], timeout: 60_000 }, async () => {
    const [a, b] = SOBEL;
    const detector: KernelDetector = {
      kernels: [a, b],
      response: 'l2',
      color: 'each',
      threshold: 100 / 255,
      border: 'reflect101',
      rounding: 'nearest',
    };
    const found = await learnt([rgb], detector, false);
    expectAll(found);
    expect(found.report.method).toBe('recovered');
    expect((found.detector as KernelDetector).color).toBe('each');
  });
});

describe('several pairs', () => {
  test('have thresholds in common that each alone leaves open', async () => {
    // Of either alone the roundest numbers that fit do not fit the other.
    const parts = [cutPlanes(grey, 0, 0, 80, 224), cutPlanes(grey, 80, 0, 80, 224)];
    const detector: KernelDetector = { ...CANNY, low: 93 / 255, high: 187 / 255 };
    for (const [i, part] of parts.entries()) {
      const { map } = detectEdges(part, { operator: detector });
      const alone = (await learnt([part], detector)).detector;
      const other = detectEdges(parts[1 - i], { operator: alone }).map.data;
      const wanted = detectEdges(parts[1 - i], { operator: detector }).map.data;
      expect(detectEdges(part, { operator: alone }).map.data).toEqual(map.data);
      if (i === 0) expect(other).not.toEqual(wanted);
    }
    expectAll(await learnt(parts, detector));
  });

  test('share a rule, which is told as one', async () => {
    const found = await learnt([grey, await cut('camera.png', 200, 10)], { operator: 'scharr', threshold: 'otsu' });
    expectAll(found);
    expect(found.detector.from?.call).toBe('corr2d detect before.png --operator scharr --threshold otsu');
  });
});

/** Two kernels of 3×3 random taps of two decimals, and of sum 0. */
function randomKernels(seed: number): KernelDetector['kernels'] {
  const random = seeded(seed);
  return [0, 1].map(() => {
    const whole = Array.from({ length: 9 }, () => Math.round((2 * random() - 1) * 40));
    whole[4] -= whole.reduce((sum, tap) => sum + tap, 0);
    return detectorKernel([0, 3, 6].map((from) => whole.slice(from, from + 3).map((tap) => tap / 100)));
  });
}

test.for(quarter([1, 2]))(
  'seed %i: two random kernels above a threshold, of one bit a sample: all of the pair, and 999 in 1000 of a picture that was not seen',
  { timeout: 120_000 },
  async (seed) => {
    const detector: KernelDetector = {
      kernels: randomKernels(seed),
      response: 'l2',
      threshold: 20 / 255,
      border: 'reflect101',
      rounding: 'nearest',
    };
    const { planes } = await readImage(inCheckout('samples', 'camera.png'));
    const found = await learnt([planes], detector, false);
    expectAll(found);
    const [mine, theirs] = [found.detector, detector].map((operator) => detectEdges(rgb, { operator }).map.data);
    const apart = mine.reduce((count, sample, i) => count + Number(sample !== theirs[i]), 0);
    expect(apart / mine.length).toBeLessThanOrEqual(0.001);
  },
);

test.for([
  ['through corners', 3, { link: 'connected' }],
  ['by sides alone', 4, { link: 'sides' }],
  ['dark', 3, { inverted: true }],
] as const)(
  'two random kernels with hysteresis, %s: all of the pair, and 999 in 1000 of a picture that was not seen',
  { tags: ['slow'], timeout: 120_000 },
  async ([, seed, how]) => {
    const detector: KernelDetector = {
      kernels: randomKernels(seed),
      response: 'l2',
      low: 12 / 255,
      high: 45 / 255,
      ...how,
      border: 'reflect101',
      rounding: 'nearest',
    };
    const { planes } = await readImage(inCheckout('samples', 'camera.png'));
    const found = await learnt([planes], detector, false);
    expectAll(found);
    expect((found.detector as KernelDetector).link ?? 'connected').toBe('link' in how ? how.link : 'connected');
    const [mine, theirs] = [found.detector, detector].map((operator) => detectEdges(rgb, { operator }).map.data);
    const apart = mine.reduce((count, sample, i) => count + Number(sample !== theirs[i]), 0);
    expect(apart / mine.length).toBeLessThanOrEqual(0.001);
  },
);
