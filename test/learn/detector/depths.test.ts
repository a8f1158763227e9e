import { describe, expect, test } from 'vitest';
import {
  detectEdges,
  type Detector,
  type DetectOptions,
  type KernelDetector,
  learnDetector,
  type Picture,
  type Planes,
  readImage,
} from '../../../src/index.ts';
import { cutPlanes } from '../../../src/planes/cut.ts';
import { roundSample } from '../../../src/planes/samples.ts';
import { inCheckout } from '../../support/checkout.ts';
import { SOBEL, UNNAMED } from '../../support/pairsOfKernels.ts';
import { quarter } from '../../support/quarter.ts';
import { seeded } from '../../support/seeded.ts';

/** Pictures in colour whose samples, or whose maps' samples, have 16 bits. */

const { planes } = await readImage(inCheckout('samples', 'astronaut.png'));
const eight = cutPlanes(planes, 60, 120, 160, 224);
const random = seeded(3);
const sixteen: Planes = {
  ...eight,
  white: 65_535,
  data: eight.data.map((sample) => Math.min(65_535, sample * 257 + Math.floor(random() * 200))),
};

function storedAt(depth: 8 | 16, { white = 1, ...own }: Planes): Picture {
  const most = 2 ** depth - 1;
  const data = own.data.map((sample) => roundSample(Math.abs(sample) * (most / white), most));
  return { planes: { ...own, white: most, data }, depth, lossy: false, metadata: {} };
}

const opencv = { mix: [9798 / 32_768, 19_235 / 32_768, 3735 / 32_768], rounding: 'half-up' } as const;
const OPENCV: KernelDetector = {
  color: opencv,
  kernels: SOBEL,
  response: 'l2',
  scale: 0.25,
  border: 'reflect101',
  rounding: 'nearest',
};

describe('pictures of 16 bits in colour', () => {
  test.for<[string, Detector | DetectOptions, RegExp]>([
    ['our own', { operator: 'sobel' }, /^corr2d detect before\.png --operator sobel$/],
    ['our own lines', { operator: 'canny' }, /^corr2d detect before\.png --operator canny$/],
    ['OpenCV’s', OPENCV, /^np\.uint16\(np\.clip\(np\.rint\(cv2\.magnitude\(/],
  ])('%s', { timeout: 60_000 }, async ([, how, call]) => {
    const options = 'response' in how ? { operator: how as Detector } : (how as DetectOptions);
    const after = storedAt(16, detectEdges(sixteen, options).map);
    const found = await learnDetector([{ before: storedAt(16, sixteen), after }]);
    expect(found?.detector.from?.call).toMatch(call);
    expect(found?.report.certificate?.reproduced).toBe(160 * 224);
  });

  test.for<[string, Partial<KernelDetector>]>(
    quarter([
      ['their length', {}],
      ['above a threshold', { threshold: 0.3 }],
    ]),
  )('kernels that nobody has named, %s', { timeout: 60_000 }, async ([, more]) => {
    const operator: KernelDetector = { ...OPENCV, kernels: UNNAMED, scale: 1, ...more };
    const after = storedAt(16, detectEdges(sixteen, { operator }).map);
    const found = await learnDetector([{ before: storedAt(16, sixteen), after }]);
    expect(found?.report.method).toBe('recovered');
    const { reproduced = 0, samples = 1 } = found?.report.certificate ?? {};
    expect(reproduced / samples).toBeGreaterThan(0.999);
  });
});

describe('maps of 16 bits of pictures of 8 in colour', () => {
  test.for<[string, DetectOptions]>([
    ['sobel', {}],
    ['scharr --color max', { color: 'max' }],
    ['canny', {}],
    ['sobel --threshold 0.3', { threshold: 0.3 }],
  ])('our own %s', { timeout: 60_000 }, async ([words, options]) => {
    const [operator] = words.split(' ');
    const after = storedAt(16, detectEdges(eight, { operator, ...options }).map);
    const found = await learnDetector([{ before: storedAt(8, eight), after }]);
    expect(found?.detector.from?.call).toBe(`corr2d detect before.png --operator ${words} --depth 16`);
    expect(found?.report.certificate?.reproduced).toBe(160 * 224);
  });
});
