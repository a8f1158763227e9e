import sharp from 'sharp';
import { beforeAll, expect, test } from 'vitest';
import { restrictLoaders } from '../../src/files/restrictLoaders.ts';

// It holds for a whole process: each test file has one of its own.
const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>');

beforeAll(async () => {
  expect((await sharp(svg).metadata()).format).toBe('svg');
  restrictLoaders();
});

test.each(['jpeg', 'png', 'webp', 'tiff', 'avif', 'gif'] as const)('%s is still read', async (format) => {
  const red = sharp({ create: { width: 9, height: 9, channels: 3, background: 'red' } });
  const pixels = await sharp(await red.toFormat(format).toBuffer())
    .raw()
    .toBuffer();
  expect(pixels.length).toBeGreaterThanOrEqual(9 * 9 * 3);
});

test('SVG is not', async () => {
  await expect(sharp(svg).raw().toBuffer()).rejects.toThrow('unsupported image format');
});
