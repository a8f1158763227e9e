import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { FileError } from '../../src/disk/fileError.ts';
import { readSamples } from '../../src/files/decode/readSamples.ts';
import { decodingFailed } from '../../src/files/decode/refusals.ts';
import { alone, beside } from '../../src/files/decode/turns.ts';
import { everyValue } from './everyValue.ts';

/** A photograph's worth of detail, so that a JPEG of it has data to be damaged. */
const noise = Uint8Array.from({ length: 64 * 48 * 3 }, (_, i) => (i * 2654435761) >>> 24);
const picture = sharp(noise, { raw: { width: 64, height: 48, channels: 3 } });

/** Broken in one way each, all of which a decoder has its own words for. */
const broken: Record<string, Buffer> = {};
/** With a fault that viewers pass over. */
const faulty: Record<string, Buffer> = {};
let whole: Buffer;

beforeAll(async () => {
  const jpeg = await picture.clone().jpeg({ quality: 90 }).toBuffer();
  const png = await picture.clone().png().toBuffer();
  const gif = await picture.clone().gif().toBuffer();
  const webp = await picture.clone().webp({ lossless: true }).toBuffer();
  const tiff = await picture.clone().tiff({ compression: 'deflate' }).toBuffer();
  whole = jpeg;
  const cut = (bytes: Buffer): Buffer => bytes.subarray(0, Math.floor((bytes.length * 2) / 3));
  Object.assign(broken, { jpeg: cut(jpeg), gif: cut(gif), webp: cut(webp) });
  // Its directory stands at the end.
  broken.tiff = Buffer.from(tiff);
  broken.tiff.fill(0x55, 20, 60);
  broken.png = Buffer.from(png);
  broken.png[png.indexOf('IDAT') + 40] ^= 0xff;

  const jfif = Buffer.from('ffe000104a4649460002010000010001' + '0000', 'hex');
  const revision = Buffer.concat([jpeg.subarray(0, 2), jfif, jpeg.subarray(2)]);
  const tables = jpeg.indexOf(Buffer.of(0xff, 0xc4));
  const stray = Buffer.concat([jpeg.subarray(0, tables), Buffer.alloc(5), jpeg.subarray(tables)]);
  const scan = Buffer.from(jpeg);
  const start = jpeg.indexOf(Buffer.of(0xff, 0xda));
  scan.fill(0, start + 5 + 2 * jpeg[start + 4], start + 7 + 2 * jpeg[start + 4]);
  Object.assign(faulty, { revision, stray, scan });
});

const reasonOf = async (bytes: Buffer, failOn: 'warning' | 'error' = 'error'): Promise<string> =>
  readSamples(bytes, { failOn }).then(
    ({ metadata }) => `read: ${metadata.fault}`,
    (error: unknown) => `${(error as FileError).code}: ${(error as FileError).message}`,
  );

describe('the reason of a refusal', () => {
  test('is the picture’s own, however many others fail beside it', async () => {
    const all = { ...broken, ...faulty };
    const own: Record<string, string> = {};
    for (const [name, bytes] of Object.entries(all)) own[name] = await reasonOf(bytes);
    expect(new Set(Object.values(own)).size).toBe(Object.keys(all).length);
    expect(Object.values(own).filter((reason) => reason.includes('header cannot be read'))).toEqual([]);
    const many = Array.from({ length: 12 }, () => Object.entries(all)).flat();
    const found = await Promise.all(many.map(async ([name, bytes]) => [name, await reasonOf(bytes)] as const));
    for (const [name, reason] of found) expect(reason).toBe(own[name]);
  });

  test('is never told of a picture that is whole', async () => {
    const many = Array.from({ length: 20 }, (_, i) => [whole, ...Object.values(broken)][i % 3]);
    const found = await Promise.all(many.map((bytes) => reasonOf(bytes, 'warning')));
    found.forEach((reason, i) => expect(reason.startsWith('read: undefined')).toBe(many[i] === whole));
  });
});

describe('failOn', () => {
  test.each(['revision', 'stray', 'scan'])(
    'a JPEG with a fault that viewers pass over (%s) is read, with a note',
    async (name) => {
      const stored = await readSamples(faulty[name]);
      const plain = await readSamples(whole);
      expect(stored.samples).toEqual(plain.samples);
      expect(stored.metadata.fault).toMatch(/\w{4}/);
      expect(plain.metadata.fault).toBeUndefined();
      await expect(readSamples(faulty[name], { failOn: 'warning' })).rejects.toMatchObject({
        code: 'damaged',
        message: expect.stringContaining(stored.metadata.fault as string),
      });
    },
  );

  test.each(['jpeg', 'png', 'gif', 'webp', 'tiff'])(
    'a %s that ends too soon or fails its checksum is refused',
    async (name) => {
      for (const failOn of ['warning', 'error'] as const) {
        await expect(readSamples(broken[name], { failOn })).rejects.toMatchObject({ code: 'damaged' });
      }
    },
  );

  test('none takes what there is, and says that it is not all', async () => {
    const { height, width, metadata } = await readSamples(broken.jpeg, { failOn: 'none' });
    expect([height, width, metadata.fault]).toEqual([48, 64, expect.stringContaining('premature end')]);
  });

  test('room is asked for once, however often a picture is decoded', async () => {
    const asked: number[] = [];
    const admit = async (bytes: number): Promise<void> => void asked.push(bytes);
    await readSamples(faulty.scan, { admit });
    await readSamples(broken.jpeg, { admit }).catch(() => {});
    expect(asked).toEqual([64 * 48 * 3, 64 * 48 * 3]);
  });
});

describe('turns', () => {
  test('work that is to be alone is, and nothing waits for ever', async () => {
    let inFlight = 0;
    let most = 0;
    const work = async (isAlone: boolean): Promise<void> => {
      inFlight++;
      most = Math.max(most, inFlight);
      if (isAlone) expect(inFlight).toBe(1);
      await new Promise((done) => setTimeout(done, 1));
      if (isAlone) expect(inFlight).toBe(1);
      inFlight--;
    };
    const failing = alone(() => Promise.reject(new Error('no')));
    await Promise.all([
      expect(failing).rejects.toThrow('no'),
      ...Array.from({ length: 60 }, (_, i) => (i % 5 === 0 ? alone : beside)(() => work(i % 5 === 0))),
    ]);
    expect(inFlight).toBe(0);
    expect(most).toBeGreaterThan(1);
  });
});

test.each([
  [
    'VipsJpeg: premature end of JPEG image',
    'damaged',
    'Expected a whole JPEG picture in a.jpg but it is damaged: premature end of JPEG image',
  ],
  ['unable to create thread', 'unreadable', 'Expected to decode a.jpg but found no more threads to do it with'],
  [
    'vips_tracked: out of memory --- size == 48MB',
    'too-large',
    'Expected a picture that fits into memory in a.jpg but ran out of it',
  ],
])('what libvips says (%s) is told as what it is', (said, code, message) => {
  expect(decodingFailed(new Error(said), 'JPEG', 'a.jpg')).toMatchObject({ code, message });
});

test('kinds of JPEG that are not read are called by their names', async () => {
  const grey = await sharp(everyValue(8, 1).samples, { raw: { width: 16, height: 16, channels: 1 } })
    .toColourspace('b-w')
    .jpeg()
    .toBuffer();
  const frame = grey.indexOf(Buffer.of(0xff, 0xc0));
  const changed = (marker: number, bits: number): Buffer => {
    const bytes = Buffer.from(grey);
    bytes[frame + 1] = marker;
    bytes[frame + 4] = bits;
    return bytes;
  };
  for (const [bytes, kind] of [
    [changed(0xc0, 12), 'JPEG of 12 bits'],
    [changed(0xc5, 8), 'hierarchical JPEG'],
    [changed(0xcd, 8), 'hierarchical JPEG with arithmetic coding'],
    [changed(0xcb, 8), 'lossless JPEG with arithmetic coding'],
  ] as const) {
    const error = await readSamples(bytes).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(FileError);
    expect(error).toMatchObject({ code: 'unsupported', message: expect.stringContaining(`but received ${kind}`) });
  }
});
