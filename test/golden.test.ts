import { describe, expect, test } from 'vitest';
import {
  type DetectOptions,
  detectEdges,
  edgeSheet,
  filterPicture,
  mapResponse,
  type Picture,
  type Precision,
  parseKernel,
  readImage,
} from '../src/index.ts';
import '../src/vitest.ts';
import { inCheckout } from './support/checkout.ts';

/**
 * Pictures that the tool must go on making, in test/golden: sample for sample, and to within one level under `fast`.
 * `npx vitest run test/golden.test.ts --update` accepts new ones, for a person to look at before they are committed.
 */
describe.each(['deterministic', 'fast'] as const)('golden pictures, %s', (precision) => {
  const edges: [name: string, source: string, options: DetectOptions][] = [
    ['chelsea-sobel', 'chelsea.png', {}],
    ['chelsea-difference', 'chelsea.png', { operator: 'difference' }],
    ['chelsea-roberts', 'chelsea.png', { operator: 'roberts' }],
    ['chelsea-prewitt-l1', 'chelsea.png', { operator: 'prewitt', magnitude: 'l1' }],
    ['chelsea-scharr-max', 'chelsea.png', { operator: 'scharr', color: 'max' }],
    ['chelsea-sobel-each', 'chelsea.png', { color: 'each' }],
    ['chelsea-laplacian', 'chelsea.png', { operator: 'laplacian' }],
    ['chelsea-sobel-otsu', 'chelsea.png', { threshold: 'otsu' }],
    ['coffee-sobel', 'pair/before.png', {}],
  ];
  test.each(edges)('%s', async (name, source, options) => {
    const picture = await readImage(inCheckout('samples', source));
    const map = mapResponse(detectEdges(picture, { ...options, precision }).map, 'abs');
    await expectGolden(name, { planes: map, depth: 8, lossy: false, metadata: {} }, precision);
  });

  const filters: [name: string, source: string, kernel: string][] = [
    ['chelsea-gaussian', 'chelsea.png', 'gaussian:2'],
    ['chelsea-sharpen', 'chelsea.png', 'sharpen'],
  ];
  test.each(filters)('%s', async (name, source, text) => {
    const picture = await readImage(inCheckout('samples', source));
    await expectGolden(name, filterPicture(picture, parseKernel(text), { precision }), precision);
  });
});

describe('golden lines', () => {
  const lines: [name: string, options: DetectOptions][] = [
    ['chelsea-canny', { operator: 'canny' }],
    ['chelsea-canny-opencv', { operator: 'canny', convention: 'opencv' }],
    ['chelsea-thin', { thin: true }],
    ['chelsea-kirsch', { operator: 'kirsch' }],
    ['chelsea-log-crossings', { operator: 'log', zeroCrossings: true, threshold: 0.05 }],
    ['chelsea-gaussian-gradient-di-zenzo', { operator: 'gaussian-gradient', sigma: [1, 3], color: 'di-zenzo' }],
  ];
  test.each(lines)('%s', async (name, options) => {
    const picture = await readImage(inCheckout('samples/chelsea.png'));
    const { map } = detectEdges(picture, options);
    await expectGolden(name, { planes: map, depth: 8, lossy: false, metadata: {} }, 'deterministic');
  });

  const contours: [name: string, options: DetectOptions][] = [
    ['astronaut-contours', {}],
    ['astronaut-contour-lines', { thin: true, high: 0.5, scales: [0.5, 1, 1.5] }],
  ];
  test.each(contours)('%s', async (name, options) => {
    const picture = await readImage(inCheckout('samples/astronaut.png'));
    const { map } = detectEdges(picture, { operator: 'contours', ...options });
    await expectGolden(name, { planes: map, depth: 8, lossy: false, metadata: {} }, 'deterministic');
  });

  test('camera-sheet', async () => {
    const sheet = edgeSheet(await readImage(inCheckout('samples/camera.png')));
    await expectGolden('camera-sheet', { planes: sheet, depth: 8, lossy: false, metadata: {} }, 'deterministic');
  });
});

async function expectGolden(name: string, picture: Picture, precision: Precision): Promise<void> {
  const threshold = precision === 'fast' ? 1 / 255 : 0;
  await expect(picture).toMatchImageSnapshot({ name, directory: 'golden', threshold });
}
