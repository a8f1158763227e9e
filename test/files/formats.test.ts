import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { sniff } from '../../src/files/decode/sniff.ts';
import { encodeImage } from '../../src/files/encode/encodeImage.ts';
import {
  FORMATS,
  formatOfPath,
  type ImageFormat,
  LOADERS,
  OTHER_FORMATS,
  PICTURE_EXTENSIONS,
  READ_EXTENSIONS,
  READ_FORMATS,
  type SourceFormat,
  UNWRITTEN_EXTENSIONS,
  WRITTEN_FORMATS,
} from '../../src/files/formats.ts';
import { readImage } from '../../src/files/readImage.ts';
import { planes } from '../../src/planes/planes.ts';

const rows = Object.entries(FORMATS) as [SourceFormat, (typeof FORMATS)[SourceFormat]][];
const written = rows.filter(([, { write }]) => write !== undefined);

test('no extension is claimed twice', () => {
  const all = [...rows.map(([, row]) => row), ...OTHER_FORMATS].flatMap(({ extensions }) => extensions);
  expect(new Set(all).size).toBe(all.length);
  for (const extension of all) expect(extension).toMatch(/^[a-z0-9]+$/);
});

test('the lists say what the rows say', () => {
  expect(WRITTEN_FORMATS).toEqual(['png', 'jpg', 'webp', 'tif', 'avif', 'npy']);
  expect(READ_FORMATS).toBe('PNG, JPEG, WebP, TIFF, AVIF, GIF or .npy');
  expect(READ_EXTENSIONS.filter((extension) => !PICTURE_EXTENSIONS.includes(extension))).toEqual(['npy']);
  expect([...UNWRITTEN_EXTENSIONS]).toEqual(expect.arrayContaining(['gif', 'heic', 'bmp', 'jp2', 'svg', 'pdf']));
});

test('every decoder is one that libvips has', () => {
  for (const loader of LOADERS) expect(() => sharp.unblock({ operation: [loader] })).not.toThrow();
  const names = new Set(
    LOADERS.map((loader) => loader.replace('VipsForeignLoad', '').toLowerCase().replace('nsgif', 'gif')),
  );
  for (const name of names) expect(sharp.format).toHaveProperty(name);
});

describe.each(written)('%s', (format, { extensions, lossy }) => {
  const [option] = extensions as unknown as [ImageFormat];

  test('every end of its names asks for it', () => {
    for (const extension of extensions) {
      expect(formatOfPath(`a.${extension}`)).toBe(option);
      expect(formatOfPath(`b/A.${extension.toUpperCase()}`)).toBe(option);
    }
  });

  test('is written, known by its first bytes and by no other row, and read again', async () => {
    const bytes = await encodeImage(planes([[0, 128, 255]], 255), { format: option });
    expect(sniff(bytes)).toBe(format);
    expect(rows.filter(([, { is }]) => is(bytes))).toHaveLength(1);
    expect(OTHER_FORMATS.filter(({ is }) => is(bytes)).map(({ name }) => name)).not.toContain(FORMATS[format].name);
    const picture = await readImage(bytes);
    expect(picture.metadata.format).toBe(format);
    expect([picture.planes.height, picture.planes.width]).toEqual([1, 3]);
    if (lossy !== 'some') expect(picture.lossy).toBe(lossy);
  });
});
