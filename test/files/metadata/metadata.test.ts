import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { encodeImage, type ImageFormat } from '../../../src/files/encode/encodeImage.ts';
import { correctedExif } from '../../../src/files/metadata/correctedExif.ts';
import { correctedXmp } from '../../../src/files/metadata/correctedXmp.ts';
import { readImage } from '../../../src/files/readImage.ts';
import { comparePlanes } from '../../../src/planes/compare.ts';
import type { Picture } from '../../../src/planes/picture.ts';
import { planes } from '../../../src/planes/planes.ts';
import { handmadeExif, MAKER_NOTE, THUMBNAIL } from './handmadeExif.ts';

const SIDES = { width: 640, height: 480 };
const UPRIGHT = { width: 480, height: 640, isTurned: true };

const XMP = `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:tiff="http://ns.adobe.com/tiff/1.0/"
 xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:GCamera="http://ns.google.com/photos/1.0/camera/"
 tiff:Orientation="6" tiff:ImageWidth='640' GCamera:MotionPhotoOffset="1234" dc:format="image/jpeg">
<exif:PixelXDimension>640</exif:PixelXDimension><exif:PixelYDimension>480</exif:PixelYDimension>
<xmp:Thumbnails><rdf:Alt><rdf:li>as it was</rdf:li></rdf:Alt></xmp:Thumbnails>
<dc:title>Löwe &amp; Maus</dc:title></rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>`;

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}

describe('EXIF is made true of the picture', () => {
  test.each([true, false])('of either byte order (little: %s), with and without the words before it', (little) => {
    const exif = handmadeExif({ little, orientation: 6, ...SIDES });
    for (const given of [exif, Uint8Array.of(...Buffer.from('Exif\0\0', 'latin1'), ...exif)]) {
      const corrected = correctedExif(given, UPRIGHT)!;
      const view = new DataView(corrected.buffer, corrected.byteOffset);
      // Resolutions change places with rows and columns; offsets of both directories are as before.
      const expected = handmadeExif({ little, orientation: 1, width: UPRIGHT.width, height: UPRIGHT.height });
      const values = (bytes: DataView): Record<number, number> => {
        const found: Record<number, number> = {};
        for (const directory of [8, 8 + 7 * 12 + 6 + 16 + 16]) {
          for (let i = 0; i < bytes.getUint16(directory, little); i++) {
            const entry = directory + 2 + 12 * i;
            const isShort = bytes.getUint16(entry + 2, little) === 3;
            const tag = bytes.getUint16(entry, little);
            found[tag] = isShort ? bytes.getUint16(entry + 8, little) : bytes.getUint32(entry + 8, little);
          }
        }
        return found;
      };
      const before = values(new DataView(expected.buffer));
      expect(values(view)).toEqual({ ...before, 0x011a: before[0x011b], 0x011b: before[0x011a] });
      expect(text(corrected)).toContain(MAKER_NOTE);
      expect(text(corrected).indexOf(MAKER_NOTE)).toBe(text(exif).indexOf(MAKER_NOTE));
      expect(text(corrected)).not.toContain(THUMBNAIL);
      expect(corrected.length).toBeLessThan(exif.length);
    }
  });

  test('a thumbnail between what is kept is blotted out', () => {
    const exif = handmadeExif({ little: true, orientation: 1, ...SIDES });
    // The maker's note moves behind the thumbnail.
    const moved = Uint8Array.of(...exif, ...Buffer.from(MAKER_NOTE, 'latin1'));
    const view = new DataView(moved.buffer);
    const note = text(exif).indexOf(MAKER_NOTE);
    for (let at = 0; at < exif.length; at++) {
      if (view.getUint16(at, true) === 0x927c) {
        view.setUint32(at + 8, exif.length, true);
        break;
      }
    }
    const corrected = correctedExif(moved, UPRIGHT)!;
    expect(text(corrected).indexOf(MAKER_NOTE)).toBe(exif.length);
    expect(corrected.subarray(note, note + MAKER_NOTE.length).every((byte) => byte === 0)).toBe(true);
    expect(text(corrected)).not.toContain(THUMBNAIL);
  });

  test('what cannot be followed is left out, wherever it is cut or changed', () => {
    const exif = handmadeExif({ little: false, orientation: 6, ...SIDES });
    const whole = correctedExif(exif, UPRIGHT)!.length;
    for (let length = 0; length < whole; length++) {
      expect(correctedExif(exif.subarray(0, length), UPRIGHT)).toBeUndefined();
    }
    for (let at = 0; at < exif.length; at++) {
      for (const byte of [0, 8, 0xff]) {
        const changed = Uint8Array.from(exif);
        changed[at] = byte;
        expect(correctedExif(changed, UPRIGHT)?.length ?? 0).toBeLessThanOrEqual(exif.length);
      }
    }
    expect(correctedExif(new Uint8Array(2 ** 20 + 1), UPRIGHT)).toBeUndefined();
  });
});

describe('XMP is made true of the picture', () => {
  const corrected = correctedXmp(XMP, UPRIGHT)!;

  test('its numbers, thumbnails and what lies behind the picture', () => {
    expect(corrected).toContain(' tiff:Orientation="1" tiff:ImageWidth="480" dc:format="image/jpeg"');
    expect(corrected).toContain('<exif:PixelXDimension>480</exif:PixelXDimension>');
    expect(corrected).toContain('<exif:PixelYDimension>640</exif:PixelYDimension>');
    expect(corrected).toContain('<dc:title>Löwe &amp; Maus</dc:title>');
    expect(corrected).not.toMatch(/Thumbnails|MotionPhotoOffset/);
  });

  test('what is no XML stays, in a time that grows with its length', () => {
    for (const hostile of [
      '<xmp:Thumbnails>'.repeat(60_000),
      ' hdrgm:a="'.repeat(90_000),
      '<tiff:Orientation>'.repeat(50_000),
    ]) {
      const started = performance.now();
      expect(correctedXmp(hostile, UPRIGHT)).toBeDefined();
      expect(performance.now() - started).toBeLessThan(5000);
    }
  });
});

async function picture(): Promise<Picture> {
  const red = sharp({ create: { width: 1, height: 1, channels: 3, background: 'red' } });
  const { icc } = await sharp(await red.withIccProfile('p3').tiff().toBuffer()).metadata();
  const metadata = {
    icc: new Uint8Array(icc!),
    density: 300,
    orientation: 6,
    exif: handmadeExif({ little: true, orientation: 6, ...SIDES }),
    xmp: XMP,
  };
  const rows = (first: number): number[][] => Array.from({ length: 4 }, (_, y) => [first + y, 200 - first, 7 * y]);
  return { planes: planes([rows(10), rows(60), rows(90)], 255), depth: 8, lossy: false, metadata };
}

describe('what goes into a file', () => {
  const SIZE = { width: 3, height: 4, isTurned: true };
  const cases: readonly { format: Exclude<ImageFormat, 'npy'>; lossless?: boolean; compression?: number }[] = [
    { format: 'png' },
    { format: 'png', compression: 9 },
    { format: 'jpg' },
    { format: 'webp' },
    { format: 'webp', lossless: true },
    { format: 'avif', lossless: true },
    { format: 'tif' },
  ];

  test.each(cases)('$format lossless: $lossless, compression: $compression', async (options) => {
    const before = await picture();
    for (const alpha of [
      undefined,
      planes(
        [
          [1, 2, 3],
          [4, 5, 6],
          [7, 8, 255],
          [255, 0, 255],
        ],
        255,
      ),
    ]) {
      if (alpha !== undefined && options.format === 'jpg') continue;
      const given = alpha === undefined ? before : { ...before, alpha };
      const file = await encodeImage(given, { ...options, metadata: 'all' });
      const back = await readImage(file, { failOn: 'warning' });
      const plain = await readImage(await encodeImage(given, { ...options, metadata: 'icc' }));
      expect(comparePlanes(back.planes, plain.planes).count).toBe(0);
      expect(back.alpha === undefined).toBe(alpha === undefined);
      if (back.alpha && plain.alpha) expect(comparePlanes(back.alpha, plain.alpha).count).toBe(0);
      expect(back.metadata).toMatchObject({ icc: before.metadata.icc, xmp: correctedXmp(XMP, SIZE) });
      expect(back.metadata.orientation).toBeUndefined();
      // libvips takes EXIF's, which changed places with rows and columns.
      if (options.format === 'png') expect(back.metadata.density).toBe(200);
      if (options.format === 'tif') expect(back.metadata.density).toBe(300);
      if (options.format === 'tif') expect(back.metadata.exif).toBeUndefined();
      else if (options.format !== 'avif') {
        const kept = { ...SIZE, isTurned: false };
        expect(correctedExif(back.metadata.exif!, kept)).toEqual(correctedExif(before.metadata.exif!, SIZE));
      } else {
        const shown = text(back.metadata.exif!);
        for (const kept of [MAKER_NOTE, 'Corr2d Cameras']) expect(shown).toContain(kept);
        expect(shown).not.toContain(THUMBNAIL);
      }
    }
  });

  test('nothing, or the profile and the density, unless all is asked for', async () => {
    const given = await picture();
    for (const { format } of cases) {
      const usual = (await readImage(await encodeImage(given, { format }))).metadata;
      expect(usual.icc).toEqual(given.metadata.icc);
      expect(text(usual.exif ?? new Uint8Array())).not.toContain('Corr2d Cameras');
      expect(usual.xmp).toBeUndefined();
      const none = (await readImage(await encodeImage(given, { format, metadata: 'none' }))).metadata;
      for (const name of ['icc', 'exif', 'xmp'] as const) expect(none[name]).toBeUndefined();
      expect(none.density).not.toBe(300);
    }
    await expect(encodeImage(given, { format: 'npy', metadata: 'all' })).rejects.toThrow(
      'Expected no metadata for a .npy picture but received all',
    );
  });
});
