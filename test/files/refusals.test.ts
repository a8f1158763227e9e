import { execFileSync } from 'node:child_process';
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, describe, expect, test } from 'vitest';
import { FileError, type FileErrorCode } from '../../src/disk/fileError.ts';
import { readImage } from '../../src/files/readImage.ts';
import { formatNpy } from '../../src/planes/npy.ts';
import { temporaryFolder } from '../support/checkout.ts';
import { OTHER_USER, whyPermissionsCannotBeTried } from '../support/otherUser.ts';
import { COLOUR, chunk, header, pixels, png, pngOf } from './handmadePng.ts';
import { tiff } from './handmadeTiff.ts';

const folder = temporaryFolder();
afterAll(folder.remove);
const inFolder = (name: string): string => join(folder.path, name);

/** The error that a call ends with. */
async function refusal(call: Promise<unknown>): Promise<FileError> {
  const error = await call.then(
    () => 'no refusal',
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(FileError);
  const refused = error as FileError;
  // One sentence, without the traces of what found it.
  expect(refused.message).not.toMatch(/[\n\r]|Vips|vips(png|_|2)|\bat .*:\d+/);
  return refused;
}

const noise = Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => (i * i) % 256);
const picture = sharp(noise, { raw: { width: 64, height: 64, channels: 3 } });
const small = png(
  [2, 2, 8, COLOUR.grey],
  [
    [1, 2],
    [3, 4],
  ],
);

test('a GIF whose first frame is smaller than its screen, and torn', async () => {
  const screen = [...Buffer.from('GIF89a'), 9, 0, 9, 0, 0x80, 0, 0, 0, 0, 0, 255, 255, 255];
  // A frame of 4×4 whose samples do not begin with a code size that there is.
  const torn = Uint8Array.of(...screen, 0x2c, 0, 0, 0, 0, 4, 0, 4, 0, 0, 77, 1, 255, 0, 0x3b);
  const refused = (await readImage(torn).catch((error: unknown) => error)) as FileError;
  expect(refused).toMatchObject({ code: 'damaged' });
  expect(refused.message).toBe(
    'Expected a whole GIF picture in the bytes given but it is damaged: its first frame cannot be read',
  );
});

describe('bytes that are no picture', () => {
  const heic = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from('ftypheic\0\0\0\0mif1heic')]);
  test.each<[string, Uint8Array, FileErrorCode, string]>([
    ['nothing', Buffer.alloc(0), 'empty', 'received no bytes'],
    ['one byte', Buffer.of(0xff), 'not-a-picture', 'bytes of no known picture format'],
    ['two bytes of a JPEG', Buffer.of(0xff, 0xd8), 'not-a-picture', 'bytes of no known picture format'],
    ['text', Buffer.from('Dear diary,\n'), 'not-a-picture', 'received text'],
    [
      'a Git LFS pointer',
      Buffer.from(`version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 139512\n`),
      'not-a-picture',
      'received a Git LFS pointer; git lfs pull fetches what it stands for',
    ],
    [
      'a git-annex pointer',
      Buffer.from('/annex/objects/SHA256E-s139512--0123.png\n'),
      'not-a-picture',
      'received a git-annex pointer; git annex get fetches what it stands for',
    ],
    ['text cut in a character', Buffer.from(`${'a'.repeat(511)}ä`), 'not-a-picture', 'received text'],
    ['ZIP', Buffer.from('PK\x03\x04rest'), 'not-a-picture', 'a ZIP archive'],
    [
      'SVG',
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
      'unsupported',
      'received SVG',
    ],
    [
      'SVG with a prologue',
      Buffer.from('<?xml version="1.0"?>\n<svg width="9" height="9"/>'),
      'unsupported',
      'received SVG',
    ],
    ['PDF', Buffer.from('%PDF-1.7\n'), 'unsupported', 'received PDF'],
    ['.v', Buffer.from([0xb6, 0xa6, 0xf2, 8, 0, 0, 0, 1]), 'unsupported', 'a libvips .v file'],
    ['HEIC', heic, 'unsupported', 'received HEIC'],
    ['CR2', Buffer.from('II*\0\x10\0\0\0CR\x02\0'), 'unsupported', "a camera's raw file (CR2)"],
    ['BMP', Buffer.from('BM\x46\0\0\0\0\0\0\0'), 'unsupported', 'received BMP'],
    ['PPM', Buffer.from('P6\n1 1\n255\nabc'), 'unsupported', 'a PNM picture'],
  ])('%s', async (_, bytes, code, reason) => {
    const error = await refusal(readImage(bytes));
    expect(error.code).toBe(code);
    expect(error.message).toContain(reason);
    expect(error.message).toContain('in the bytes given');
    expect(error.path).toBeUndefined();
  });

  test('anything but bytes', async () => {
    await expect(readImage(7 as never)).rejects.toThrow(
      "Expected a path, or a file's bytes as a Uint8Array for a picture but received 7",
    );
  });
});

describe('damaged pictures', () => {
  const flipped = (bytes: Buffer, at: number): Buffer => {
    const changed = Buffer.from(bytes);
    changed[at] ^= 0x55;
    return changed;
  };
  const encoded = {
    jpeg: picture.clone().jpeg(),
    png: picture.clone().png(),
    webp: picture.clone().webp(),
    tiff: picture.clone().tiff({ compression: 'none' }),
    avif: picture.clone().avif(),
    gif: picture.clone().gif(),
  };
  const NAMES = { jpeg: 'JPEG', png: 'PNG', webp: 'WebP', tiff: 'TIFF', avif: 'AVIF', gif: 'GIF' };

  test.each(Object.keys(encoded) as (keyof typeof encoded)[])('%s cut off anywhere', async (format) => {
    const whole = await encoded[format].toBuffer();
    for (const share of [0.02, 0.3, 0.5, 0.9]) {
      const error = await refusal(readImage(whole.subarray(0, Math.max(32, Math.floor(whole.length * share)))));
      expect(error.code).toBe('damaged');
      expect(error.message).toMatch(
        new RegExp(`^Expected a whole ${NAMES[format]} picture in the bytes given but it is damaged: .+`),
      );
      expect(error.cause).toBeInstanceOf(Error);
    }
  });

  test.each([
    ['a flipped byte among the pixels', flipped(small, 8 + 25 + 8 + 5)],
    ['a bad checksum of the pixels', flipped(small, small.length - 12 - 1)],
    ['a bad checksum of the header', flipped(small, 8 + 8 + 13)],
    ['no pixels', pngOf(header(2, 2, 8, COLOUR.grey), chunk('IEND'))],
    ['a row too few', pngOf(header(2, 3, 8, COLOUR.grey), pixels([1, 2], [3, 4]), chunk('IEND'))],
    ['a signature alone', pngOf()],
    ['no width', png([0, 2, 8, COLOUR.grey], [[]])],
    ['a bit depth that is none', png([2, 1, 7, COLOUR.grey], [[1, 2]])],
  ])('PNG with %s', async (_, bytes) => {
    expect((await refusal(readImage(bytes))).code).toBe('damaged');
  });

  test('what the decoder said is one line', async () => {
    const avif = await encoded.avif.toBuffer();
    const error = await refusal(readImage(avif.subarray(0, avif.length >> 1)));
    expect(error.message).toMatch(/it is damaged: Invalid input: Unexpected end of file(?!.*\(\d+\.\d+\)$)/);
    expect(error.message.length).toBeLessThan(300);
  });

  test('failOn none takes what can be decoded', async () => {
    const jpeg = await encoded.jpeg.toBuffer();
    const half = await readImage(jpeg.subarray(0, jpeg.length >> 1), { failOn: 'none' });
    expect(half.planes).toMatchObject({ channels: 3, height: 64, width: 64 });
  });

  test('.npy cut off', async () => {
    const error = await refusal(readImage(formatNpy(Float32Array.of(1, 2), [1, 2]).subarray(0, -3)));
    expect(error).toMatchObject({ code: 'damaged' });
    expect(error.message).toContain('Expected 8 bytes after the header');
  });
});

describe('pictures that are too large', () => {
  test.each([
    ['a PNG of 2^31 − 1 a side', pngOf(header(0x7fffffff, 0x7fffffff, 8, COLOUR.rgb), pixels([0]), chunk('IEND'))],
    ['a PNG of 2^32 − 1 a side', pngOf(header(0xffffffff, 0xffffffff, 8, COLOUR.rgb), pixels([0]), chunk('IEND'))],
    ['a PNG of 20000 a side', pngOf(header(20000, 20000, 1, COLOUR.grey), pixels([0]), chunk('IEND'))],
    ['a TIFF of 100000 a side', tiff({ width: 100000, height: 100000, stride: 1, bits: 8, data: Uint8Array.of(1) })],
  ])('%s, in a few bytes', async (_, bytes) => {
    const error = await refusal(readImage(bytes));
    expect(error.code).toBe('too-large');
    expect(error.message).toMatch(
      /^Expected at most 268402689 pixels \(limitPixels\) in the bytes given but received \d+×\d+$/,
    );
  });

  test('limitPixels, in PNG, JPEG and .npy', async () => {
    const jpeg = await picture.clone().jpeg().toBuffer();
    expect((await refusal(readImage(jpeg, { limitPixels: 4095 }))).message).toContain('received 64×64');
    expect((await readImage(jpeg, { limitPixels: 4096 })).planes.height).toBe(64);
    for (const bytes of [small, formatNpy(Float32Array.of(1, 2, 3, 4), [2, 2])]) {
      expect((await refusal(readImage(bytes, { limitPixels: 3 }))).message).toContain(
        'at most 3 pixels (limitPixels) in the bytes given but received 2×2',
      );
    }
  });

  test('limitBytes, of bytes and of a file', async () => {
    const path = inFolder('long.png');
    await writeFile(path, small);
    for (const source of [small, path]) {
      const error = await refusal(readImage(source, { limitBytes: small.length - 1 }));
      expect(error.code).toBe('too-large');
      expect(error.message).toContain(`Expected at most ${small.length - 1} bytes (limitBytes)`);
      expect((await readImage(source, { limitBytes: small.length })).planes.width).toBe(2);
    }
  });
});

describe('pictures of kinds that are not read', () => {
  const one = { width: 1, height: 1 };
  test.each<[string, Buffer, string]>([
    [
      'five channels',
      tiff({ ...one, stride: 5, bits: 8, extra: [2, 0], data: new Uint8Array(5) }),
      '5 channels of 8-bit samples',
    ],
    [
      'seven channels',
      tiff({ ...one, stride: 7, bits: 16, extra: [0, 0, 0, 0], data: new Uint8Array(14) }),
      '7 channels of 16-bit samples',
    ],
    [
      'signed samples of which white is 0',
      tiff({ ...one, stride: 1, bits: 16, format: 2, photometric: 0, data: new Uint8Array(2) }),
      '16-bit signed samples of which white is 0',
    ],
    [
      'half floats multiplied by alpha',
      tiff({ ...one, stride: 2, bits: 16, format: 3, extra: [1], data: new Uint8Array(4) }),
      '16-bit floating-point samples multiplied by alpha',
    ],
    [
      '65 channels',
      tiff({ ...one, stride: 65, bits: 8, extra: Array<number>(62).fill(0), data: new Uint8Array(65) }),
      '65 or more samples a pixel',
    ],
    [
      '16-bit CMYK',
      tiff({ ...one, stride: 4, bits: 16, photometric: 5, data: new Uint8Array(8) }),
      '16-bit samples (cmyk)',
    ],
    [
      'a preview first',
      tiff({ ...one, stride: 1, bits: 8, data: Uint8Array.of(1), more: { 254: [1] } }),
      'begins with a preview',
    ],
  ])('TIFF with %s', async (_, bytes, reason) => {
    const error = await refusal(readImage(bytes));
    expect(error.code).toBe('unsupported');
    expect(error.message).toContain(reason);
    expect(error.message).toContain('Expected grey or RGB samples of 8 bits, 16 bits or Float32 (or 8-bit CMYK)');
  });

  test('TIFF in Lab', async () => {
    const error = await refusal(
      readImage(await picture.clone().toColourspace('lab').tiff({ compression: 'none' }).toBuffer()),
    );
    expect(error.code).toBe('unsupported');
    expect(error.message).toContain('received samples in CIE L*a*b*');
  });

  test.each<[string, Uint8Array, string]>([
    ['four dimensions', formatNpy(new Float32Array(4), [1, 1, 2, 2]), '(1, 1, 2, 2)'],
    ['one dimension', formatNpy(new Float32Array(4), [4]), '(4)'],
    [
      'two channels',
      formatNpy(new Float32Array(4), [2, 1, 2]),
      'Expected samples of shape (H, W), (1, H, W), (3, H, W), (H, W, 1), (H, W, 3) or (H, W, 4)',
    ],
    ['two channels last', formatNpy(new Float32Array(12), [2, 3, 2]), '(2, 3, 2)'],
    ['no samples', formatNpy(new Float32Array(0), [0, 3]), '(0, 3)'],
    [
      'whole numbers that Float32 would round',
      formatNpy(Int32Array.of(1, 2 ** 24 + 1), [1, 2]),
      'Expected whole numbers within ±2^24, which Float32 holds, in the bytes given but received larger ones',
    ],
  ])('.npy with %s', async (_, bytes, reason) => {
    const error = await refusal(readImage(bytes));
    expect(error.code).toBe('unsupported');
    expect(error.message).toContain(reason);
  });
});

describe('paths', () => {
  test('a PNG named .jpg is read', async () => {
    const path = inFolder('really-png.jpg');
    await writeFile(path, small);
    expect((await readImage(path)).metadata.format).toBe('png');
  });

  test('text named .jpg', async () => {
    const path = inFolder('notes.jpg');
    await writeFile(path, 'not at all');
    const error = await refusal(readImage(path));
    expect(error).toMatchObject({ code: 'not-a-picture', path });
    expect(error.message).toBe(
      `Expected a picture (PNG, JPEG, WebP, TIFF, AVIF, GIF or .npy) in ${path} but received text`,
    );
  });

  test('no file', async () => {
    const path = inFolder('nowhere.png');
    const error = await refusal(readImage(path));
    expect(error).toMatchObject({ code: 'missing', path });
    expect(error.message).toBe(`Expected a picture at ${path} but found no such file`);
  });

  test('an empty file', async () => {
    const path = inFolder('empty.png');
    await writeFile(path, '');
    expect(await refusal(readImage(path))).toMatchObject({
      code: 'empty',
      message: `Expected a picture in ${path} but received an empty file`,
    });
  });

  test('a folder', async () => {
    const path = inFolder('folder.png');
    await mkdir(path);
    expect(await refusal(readImage(path))).toMatchObject({
      code: 'not-a-file',
      message: `Expected a picture at ${path} but found a folder`,
    });
  });

  test('a path that leads through a file, and one with a null byte', async () => {
    await writeFile(inFolder('file'), 'x');
    expect((await refusal(readImage(inFolder('file/x.png')))).code).toBe('missing');
    expect((await refusal(readImage('a\0b.png'))).message).toContain('a path that holds a null byte');
  });

  test('a name that cannot be printed is quoted', async () => {
    const error = await refusal(readImage(inFolder('two\nlines\x1b[31m.png')));
    expect(error.message).toContain('two\\nlines\\u001b[31m.png"');
  });

  test.runIf(process.platform !== 'win32')('a FIFO is refused, not waited for', { timeout: 5000 }, async () => {
    const path = inFolder('pipe.png');
    execFileSync('mkfifo', [path]);
    expect(await refusal(readImage(path))).toMatchObject({
      code: 'not-a-file',
      message: `Expected a picture at ${path} but found a FIFO`,
    });
  });

  test.runIf(process.platform !== 'win32')('a device, a socket', { timeout: 5000 }, async () => {
    expect((await refusal(readImage('/dev/zero'))).message).toContain('found a device');
    const path = inFolder('socket.png');
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(path, resolve));
    expect((await refusal(readImage(path))).message).toContain('found a socket');
    await new Promise((resolve) => server.close(resolve));
  });

  test.runIf(process.platform !== 'win32')('symbolic links: followed, unless in a circle', async () => {
    await writeFile(inFolder('target.png'), small);
    await symlink(inFolder('target.png'), inFolder('link.png'));
    expect((await readImage(inFolder('link.png'))).planes.width).toBe(2);
    await symlink(inFolder('b.png'), inFolder('a.png'));
    await symlink(inFolder('a.png'), inFolder('b.png'));
    expect(await refusal(readImage(inFolder('a.png')))).toMatchObject({ code: 'unreadable' });
  });

  // The superuser may read everything: another user tries.
  test('no permission', async ({ skip }) => {
    const why = whyPermissionsCannotBeTried();
    skip(why !== false, String(why));
    const path = inFolder('secret.png');
    await writeFile(path, small);
    await chmod(path, 0);
    await chmod(folder.path, 0o755);
    const code = process.getuid?.() === 0 ? await codeAsNobody(path) : (await refusal(readImage(path))).code;
    expect(code).toBe('unreadable');
  });

  async function codeAsNobody(path: string): Promise<string> {
    process.seteuid!(OTHER_USER);
    try {
      return (await refusal(readImage(path))).code;
    } finally {
      process.seteuid!(0);
    }
  }
});
