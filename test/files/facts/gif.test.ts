import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { readSamples } from '../../../src/files/decode/readSamples.ts';
import { blankFrame } from '../../../src/files/facts/blankFrame.ts';

interface GifParts {
  readonly screen: readonly [width: number, height: number];
  /** Where the frame stands. */
  readonly at?: readonly [left: number, top: number];
  readonly palette?: readonly number[];
  /** Rows of palette indices below 4. */
  readonly rows: readonly (readonly number[])[];
  readonly version?: '87a' | '89a';
}

/** A GIF of four colours whose codes are never longer than three bits: a clear before every sample. */
function gif(...frames: readonly [GifParts, ...GifParts[]]): Buffer {
  const [{ screen, palette = [0, 0, 0, 85, 85, 85, 170, 170, 170, 255, 255, 255], version = '89a' }] = frames;
  const word = (value: number): number[] => [value & 255, value >> 8];
  const body = frames.flatMap(({ at = [0, 0], rows }) => {
    const codes = [...rows.flat().flatMap((index) => [4, index]), 5];
    const bits = codes
      .map((code) => code.toString(2).padStart(3, '0'))
      .toReversed()
      .join('');
    const padded = bits.padStart(Math.ceil(bits.length / 8) * 8, '0');
    const bytes = (padded.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)).toReversed();
    const blocks: number[] = [];
    for (let i = 0; i < bytes.length; i += 255)
      blocks.push(Math.min(255, bytes.length - i), ...bytes.slice(i, i + 255));
    return [0x2c, ...word(at[0]), ...word(at[1]), ...word(rows[0].length), ...word(rows.length), 0, 2, ...blocks, 0];
  });
  const head = [...Buffer.from(`GIF${version}`), ...word(screen[0]), ...word(screen[1]), 0x81, 0, 0];
  return Buffer.from([...head, ...palette, ...body, 0x3b]);
}

const COLOURS = [255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 9, 9];

describe('the screen of a GIF', () => {
  test('a frame that covers it is the picture, without alpha', async () => {
    const { height, width, channels, stride, alphaAt, samples } = await readSamples(
      gif({
        screen: [3, 2],
        rows: [
          [0, 1, 2],
          [3, 2, 1],
        ],
      }),
    );
    expect({ height, width, channels, stride, alphaAt }).toEqual({ height: 2, width: 3, channels: 1, stride: 1 });
    expect([...samples]).toEqual([0, 85, 170, 255, 170, 85]);
  });

  test('what the first frame does not cover is transparent', async () => {
    const bytes = gif({ screen: [4, 3], at: [1, 1], palette: COLOURS, rows: [[0, 1]], version: '87a' });
    const { height, width, channels, stride, alphaAt, samples } = await readSamples(bytes);
    expect({ height, width, channels, stride, alphaAt }).toEqual({
      height: 3,
      width: 4,
      channels: 3,
      stride: 4,
      alphaAt: 3,
    });
    const pixels = Array.from({ length: 12 }, (_, i) => [...samples.subarray(i * 4, i * 4 + 4)]);
    const none = [0, 0, 0, 0];
    expect(pixels).toEqual([
      none,
      none,
      none,
      none,
      none,
      [255, 0, 0, 255],
      [0, 255, 0, 255],
      ...new Array(5).fill(none),
    ]);
  });

  test('and so of a grey one, in two samples a pixel', async () => {
    const { channels, stride, alphaAt, samples } = await readSamples(gif({ screen: [2, 1], rows: [[3]] }));
    expect({ channels, stride, alphaAt, samples }).toEqual({
      channels: 1,
      stride: 2,
      alphaAt: 1,
      samples: Uint8Array.of(255, 255, 0, 0),
    });
  });

  test.each([
    [640, 480],
    [640, 512],
    [800, 600],
    [1024, 768],
    [1280, 1024],
    [1600, 1200],
    [2100, 5],
  ])('of %i×%i is believed, though libvips takes the frame for the picture', async (width, height) => {
    const { samples: _, ...picture } = await readSamples(gif({ screen: [width, height], rows: [[1, 2]] }));
    expect(picture).toMatchObject({ width, height });
  });

  test('later frames are drawn over the first, on the same screen', async () => {
    const frames = gif({ screen: [3, 1], rows: [[1]] }, { screen: [3, 1], at: [2, 0], rows: [[2]] });
    const first = await readSamples(frames);
    const second = await readSamples(frames, { page: 2 });
    expect([first.metadata.pages, second.metadata.pages]).toEqual([2, 2]);
    expect([...first.samples]).toEqual([85, 255, 0, 0, 0, 0]);
    expect([...second.samples]).toEqual([85, 255, 0, 0, 170, 255]);
    await expect(readSamples(frames, { page: 3 })).rejects.toThrow('there are 2');
  });

  test('counts before anything is decoded', async () => {
    await expect(readSamples(gif({ screen: [65535, 65535], rows: [[1]] }))).rejects.toMatchObject({
      code: 'too-large',
      message: expect.stringContaining('65535×65535'),
    });
  });
});

test('a GIF is grey where every colour table is, and colour where one is not', async () => {
  const own = gif({ screen: [1, 1], rows: [[1]] }, { screen: [1, 1], rows: [[2]] });
  expect((await readSamples(own)).channels).toBe(1);
  expect((await readSamples(gif({ screen: [1, 1], palette: COLOURS, rows: [[3]] }))).channels).toBe(3);
});

test.each([
  [1, 1],
  [3, 1],
  [7, 5],
  [1000, 1],
  [1500, 1500],
  // More than all codes of 12 bits stand for, so that the table is begun anew.
  [4000, 2500],
])('a blank frame of %i×%i is transparent throughout', async (width, height) => {
  const head = Buffer.from([...Buffer.from('GIF89a'), width & 255, width >> 8, height & 255, height >> 8, 0, 0, 0]);
  const file = Buffer.concat([head, blankFrame(width, height), Buffer.of(0x3b)]);
  const { data, info } = await sharp(file, { failOn: 'warning' }).raw().toBuffer({ resolveWithObject: true });
  expect([info.width, info.height, info.channels]).toEqual([width, height, 4]);
  expect(data.every((sample) => sample === 0)).toBe(true);
  expect(file.length).toBeLessThan(20_000);
});
