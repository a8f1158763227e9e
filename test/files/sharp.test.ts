import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { FileError } from '../../src/disk/fileError.ts';
import { readImage } from '../../src/files/readImage.ts';
import { fromSharp, toSharp } from '../../src/files/sharp.ts';
import { createPlanes, planes } from '../../src/planes/planes.ts';

const colour = planes([[[1, 2]], [[30, 40]], [[0, 255]]], 255);

describe('fromSharp', () => {
  test('what the pipeline makes, not what it was given', async () => {
    const file = await toSharp(planes([[1, 2, 3]], 255))
      .png()
      .toBuffer();
    const flopped = sharp(file).flop().toColourspace('b-w');
    expect(await fromSharp(flopped)).toEqual({
      planes: planes([[3, 2, 1]], 255),
      depth: 8,
      lossy: false,
      metadata: { format: 'png', space: 'b-w' },
    });
    // It can go on afterwards.
    expect((await readImage(await flopped.png().toBuffer())).planes).toEqual(planes([[3, 2, 1]], 255));
  });

  test('whatever format it would write, samples come before encoding', async () => {
    expect((await fromSharp(toSharp(colour).jpeg({ quality: 1 }))).planes).toEqual(colour);
  });

  test("sharp's default is 8-bit RGB; another space is kept", async () => {
    const deep = planes([[0, 257, 65535]], 65535);
    const file = await toSharp(deep).png().toBuffer();
    expect(await fromSharp(sharp(file))).toMatchObject({ depth: 8, planes: { channels: 3 } });
    expect((await fromSharp(sharp(file).toColourspace('grey16'))).planes).toEqual(deep);
  });

  test('alpha, raw input, and whether it came through JPEG', async () => {
    const raw = sharp(Uint8Array.of(1, 2, 3, 4), { raw: { width: 1, height: 1, channels: 4 } });
    expect(await fromSharp(raw)).toMatchObject({
      alpha: planes([[4]], 255),
      lossy: false,
      metadata: { format: 'raw' },
    });
    expect((await fromSharp(sharp(await raw.clone().jpeg().toBuffer()))).lossy).toBe(true);
  });

  test('a pipeline that fails', async () => {
    const call = fromSharp(sharp(Buffer.from('no picture')));
    await expect(call).rejects.toBeInstanceOf(FileError);
    await expect(call).rejects.toThrow(/^Expected a picture from the sharp pipeline but it failed: [^\n]+$/);
  });
});

describe('toSharp', () => {
  test.each([8, 16] as const)('%i bits come back, grey and colour, with and without alpha', async (depth) => {
    const white = 2 ** depth - 1;
    for (const channels of [1, 3]) {
      const p = createPlanes(channels, 2, 3, white);
      p.data.set(p.data.map((_, i) => white - i * 7));
      const alpha = planes(
        [
          [0, 1, 2],
          [3, 4, white],
        ],
        white,
      );
      for (const extra of [{}, { alpha }]) {
        const picture = { planes: p, depth, lossy: false, metadata: {}, ...extra };
        const back = await readImage(await toSharp(picture).png().toBuffer());
        expect(back).toMatchObject({ planes: p, depth, ...extra });
        expect(back.alpha === undefined).toBe(!('alpha' in extra));
      }
    }
  });

  test('planes: 16 bits where white is 65535, else 8, rounded and clamped', async () => {
    const unit = await readImage(
      await toSharp(planes([[-1, 0.5, 2]]))
        .png()
        .toBuffer(),
    );
    expect(unit.planes).toEqual(planes([[0, 128, 255]], 255));
    const deep = await readImage(
      await toSharp(planes([[1.5, 70000]], 65535))
        .png()
        .toBuffer(),
    );
    expect(deep.planes).toEqual(planes([[2, 65535]], 65535));
  });

  test('other channels', () => {
    expect(() => toSharp(createPlanes(2, 1, 1))).toThrow(
      'Expected planes of 1 or 3 channels for sharp but received 2×1×1',
    );
  });
});
