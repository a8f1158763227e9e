import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { readFrames } from '../../src/files/decode/readFrames.ts';
import { readSamples } from '../../src/files/decode/readSamples.ts';
import type { StoredPicture } from '../../src/planes/picture.ts';
import { chunk, COLOUR, header, pngOf } from './handmadePng.ts';

async function framesOf(bytes: Uint8Array): Promise<StoredPicture[]> {
  const frames: StoredPicture[] = [];
  for await (const frame of readFrames(bytes, { limitPixels: 1e8, path: 'a' })) frames.push(frame);
  return frames;
}

/** Frames of 30×20 pixels in flat colours, below one another as sharp takes them. */
function animation(colours: readonly number[], width = 30, height = 20) {
  const raw = Buffer.alloc(colours.length * width * height * 3);
  colours.forEach((colour, i) => raw.fill(colour, i * width * height * 3, (i + 1) * width * height * 3));
  return sharp(raw, { raw: { width, height: height * colours.length, channels: 3, pageHeight: height } });
}

const firstSamples = (frames: readonly StoredPicture[]): number[] => frames.map(({ samples }) => samples[0]);
const LEVELS = [10, 200, 30, 90, 10];

describe('readFrames', () => {
  test.each([
    ['GIF', () => animation(LEVELS).gif({ dither: 0 })],
    ['WebP', () => animation(LEVELS).webp({ lossless: true })],
    ['TIFF', () => animation(LEVELS).tiff({ compression: 'none' })],
  ])('gives every picture of a %s', async (_, encode) => {
    const frames = await framesOf(await encode().toBuffer());
    expect(firstSamples(frames)).toEqual(LEVELS);
    for (const { width, height, samples, stride, metadata } of frames) {
      expect([width, height, samples.length / stride, metadata.pages]).toEqual([30, 20, 600, LEVELS.length]);
    }
  });

  test('goes on where one call cannot hold all frames', async () => {
    const bytes = await animation(LEVELS, 2200, 2000).gif({ dither: 0, effort: 1 }).toBuffer();
    expect(firstSamples(await framesOf(bytes)).map((level, i) => Math.abs(level - LEVELS[i]) <= 1)).toEqual(
      LEVELS.map(() => true),
    );
  });

  test('gives one of all others', async () => {
    expect(await framesOf(await animation([7]).png().toBuffer())).toHaveLength(1);
    expect(await framesOf(await animation([7]).gif().toBuffer())).toHaveLength(1);
  });

  test('refuses an animation that is cut off', async () => {
    const bytes = await animation(LEVELS).webp({ lossless: true }).toBuffer();
    await expect(framesOf(bytes.subarray(0, bytes.length - 20))).rejects.toThrow(
      /^Expected a whole WebP picture in a /,
    );
  });
});

interface Frame {
  readonly at?: readonly [left: number, top: number];
  readonly size?: readonly [width: number, height: number];
  readonly dispose?: 0 | 1 | 2;
  readonly blend?: 0 | 1;
  /** RGBA, pixel after pixel. */
  readonly samples: readonly number[];
}

/** An animated PNG of 2×1 pixels; its default picture is the first frame, or one of its own. */
function apng(frames: readonly Frame[], own?: readonly number[], count = frames.length): Buffer {
  let sequence = 0;
  const word = (...values: number[]): Buffer => {
    const bytes = Buffer.alloc(4 * values.length);
    values.forEach((value, i) => bytes.writeUInt32BE(value, 4 * i));
    return bytes;
  };
  const control = ({ at = [0, 0], size = [2, 1], dispose = 0, blend = 0 }: Frame): Buffer =>
    chunk('fcTL', Buffer.concat([word(sequence++, ...size, ...at), Buffer.from([0, 1, 0, 10, dispose, blend])]));
  const packed = ({ size = [2, 1], samples }: Frame): Buffer => {
    const rows = Array.from({ length: size[1] }, (_, y) => [
      0,
      ...samples.slice(4 * y * size[0], 4 * (y + 1) * size[0]),
    ]);
    return deflateSync(Buffer.from(rows.flat()));
  };
  const parts = [header(2, 1, 8, COLOUR.rgba), chunk('acTL', word(count, 0))];
  if (own) parts.push(chunk('IDAT', packed({ samples: own })));
  for (const [i, frame] of frames.entries()) {
    parts.push(control(frame));
    if (i === 0 && !own) parts.push(chunk('IDAT', packed(frame)));
    else parts.push(chunk('fdAT', Buffer.concat([word(sequence++), packed(frame)])));
  }
  return pngOf(...parts, chunk('IEND'));
}

const RED = [255, 0, 0, 255];
const GREEN = [0, 255, 0, 255];
const CLEAR = [0, 0, 0, 0];
const HALF_BLUE = [0, 0, 255, 128];
/** Half blue over red, and over itself, by the specification's formula. */
const BLUE_ON_RED = [127, 0, 128, 255];
const BLUE_ON_BLUE = [0, 0, 255, 192];

async function shown(bytes: Uint8Array): Promise<number[][]> {
  return (await framesOf(bytes)).map(({ samples }) => [...samples]);
}

describe('an animated PNG', () => {
  test('is drawn frame by frame', async () => {
    const frames: Frame[] = [
      { samples: [...RED, ...HALF_BLUE] },
      { samples: [...HALF_BLUE, ...HALF_BLUE], blend: 1 },
      { samples: GREEN, at: [1, 0], size: [1, 1], dispose: 1 },
      { samples: GREEN, at: [0, 0], size: [1, 1], dispose: 2 },
      { samples: [...CLEAR, ...RED], blend: 1 },
      { samples: CLEAR, at: [0, 0], size: [1, 1] },
    ];
    expect(await shown(apng(frames))).toEqual([
      [...RED, ...HALF_BLUE],
      [...BLUE_ON_RED, ...BLUE_ON_BLUE],
      [...BLUE_ON_RED, ...GREEN],
      [...GREEN, ...CLEAR],
      [...BLUE_ON_RED, ...RED],
      [...CLEAR, ...RED],
    ]);
  });

  test('gives any of its pictures by its number', async () => {
    const frames: Frame[] = [{ samples: [...RED, ...RED] }, { samples: GREEN, size: [1, 1] }];
    expect([...(await readSamples(apng(frames), { page: 2 })).samples]).toEqual([...GREEN, ...RED]);
    await expect(readSamples(apng(frames), { page: 3 })).rejects.toThrow('Expected page or frame 3 in');
  });

  test('has its default picture beside its frames, where it is none of them', async () => {
    const frames: Frame[] = [{ samples: RED, at: [1, 0], size: [1, 1] }, { samples: [...GREEN, ...GREEN] }];
    expect(await shown(apng(frames, [...HALF_BLUE, ...RED]))).toEqual([
      [...HALF_BLUE, ...RED],
      [...CLEAR, ...RED],
      [...GREEN, ...GREEN],
    ]);
  });

  test.each([
    [
      'frames that leave the picture',
      apng([{ samples: [...RED, ...RED] }, { samples: RED, at: [2, 0], size: [1, 1] }]),
    ],
    ['fewer frames than it states', apng([{ samples: [...RED, ...RED] }, { samples: [...RED, ...RED] }], undefined, 3)],
    ['a chunk that is damaged', flipped(apng([{ samples: [...RED, ...RED] }, { samples: [...RED, ...RED] }]))],
    ['rows that are cut off', apng([{ samples: [...RED, ...RED] }, { samples: RED, size: [2, 1] }])],
  ])('is refused with %s', async (_, bytes) => {
    await expect(framesOf(bytes)).rejects.toThrow(/^Expected (whole frames of an animated|a whole) PNG/);
  });
});

/** One bit of the last frame. */
function flipped(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  copy[copy.indexOf('fdAT') + 12] ^= 1;
  return copy;
}
