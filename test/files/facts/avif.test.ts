import { describe, expect, test } from 'vitest';
import { readSamples } from '../../../src/files/decode/readSamples.ts';
import { quarter } from '../../support/quarter.ts';
import { AVIF } from './avifFiles.ts';

/** What 32 steps from 0 to the largest level come to when narrow range is stretched, as libavif 1.3 (in Pillow 12) gives them. */
const NARROW_8 =
  '0 0 0 9 19 29 38 48 57 68 77 86 95 105 115 125 134 143 154 163 172 182 191 201 211 220 229 240 249 255 255 255'
    .split(' ')
    .map(Number);

const firstRow = async (bytes: Uint8Array): Promise<number[]> => [
  ...(await readSamples(bytes)).samples.subarray(0, 32),
];

/** The same file with a box of another name: what it held is not found any more. */
function without(box: string, bytes: Buffer): Buffer {
  const changed = Buffer.from(bytes);
  const at = changed.indexOf(box);
  expect(at).toBeGreaterThan(0);
  changed.write('free', at, 'latin1');
  return changed;
}

describe('grey AVIF', () => {
  test('of full range is one channel of its samples', async () => {
    const { samples, channels, stride, alphaAt, metadata } = await readSamples(AVIF.full8);
    expect({ channels, stride, alphaAt, metadata }).toEqual({
      channels: 1,
      stride: 1,
      alphaAt: undefined,
      metadata: { format: 'avif', space: 'b-w' },
    });
    expect([...samples.subarray(0, 32)]).toEqual(Array.from({ length: 32 }, (_, i) => Math.floor((i * 255) / 31)));
  });

  test('of narrow range is stretched, 16 to black and 235 to white', async () => {
    expect(await firstRow(AVIF.narrow8)).toEqual(NARROW_8);
  });

  test.each([
    ['narrow10', 10],
    ['narrow12', 12],
  ] as const)('%s: in the same proportion, shifted up to 16', async (name, bits) => {
    const white = 2 ** bits - 1;
    const unit = 2 ** (bits - 8);
    const expected = Array.from({ length: 32 }, (_, i) => {
      const level = Math.floor((i * white) / 31);
      const full = Math.round(((level - 16 * unit) * white) / (219 * unit));
      return Math.min(Math.max(full, 0), white) * 2 ** (16 - bits);
    });
    expect(await firstRow(AVIF[name])).toEqual(expected);
    expect(expected.slice(-3)).toEqual(new Array(3).fill(white * 2 ** (16 - bits)));
  });

  test('without a colour box, its range is that of the code', async () => {
    expect(await firstRow(without('colr', AVIF.narrow8))).toEqual(NARROW_8);
    expect(await firstRow(without('colr', AVIF.full8))).toEqual(await firstRow(AVIF.full8));
  });

  test('a colour box outdoes the code', async () => {
    const changed = Buffer.from(AVIF.narrow8);
    const at = changed.indexOf('nclx') + 10;
    changed[at] |= 0x80;
    expect(await firstRow(changed)).toEqual(await firstRow(AVIF.full8));
  });
});

test('sides that nothing could hold are counted before anything is decoded', async () => {
  const changed = Buffer.from(AVIF.full8);
  changed.writeUInt32BE(2 ** 30, changed.indexOf('ispe') + 8);
  await expect(readSamples(changed)).rejects.toMatchObject({
    code: 'too-large',
    message: expect.stringContaining('1073741824×8'),
  });
});

describe('animated AVIF', () => {
  test('its still picture is read, its frames are counted, and others are refused by name', async () => {
    const film = await readSamples(AVIF.film);
    expect(film).toMatchObject({ height: 16, width: 16, metadata: { format: 'avif', pages: 3 } });
    // libavif gives 128; libheif's arithmetic is a little off.
    for (const sample of film.samples) expect(Math.abs(sample - 128)).toBeLessThanOrEqual(1);
    await expect(readSamples(AVIF.film, { page: 3 })).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining('a frame of an animated AVIF behind the first'),
    });
  });

  test('one without a still picture is not called damaged', async () => {
    await expect(readSamples(without('pitm', AVIF.film))).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining('an animated AVIF without a still picture'),
    });
  });
});

test.each(quarter(Object.entries(AVIF)))(
  '%s cut off or changed anywhere is refused or read, and never throws otherwise',
  async (_, whole) => {
    for (let i = 8; i < whole.length; i += 7) {
      const changed = Buffer.from(whole);
      changed[i] ^= 0xff;
      for (const bytes of [whole.subarray(0, i), changed]) {
        const outcome = await readSamples(bytes, { limitPixels: 1e6 }).catch((error: unknown) => error);
        if (outcome instanceof Error) expect(outcome.name).toBe('FileError');
      }
    }
  },
);
