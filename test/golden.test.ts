import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pixelmatch from 'pixelmatch';
import sharp, { type OutputInfo } from 'sharp';
import { describe, expect, it } from 'vitest';
import {
  type DetectOptions,
  detectEdges,
  encodeImage,
  filterPicture,
  mapResponse,
  type Picture,
  parseKernel,
  readImage,
} from '../src/index.ts';

/**
 * Pictures that the tool must go on making. `UPDATE_GOLDENS=1 npx vitest run test/golden.test.ts` rewrites them,
 * for a person to look at before they are committed.
 */
const goldens = join(dirname(fileURLToPath(import.meta.url)), 'golden');
const samples = join(goldens, '..', '..', 'samples');
const update = process.env.UPDATE_GOLDENS === '1';

describe('golden pictures', () => {
  it('are not rewritten where CI is set', () => {
    expect(update && Boolean(process.env.CI), 'UPDATE_GOLDENS=1 is refused where CI is set').toBe(false);
  });

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
  it.each(edges)('%s', async (name, source, options) => {
    const picture = await readImage(join(samples, source));
    const map = mapResponse(detectEdges(picture, options).map, 'abs');
    await expectGolden(name, { planes: map, depth: 8, lossy: false, metadata: {} });
  });

  const filters: [name: string, source: string, kernel: string][] = [
    ['chelsea-gaussian', 'chelsea.png', 'gaussian:2'],
    ['chelsea-sharpen', 'chelsea.png', 'sharpen'],
  ];
  it.each(filters)('%s', async (name, source, text) => {
    const picture = await readImage(join(samples, source));
    await expectGolden(name, filterPicture(picture, parseKernel(text)));
  });
});

async function expectGolden(name: string, picture: Picture): Promise<void> {
  const path = join(goldens, `${name}.png`);
  const encoded = await encodeImage(picture, { format: 'png' });
  if (update && !process.env.CI) {
    await mkdir(goldens, { recursive: true });
    await writeFile(path, encoded);
  }
  const [actual, golden] = await Promise.all([pixels(Buffer.from(encoded)), pixels(path)]);
  expect([actual.info.width, actual.info.height]).toEqual([golden.info.width, golden.info.height]);
  const { width, height } = golden.info;
  const differing = pixelmatch(actual.data, golden.data, undefined, width, height, { threshold: 0, includeAA: true });
  expect(differing, `${name}: pixels that differ from test/golden/${name}.png`).toBe(0);
}

function pixels(source: string | Buffer): Promise<{ data: Buffer; info: OutputInfo }> {
  return sharp(source).toColourspace('srgb').ensureAlpha().raw().toBuffer({ resolveWithObject: true });
}
