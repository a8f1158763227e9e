import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { readSamples } from '../../src/files/decode/readSamples.ts';
import { encodePng } from '../../src/files/png/encodePng.ts';
import {
  areLinesOf,
  inflatePng,
  isPaethOnly,
  pngChunks,
  sameLines,
  unfilteredSamples,
} from '../../src/files/png/inflatePng.ts';

const LIMIT = 1000;

function noise(channels: 1 | 2 | 3 | 4, deep: boolean): ReturnType<typeof sharp> {
  const samples = Array.from({ length: 7 * 5 * channels }, (_, i) => (i * 7919) % (deep ? 65521 : 251));
  const space = deep ? (channels < 3 ? 'grey16' : 'rgb16') : channels < 3 ? 'b-w' : 'srgb';
  const raw = { width: 7, height: 5, channels };
  return sharp(deep ? Uint16Array.from(samples) : Uint8Array.from(samples), { raw }).toColourspace(space);
}

describe('inflatePng', () => {
  test.each([1, 2, 3, 4] as const)(
    'gives the samples of %i channels, 8 and 16 bit, as the decoder does',
    async (channels) => {
      for (const deep of [false, true]) {
        const bytes = await noise(channels, deep).png({ adaptiveFiltering: false }).toBuffer();
        const lines = await inflatePng(bytes, LIMIT);
        const { samples, alphaAt, white, height, width } =
          unfilteredSamples(lines ?? expect.fail('not inflated')) ?? {};
        const decoded = await readSamples(bytes);
        expect([white, height, width, alphaAt !== undefined]).toEqual([
          decoded.white,
          5,
          7,
          decoded.alphaAt !== undefined,
        ]);
        // Of grey with alpha the decoder makes RGB with alpha.
        const wanted = decoded.samples.filter((_, i) => decoded.stride === (channels as number) || i % 4 > 1);
        expect(samples).toEqual(wanted);
      }
    },
  );

  test('leaves filtered rows to the decoder, and tells two of the same', async () => {
    const [plain, again, filtered] = await Promise.all(
      [{ compressionLevel: 1 }, { compressionLevel: 9 }, { adaptiveFiltering: true }].map(async (options) => {
        const gradient = Uint8Array.from({ length: 900 }, (_, i) => (i % 30) * 8);
        const bytes = await sharp(gradient, { raw: { width: 30, height: 30, channels: 1 } })
          .toColourspace('b-w')
          .png(options)
          .toBuffer();
        return (await inflatePng(bytes, LIMIT)) ?? expect.fail('not inflated');
      }),
    );
    expect([unfilteredSamples(plain)?.samples.length, unfilteredSamples(filtered)]).toEqual([900, undefined]);
    expect([sameLines(plain, again), sameLines(plain, filtered)]).toEqual([true, false]);
  });

  test.each([1, 2, 3, 4] as const)(
    'knows rows of %i channels that this package wrote by filtering samples as it does',
    async (stride) => {
      for (const deep of [false, true]) {
        const all = Array.from({ length: 7 * 5 * stride }, (_, i) => (i * 7919) % (deep ? 65521 : 251));
        const samples = deep ? Uint16Array.from(all) : Uint8Array.from(all);
        const size = { samples, height: 5, width: 7, stride };
        const picture = { ...size, channels: stride < 3 ? 1 : 3, white: deep ? 65535 : 255 };
        const lines = (await inflatePng(await encodePng(size), LIMIT)) ?? expect.fail('not inflated');
        expect([isPaethOnly(lines), areLinesOf(lines, picture)]).toEqual([true, true]);
        for (let i = 0; i < samples.length; i++) {
          const other = { ...picture, samples: samples.slice() };
          other.samples[i] ^= 1;
          expect(areLinesOf(lines, other), `sample ${i}`).toBe(false);
        }
        expect(areLinesOf(lines, { ...picture, height: 7, width: 5 })).toBe(false);
        expect(areLinesOf(lines, { ...picture, white: 1000 })).toBe(false);
      }
    },
  );

  test('leaves palettes, interlacing, orientations and too many pixels to the decoder', async () => {
    const picture = noise(3, false);
    const others = [
      picture.clone().png({ palette: true }),
      picture.clone().png({ progressive: true }),
      picture.clone().withMetadata({ orientation: 6 }).png(),
    ];
    for (const other of others) expect(await inflatePng(await other.toBuffer(), LIMIT)).toBeUndefined();
    expect(await inflatePng(await picture.png().toBuffer(), 34)).toBeUndefined();
  });

  test('takes nothing that is cut off, changed or longer than its header says', async () => {
    const bytes = Uint8Array.from(await noise(1, false).png().toBuffer());
    expect(
      pngChunks(bytes)
        ?.map(({ name }) => name)
        .slice(0, 1),
    ).toEqual(['IHDR']);
    for (let length = 0; length < bytes.length; length++)
      expect(await inflatePng(bytes.subarray(0, length), LIMIT)).toBeUndefined();
    for (let at = 0; at < bytes.length; at++) {
      const damaged = bytes.slice();
      damaged[at] ^= 16;
      expect(await inflatePng(damaged, LIMIT), `byte ${at}`).toBeUndefined();
    }
    expect(await inflatePng(Uint8Array.from([...bytes, 0]), LIMIT)).toBeUndefined();
    const claim = Buffer.from(bytes);
    claim.writeUInt32BE(0x7fff, 16);
    claim.writeUInt32BE(0x7fff, 20);
    claim.writeUInt32BE(crc32(claim.subarray(12, 29)), 29);
    expect([pngChunks(claim)?.length, await inflatePng(claim, 2 ** 31)]).toEqual([pngChunks(bytes)?.length, undefined]);
  });
});
