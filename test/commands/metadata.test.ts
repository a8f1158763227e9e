import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { insertMetadata } from '../../src/files/metadata/insertMetadata.ts';
import { readImage } from '../../src/files/readImage.ts';
import { handmadeExif, THUMBNAIL } from '../files/metadata/handmadeExif.ts';
import { temporaryFolder } from '../support/checkout.ts';
import { corr2d } from '../support/corr2d.ts';
import { quarter } from '../support/quarter.ts';

const folder = temporaryFolder();
const at = (name: string): string => join(folder.path, name);
const xmp = '<x:xmpmeta xmlns:x="adobe:ns:meta/"><a tiff:Orientation="6"/></x:xmpmeta>';

beforeAll(async () => {
  const samples = Uint8Array.from({ length: 12 * 8 * 3 }, (_, i) => (i * 37) % 256);
  const coded = sharp(samples, { raw: { width: 12, height: 8, channels: 3 } })
    .withIccProfile('p3')
    .jpeg();
  const exif = handmadeExif({ little: true, orientation: 6, width: 12, height: 8 });
  writeFileSync(at('photo.jpg'), insertMetadata(await coded.toBuffer(), 'jpg', { exif, xmp }, {}));
});
afterAll(folder.remove);

test.each(
  quarter([
    ['detect', 'png', [], []],
    ['detect', 'png', ['--metadata', 'icc'], []],
    ['detect', 'jpg', ['--metadata', 'all'], ['exif', 'xmp']],
    ['detect', 'png', ['--metadata', 'all', '--color', 'each'], ['exif', 'icc', 'xmp']],
    ['detect', 'png', ['--metadata', 'all', '--operator', 'all'], ['exif', 'xmp']],
    ['filter', 'png', [], ['icc']],
    ['filter', 'jpg', ['--metadata', 'none'], []],
    ['filter', 'webp', ['--metadata', 'all'], ['exif', 'icc', 'xmp']],
    ['filter', 'avif', ['--metadata', 'all', '--linear'], ['exif', 'icc', 'xmp']],
    ['filter', 'tif', ['--metadata', 'all'], ['icc', 'xmp']],
  ] as const),
)('%s to %s with %j keeps %j', async (command, format, words, kept) => {
  const kernel = command === 'filter' ? ['-k', 'box'] : [];
  const output = `${command}.${format}`;
  const { status, stderr } = await corr2d([command, 'photo.jpg', ...kernel, ...words, '-o', output, '--overwrite'], {
    cwd: folder.path,
  });
  expect(status, stderr).toBe(0);
  const { metadata, planes } = await readImage(at(output));
  if (!words.some((word) => word === '--operator')) expect([planes.width, planes.height]).toEqual([8, 12]);
  expect((['exif', 'icc', 'xmp'] as const).filter((name) => metadata[name] !== undefined)).toEqual(kept);
  expect(metadata.orientation).toBeUndefined();
  expect(metadata.xmp ?? xmp.replace('"6"', '"1"')).toBe(xmp.replace('"6"', '"1"'));
  expect(readFileSync(at(output)).includes(THUMBNAIL)).toBe(false);
  const policy: string | undefined = words[1];
  const isGrey = planes.channels === 1 && policy !== undefined && policy !== 'none';
  expect(stderr.includes('the ICC profile is left out')).toBe(isGrey);
  expect(stderr.includes('EXIF is left out')).toBe(format === 'tif');
});

test('what holds none refuses it, before anything is written', async () => {
  const { status, stderr } = await corr2d(['detect', 'photo.jpg', '--metadata', 'all', '-o', 'map.npy'], {
    cwd: folder.path,
  });
  expect([status, stderr]).toEqual([2, 'corr2d: Expected no metadata for a .npy picture but received all\n']);
});
