import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { deflateSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import { formatNpy } from '../../src/planes/npy.ts';
import type { CompareOptions } from '../../src/verify/options.ts';
import { chunk, header, pngOf } from '../files/handmadePng.ts';
import { inCheckout } from '../support/checkout.ts';

/** What is right, whatever a program says. */
export type Verdict = 'passed' | 'changed' | 'new' | 'deleted' | 'renamed' | 'unreadable';

/** One picture beside its golden. */
export interface PairCase {
  readonly name: string;
  readonly verdict: 'passed' | 'changed' | 'unreadable';
  readonly options?: CompareOptions;
  readonly actual: () => Promise<Uint8Array>;
  readonly golden: () => Promise<Uint8Array>;
  /** The end of both files' names; png where left out. */
  readonly extension?: string;
}

/** Two folders; a file's content is bytes, or the text that a symbolic link there leads to. */
export interface FolderCase {
  readonly name: string;
  /** The verdict on each picture. */
  readonly verdicts: Readonly<Record<string, Verdict>>;
  /** Whether the folders match as a whole. */
  readonly match: boolean;
  readonly options?: { readonly allowNew?: boolean; readonly allowDeleted?: boolean; readonly selective?: boolean };
  readonly actual: () => Promise<Files>;
  readonly golden: () => Promise<Files>;
}

type Files = Readonly<Record<string, Uint8Array | string>>;

interface Raw {
  readonly samples: Uint8Array | Uint16Array;
  readonly width: number;
  readonly height: number;
  /** 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha. */
  readonly stride: 1 | 2 | 3 | 4;
}

const WIDTH = 96;
const HEIGHT = 64;

/** A piece of a photograph: 8-bit RGB. */
async function photo(): Promise<Raw> {
  const cut = { left: 150, top: 80, width: WIDTH, height: HEIGHT };
  const samples = await sharp(inCheckout('samples/chelsea.png')).extract(cut).removeAlpha().raw().toBuffer();
  return { samples: Uint8Array.from(samples), width: WIDTH, height: HEIGHT, stride: 3 };
}

async function grey(): Promise<Raw> {
  const { samples } = await photo();
  return { samples: samples.filter((_, i) => i % 3 === 1), width: WIDTH, height: HEIGHT, stride: 1 };
}

async function grey16(): Promise<Raw> {
  const { samples, ...size } = await grey();
  return { ...size, samples: Uint16Array.from(samples, (sample, i) => sample * 256 + ((i * 37) % 256)) };
}

async function rgb16(): Promise<Raw> {
  const { samples, ...size } = await photo();
  return { ...size, samples: Uint16Array.from(samples, (sample, i) => sample * 256 + ((i * 41) % 256)) };
}

async function rgba(): Promise<Raw> {
  const { samples, width, height } = await photo();
  const interleaved = new Uint8Array(width * height * 4);
  for (let i = 0; i < width * height; i++) {
    interleaved.set(samples.subarray(3 * i, 3 * i + 3), 4 * i);
    interleaved[4 * i + 3] = i % width < 40 ? 255 : i % width < 60 ? 120 : 0;
  }
  return { samples: interleaved, width, height, stride: 4 };
}

/** A binary edge map: an upright line one pixel wide, and a rectangle's outline. */
function edgeMap({ lineAt = 20, strength = 255, line = true, speck = false } = {}): Raw {
  const samples = new Uint8Array(WIDTH * HEIGHT);
  const set = (x: number, y: number): void => void (samples[y * WIDTH + x] = strength);
  for (let y = 4; line && y < 60; y++) set(lineAt, y);
  for (let x = 50; x <= 80; x++) for (const y of [12, 50]) set(x, y);
  for (let y = 12; y <= 50; y++) for (const x of [50, 80]) set(x, y);
  if (speck) set(90, 30);
  return { samples, width: WIDTH, height: HEIGHT, stride: 1 };
}

/** The same picture with samples of its own. */
function changed(picture: Raw, change: (samples: Uint8Array | Uint16Array) => void): Raw {
  const samples = picture.samples.slice();
  change(samples);
  return { ...picture, samples };
}

const WHITE = { 8: 255, 16: 65535 } as const;

function brighter(picture: Raw, levels: number): Raw {
  const white = WHITE[picture.samples instanceof Uint8Array ? 8 : 16];
  return changed(picture, (samples) => samples.forEach((sample, i) => (samples[i] = Math.min(white, sample + levels))));
}

function offByOne(picture: Raw, at = 1234): Raw {
  return changed(picture, (samples) => void (samples[at] += samples[at] > 100 ? -1 : 1));
}

/** Every row moved to the right by one pixel, its first pixel repeated. */
function shifted({ samples, width, height, stride }: Raw): Raw {
  const moved = samples.slice();
  for (let y = 0; y < height; y++)
    moved.copyWithin((y * width + 1) * stride, y * width * stride, ((y + 1) * width - 1) * stride);
  for (let y = 0; y < height; y++)
    moved.set(samples.subarray(y * width * stride, (y * width + 1) * stride), y * width * stride);
  return { samples: moved, width, height, stride };
}

function asRgb({ samples, ...size }: Raw): Raw {
  return {
    ...size,
    samples: Uint8Array.from({ length: 3 * samples.length }, (_, i) => samples[Math.floor(i / 3)]),
    stride: 3,
  };
}

function withOpaqueAlpha({ samples, ...size }: Raw): Raw {
  const pixels = samples.length / 3;
  const with4 = Uint8Array.from({ length: 4 * pixels }, (_, i) =>
    i % 4 === 3 ? 255 : samples[3 * Math.floor(i / 4) + (i % 4)],
  );
  return { ...size, samples: with4, stride: 4 };
}

function pipeline({ samples, width, height, stride }: Raw): Sharp {
  const space = samples instanceof Uint8Array ? (stride < 3 ? 'b-w' : 'srgb') : stride < 3 ? 'grey16' : 'rgb16';
  return sharp(samples, { raw: { width, height, channels: stride } }).toColourspace(space);
}

const png = (picture: Raw): Promise<Uint8Array> => pipeline(picture).png({ compressionLevel: 2 }).toBuffer();
const smallPng = (picture: Raw): Promise<Uint8Array> => pipeline(picture).png({ compressionLevel: 9 }).toBuffer();
const filteredPng = (picture: Raw): Promise<Uint8Array> =>
  pipeline(picture).png({ adaptiveFiltering: true }).toBuffer();

/** A picture with an EXIF orientation: 6 is shown turned by 90° clockwise, 8 the other way, 3 upside down. */
const oriented = (picture: Raw, orientation: number): Promise<Uint8Array> =>
  pipeline(picture).withMetadata({ orientation }).png().toBuffer();

const turned = async (picture: Raw, degrees: number): Promise<Uint8Array> =>
  sharp(await png(picture))
    .rotate(degrees)
    .png()
    .toBuffer();

async function resized(picture: Raw, width: number, height: number): Promise<Uint8Array> {
  return sharp(await png(picture))
    .resize(width, height, { fit: 'fill' })
    .png()
    .toBuffer();
}

async function cropped(picture: Raw, width: number, height: number): Promise<Uint8Array> {
  return sharp(await png(picture))
    .extract({ left: 0, top: 0, width, height })
    .png()
    .toBuffer();
}

function floats(change?: (samples: Float32Array) => void): Promise<Uint8Array> {
  const samples = Float32Array.from({ length: WIDTH * HEIGHT }, (_, i) => ((i * 7919) % 1013) / 506.5 - 1);
  change?.(samples);
  return Promise.resolve(formatNpy(samples, [HEIGHT, WIDTH]));
}

/** A small rectangle of noise, as a time of day printed into a corner would be. */
function stamped(picture: Raw, seed: number): Raw {
  return changed(picture, (samples) => {
    for (let y = 2; y < 10; y++)
      for (let x = 3; x < 33; x++) samples[(y * picture.width + x) * picture.stride] = (x * y * seed) % 256;
  });
}

const STAMP = { left: 3, top: 2, width: 30, height: 8 };

const text = (words: string): Uint8Array => new TextEncoder().encode(words);
const half = (bytes: Uint8Array): Uint8Array => bytes.subarray(0, Math.floor(bytes.length / 2));

const now = async (
  picture: Raw | Promise<Raw>,
  encode: (picture: Raw) => Promise<Uint8Array> = png,
): Promise<Uint8Array> => encode(await picture);

/** Frames in flat colours. */
async function animation(levels: readonly number[]): Promise<Sharp> {
  const size = WIDTH * HEIGHT * 3;
  const raw = Buffer.alloc(levels.length * size);
  levels.forEach((level, i) => raw.fill(level, i * size, (i + 1) * size));
  return sharp(raw, { raw: { width: WIDTH, height: HEIGHT * levels.length, channels: 3, pageHeight: HEIGHT } });
}

/** An animated PNG of grey frames in flat colours, which may state more of them than it has. */
function apng(levels: readonly number[], level = 6, stated = levels.length): Uint8Array {
  const word = (...values: number[]): Buffer => {
    const bytes = Buffer.alloc(4 * values.length);
    values.forEach((value, i) => bytes.writeUInt32BE(value, 4 * i));
    return bytes;
  };
  const frames = levels.flatMap((grey, i) => {
    const control = Buffer.concat([word(2 * i, WIDTH, HEIGHT, 0, 0), Buffer.from([0, 1, 0, 10, 0, 0])]);
    const row = Buffer.alloc(WIDTH + 1, grey);
    row[0] = 0;
    const data = deflateSync(Buffer.concat(Array<Buffer>(HEIGHT).fill(row)), { level });
    const samples = i === 0 ? chunk('IDAT', data) : chunk('fdAT', Buffer.concat([word(2 * i + 1), data]));
    return [chunk('fcTL', control), samples];
  });
  return pngOf(header(WIDTH, HEIGHT, 8, 0), chunk('acTL', word(stated, 0)), ...frames, chunk('IEND'));
}

/** Files that look whole by their checksums, sizes and ends, and cannot be decoded. */
const WHOLE_AND_DAMAGED: Readonly<Record<string, readonly [extension: string, bytes: () => Promise<Uint8Array>]>> = {
  'PNG whose rows are none': [
    'png',
    async () => pngOf(header(9, 9, 8, 0), chunk('IDAT', Buffer.alloc(90, 7)), chunk('IEND')),
  ],
  'PNG with too few rows': [
    'png',
    async () => pngOf(header(9, 9, 8, 0), chunk('IDAT', deflateSync(Buffer.alloc(30))), chunk('IEND')),
  ],
  'PNG with a filter that there is not': [
    'png',
    async () => pngOf(header(9, 9, 8, 0), chunk('IDAT', deflateSync(Buffer.alloc(90, 7))), chunk('IEND')),
  ],
  'JPEG without its quantisation tables': [
    'jpg',
    async () => {
      const bytes = await now(photo(), (picture) => pipeline(picture).jpeg().toBuffer());
      const copy = Buffer.from(bytes);
      // Every table becomes a comment.
      for (let at = copy.indexOf('ffdb', 0, 'hex'); at >= 0; at = copy.indexOf('ffdb', at, 'hex')) copy[at + 1] = 0xfe;
      return copy;
    },
  ],
  'GIF cut off before its end mark': [
    'gif',
    async () =>
      Buffer.concat([half(await now(photo(), (picture) => pipeline(picture).gif().toBuffer())), Buffer.of(0x3b)]),
  ],
  'WebP whose samples are none': [
    'webp',
    async () => Buffer.from(await now(photo(), (picture) => pipeline(picture).webp().toBuffer())).fill(0xaa, 40),
  ],
};

/** The right verdicts on pairs of pictures. Where no options are stated: the metric `absolute` with threshold 0. */
export const PAIR_CASES: readonly PairCase[] = [
  // The same picture.
  { name: 'the same bytes', verdict: 'passed', actual: () => now(photo()), golden: () => now(photo()) },
  { name: 'compressed harder', verdict: 'passed', actual: () => now(photo(), smallPng), golden: () => now(photo()) },
  {
    name: 'rows filtered otherwise',
    verdict: 'passed',
    actual: () => now(photo(), filteredPng),
    golden: () => now(photo()),
  },
  {
    name: 'rows filtered otherwise, 16 bit',
    verdict: 'passed',
    actual: () => now(rgb16(), filteredPng),
    golden: () => now(rgb16()),
  },
  {
    name: 'interlaced',
    verdict: 'passed',
    actual: () => now(photo(), (picture) => pipeline(picture).png({ progressive: true }).toBuffer()),
    golden: () => now(photo()),
  },
  {
    name: 'an edge map with a palette',
    verdict: 'passed',
    actual: () => now(edgeMap(), (picture) => pipeline(picture).png({ palette: true, colours: 2 }).toBuffer()),
    golden: () => now(edgeMap()),
  },
  { name: 'grey stored as RGB', verdict: 'passed', actual: () => now(grey().then(asRgb)), golden: () => now(grey()) },
  {
    name: 'an alpha channel that is opaque',
    verdict: 'passed',
    actual: () => now(photo().then(withOpaqueAlpha)),
    golden: () => now(photo()),
  },
  {
    name: '8 bits stored as 16',
    verdict: 'passed',
    actual: async () => {
      const { samples, ...size } = await grey();
      return png({ ...size, samples: Uint16Array.from(samples, (sample) => sample * 257) });
    },
    golden: () => now(grey()),
  },
  {
    name: 'another density in the file',
    verdict: 'passed',
    actual: () => now(photo(), (picture) => pipeline(picture).withMetadata({ density: 300 }).png().toBuffer()),
    golden: () => now(photo()),
  },
  {
    name: 'stored turned, with EXIF that turns it back',
    verdict: 'passed',
    actual: async () =>
      sharp(await turned(await photo(), 270))
        .withMetadata({ orientation: 6 })
        .png()
        .toBuffer(),
    golden: () => now(photo()),
  },
  {
    name: 'lossless WebP under a name that ends in png',
    verdict: 'passed',
    actual: () => now(photo(), (picture) => pipeline(picture).webp({ lossless: true }).toBuffer()),
    golden: () => now(photo()),
  },
  {
    name: 'TIFF compressed and not',
    verdict: 'passed',
    extension: 'tif',
    actual: () => now(photo(), (picture) => pipeline(picture).tiff({ compression: 'deflate' }).toBuffer()),
    golden: () => now(photo(), (picture) => pipeline(picture).tiff({ compression: 'none' }).toBuffer()),
  },
  { name: 'the same floats', verdict: 'passed', extension: 'npy', actual: () => floats(), golden: () => floats() },

  // Small changes.
  {
    name: 'one sample off by 1, 8-bit grey',
    verdict: 'changed',
    actual: async () => png(offByOne(await grey())),
    golden: () => now(grey()),
  },
  {
    name: 'one blue sample off by 1, 8-bit RGB',
    verdict: 'changed',
    actual: async () => png(offByOne(await photo(), 3 * 1234 + 2)),
    golden: () => now(photo()),
  },
  {
    name: 'one sample off by 1, 16-bit grey',
    verdict: 'changed',
    actual: async () => png(offByOne(await grey16())),
    golden: () => now(grey16()),
  },
  {
    name: 'one sample off by 1, 16-bit RGB',
    verdict: 'changed',
    actual: async () => png(offByOne(await rgb16())),
    golden: () => now(rgb16()),
  },
  {
    name: 'one sample off by 1, beside rows filtered otherwise',
    verdict: 'changed',
    actual: async () => filteredPng(offByOne(await grey())),
    golden: () => now(grey()),
  },
  {
    name: 'everything brighter by 1 level',
    verdict: 'changed',
    actual: async () => png(brighter(await photo(), 1)),
    golden: () => now(photo()),
  },
  {
    name: 'everything brighter by 26 levels',
    verdict: 'changed',
    actual: async () => png(brighter(await photo(), 26)),
    golden: () => now(photo()),
  },
  {
    name: 'everything brighter by 26 levels, 16 bit',
    verdict: 'changed',
    actual: async () => png(brighter(await grey16(), 26)),
    golden: () => now(grey16()),
  },
  {
    name: 'alpha alone, by 1 level in one pixel',
    verdict: 'changed',
    actual: async () => png(changed(await rgba(), (samples) => void (samples[4 * 50 + 3] -= 1))),
    golden: () => now(rgba()),
  },
  {
    name: 'alpha alone: opaque where it was half',
    verdict: 'changed',
    actual: async () =>
      png(
        changed(await rgba(), (samples) => samples.forEach((a, i) => i % 4 === 3 && a === 120 && (samples[i] = 255))),
      ),
    golden: () => now(rgba()),
  },
  {
    name: 'transparent everywhere instead of opaque',
    verdict: 'changed',
    actual: async () =>
      png(
        changed(withOpaqueAlpha(await photo()), (samples) =>
          samples.forEach((_, i) => i % 4 === 3 && (samples[i] = 0)),
        ),
      ),
    golden: () => now(photo()),
  },
  {
    name: 'colour that transparency hides',
    verdict: 'changed',
    actual: async () =>
      png(
        changed(await rgba(), (samples) =>
          samples.forEach((_, i) => i % 4 === 0 && samples[i + 3] === 0 && (samples[i] ^= 64)),
        ),
      ),
    golden: () => now(rgba()),
  },
  {
    name: 'one float off by its last bit',
    verdict: 'changed',
    extension: 'npy',
    actual: () => floats((samples) => void (samples[99] *= 1 + 2 ** -23)),
    golden: () => floats(),
  },
  {
    name: 'one float that is not a number',
    verdict: 'changed',
    extension: 'npy',
    actual: () => floats((samples) => void (samples[99] = Number.NaN)),
    golden: () => floats(),
  },
  {
    name: 'saved once as JPEG',
    verdict: 'changed',
    actual: async () =>
      sharp(await now(photo(), (picture) => pipeline(picture).jpeg({ quality: 90 }).toBuffer()))
        .png()
        .toBuffer(),
    golden: () => now(photo()),
  },

  // Geometry.
  {
    name: 'shifted by one pixel',
    verdict: 'changed',
    actual: async () => png(shifted(await photo())),
    golden: () => now(photo()),
  },
  {
    name: 'resized to half',
    verdict: 'changed',
    actual: async () => resized(await photo(), WIDTH / 2, HEIGHT / 2),
    golden: () => now(photo()),
  },
  {
    name: 'one row fewer',
    verdict: 'changed',
    actual: async () => cropped(await photo(), WIDTH, HEIGHT - 1),
    golden: () => now(photo()),
  },
  {
    name: 'one column fewer, however lax the limits',
    verdict: 'changed',
    options: { threshold: 1, maxDiffPixelRatio: 1 },
    actual: async () => cropped(await photo(), WIDTH - 1, HEIGHT),
    golden: () => now(photo()),
  },
  {
    name: 'as many pixels, of other sides',
    verdict: 'changed',
    actual: async () => png({ ...(await grey()), width: HEIGHT, height: WIDTH }),
    golden: () => now(grey()),
  },
  {
    name: 'rotated by EXIF alone',
    verdict: 'changed',
    actual: async () => oriented(await photo(), 6),
    golden: () => now(photo()),
  },
  {
    name: 'turned upside down by EXIF alone',
    verdict: 'changed',
    actual: async () => oriented(await photo(), 3),
    golden: () => now(photo()),
  },
  {
    name: 'red and blue exchanged',
    verdict: 'changed',
    actual: async () =>
      sharp(await now(photo()))
        .recomb([
          [0, 0, 1],
          [0, 1, 0],
          [1, 0, 0],
        ])
        .png()
        .toBuffer(),
    golden: () => now(photo()),
  },
  {
    name: 'a line one pixel wide is gone',
    verdict: 'changed',
    actual: () => now(edgeMap({ line: false })),
    golden: () => now(edgeMap()),
  },
  {
    name: 'the steps of a slanted edge smoothed',
    verdict: 'changed',
    actual: () => now(slant(128)),
    golden: () => now(slant(0)),
  },

  // Pages and frames behind the first.
  {
    name: 'frames of a GIF, stored as WebP',
    verdict: 'passed',
    extension: 'gif',
    actual: async () => (await animation([10, 200, 30])).webp({ lossless: true }).toBuffer(),
    golden: async () => (await animation([10, 200, 30])).gif().toBuffer(),
  },
  {
    name: 'the second frame of a GIF',
    verdict: 'changed',
    extension: 'gif',
    actual: async () => (await animation([10, 90, 30])).gif().toBuffer(),
    golden: async () => (await animation([10, 200, 30])).gif().toBuffer(),
  },
  {
    name: 'the last frame of a WebP, by less than a threshold',
    verdict: 'passed',
    options: { threshold: 2 / 255 },
    extension: 'webp',
    actual: async () => (await animation([10, 200, 31])).webp({ lossless: true }).toBuffer(),
    golden: async () => (await animation([10, 200, 30])).webp({ lossless: true }).toBuffer(),
  },
  {
    name: 'the second page of a TIFF',
    verdict: 'changed',
    extension: 'tif',
    actual: async () => (await animation([10, 90])).tiff({ compression: 'none' }).toBuffer(),
    golden: async () => (await animation([10, 200])).tiff({ compression: 'none' }).toBuffer(),
  },
  {
    name: 'three frames instead of one',
    verdict: 'changed',
    extension: 'gif',
    actual: async () => (await animation([10, 200, 30])).gif().toBuffer(),
    golden: async () => (await animation([10])).gif().toBuffer(),
  },
  {
    name: 'one frame instead of three, however lax the limits',
    verdict: 'changed',
    options: { threshold: 1, maxDiffPixelRatio: 1 },
    extension: 'gif',
    actual: async () => (await animation([10])).gif().toBuffer(),
    golden: async () => (await animation([10, 200, 30])).gif().toBuffer(),
  },
  {
    name: 'the second frame of an animated PNG',
    verdict: 'changed',
    actual: async () => apng([10, 90]),
    golden: async () => apng([10, 200]),
  },
  {
    name: 'an animated PNG compressed harder',
    verdict: 'passed',
    actual: async () => apng([10, 90], 9),
    golden: async () => apng([10, 90], 1),
  },

  // Limits.
  {
    name: 'off by 1 within a threshold of 1/255',
    verdict: 'passed',
    options: { threshold: 1 / 255 },
    actual: async () => png(brighter(await photo(), 1)),
    golden: () => now(photo()),
  },
  {
    name: 'off by 2 beyond a threshold of 1/255',
    verdict: 'changed',
    options: { threshold: 1 / 255 },
    actual: async () => png(brighter(await photo(), 2)),
    golden: () => now(photo()),
  },
  {
    name: 'three pixels of three that may differ',
    verdict: 'passed',
    options: { maxDiffPixels: 3 },
    actual: async () => png(spotted(await grey(), 3)),
    golden: () => now(grey()),
  },
  {
    name: 'four pixels of three that may differ',
    verdict: 'changed',
    options: { maxDiffPixels: 3 },
    actual: async () => png(spotted(await grey(), 4)),
    golden: () => now(grey()),
  },
  {
    name: 'the stricter of two limits',
    verdict: 'changed',
    options: { maxDiffPixels: 100, maxDiffPixelRatio: 0.0001 },
    actual: async () => png(spotted(await grey(), 3)),
    golden: () => now(grey()),
  },
  {
    name: 'a region to ignore',
    verdict: 'passed',
    options: { ignore: [STAMP] },
    actual: async () => png(stamped(await photo(), 7)),
    golden: async () => png(stamped(await photo(), 3)),
  },
  {
    name: 'a change beside the region to ignore',
    verdict: 'changed',
    options: { ignore: [STAMP] },
    actual: async () => png(offByOne(stamped(await photo(), 7), 3 * 2000)),
    golden: async () => png(stamped(await photo(), 3)),
  },
  {
    name: 'every pixel to be ignored',
    verdict: 'changed',
    options: { ignore: [{ left: 0, top: 0, width: WIDTH, height: HEIGHT }] },
    actual: () => now(grey()),
    golden: async () => png(brighter(await grey(), 9)),
  },

  // Edges that moved.
  {
    name: 'an edge moved by 1 pixel, 1 allowed',
    verdict: 'passed',
    options: { metric: 'boundary', distance: 1 },
    actual: () => now(edgeMap({ lineAt: 21 })),
    golden: () => now(edgeMap()),
  },
  {
    name: 'an edge moved by 3 pixels, 1 allowed',
    verdict: 'changed',
    options: { metric: 'boundary', distance: 1 },
    actual: () => now(edgeMap({ lineAt: 23 })),
    golden: () => now(edgeMap()),
  },
  {
    name: 'an edge moved by 3 pixels, 3 allowed',
    verdict: 'passed',
    options: { metric: 'boundary', distance: 3 },
    actual: () => now(edgeMap({ lineAt: 23 })),
    golden: () => now(edgeMap()),
  },
  {
    name: 'an edge gone, boundary',
    verdict: 'changed',
    options: { metric: 'boundary', distance: 3 },
    actual: () => now(edgeMap({ line: false })),
    golden: () => now(edgeMap()),
  },
  {
    name: 'an edge too many, boundary',
    verdict: 'changed',
    options: { metric: 'boundary', distance: 3 },
    actual: () => now(edgeMap({ speck: true })),
    golden: () => now(edgeMap()),
  },
  {
    name: 'edges too faint to be any, boundary',
    verdict: 'changed',
    options: { metric: 'boundary' },
    actual: () => now(edgeMap({ strength: 90 })),
    golden: () => now(edgeMap({ strength: 90, line: false })),
  },

  // Perception and structure, when asked for.
  {
    name: 'brighter by 10 levels, to the eye',
    verdict: 'passed',
    options: { metric: 'pixelmatch' },
    actual: async () => png(brighter(await photo(), 10)),
    golden: () => now(photo()),
  },
  {
    name: 'brighter by 60 levels, to the eye',
    verdict: 'changed',
    options: { metric: 'pixelmatch' },
    actual: async () => png(brighter(await photo(), 60)),
    golden: () => now(photo()),
  },
  {
    name: 'steps smoothed, anti-aliasing ignored',
    verdict: 'passed',
    options: { metric: 'pixelmatch', ignoreAntialiasing: true },
    actual: () => now(slant(128)),
    golden: () => now(slant(0)),
  },
  {
    name: 'steps smoothed, anti-aliasing counted',
    verdict: 'changed',
    options: { metric: 'pixelmatch' },
    actual: () => now(slant(128)),
    golden: () => now(slant(0)),
  },
  {
    name: 'faint noise, by structure',
    verdict: 'passed',
    options: { metric: 'ssim' },
    actual: async () =>
      png(
        changed(await photo(), (samples) =>
          samples.forEach((sample, i) => (samples[i] = Math.min(255, sample + (i % 2)))),
        ),
      ),
    golden: () => now(photo()),
  },
  {
    name: 'blurred, by structure',
    verdict: 'changed',
    options: { metric: 'ssim' },
    actual: async () =>
      sharp(await now(photo()))
        .blur(2)
        .png()
        .toBuffer(),
    golden: () => now(photo()),
  },

  // Bad input.
  {
    name: 'text under a name that ends in png',
    verdict: 'unreadable',
    actual: () => now(photo()),
    golden: async () => text('not a picture'),
  },
  {
    name: 'the same text on both sides',
    verdict: 'unreadable',
    actual: async () => text('not a picture'),
    golden: async () => text('not a picture'),
  },
  {
    name: 'a golden cut off',
    verdict: 'unreadable',
    actual: () => now(photo()),
    golden: async () => half(await now(photo())),
  },
  {
    name: 'the same picture cut off on both sides',
    verdict: 'unreadable',
    actual: async () => half(await now(photo())),
    golden: async () => half(await now(photo())),
  },
  {
    name: 'the same JPEG cut off on both sides',
    verdict: 'unreadable',
    extension: 'jpg',
    actual: async () => half(await now(photo(), (picture) => pipeline(picture).jpeg().toBuffer())),
    golden: async () => half(await now(photo(), (picture) => pipeline(picture).jpeg().toBuffer())),
  },
  {
    name: 'the same picture with a flipped bit on both sides',
    verdict: 'unreadable',
    actual: async () => flipped(await now(photo())),
    golden: async () => flipped(await now(photo())),
  },
  ...Object.entries(WHOLE_AND_DAMAGED).map(([kind, [extension, bytes]]): PairCase => ({
    name: `the same ${kind} on both sides`,
    verdict: 'unreadable',
    extension,
    actual: bytes,
    golden: bytes,
  })),
  {
    name: 'the same animation, damaged behind its first frame, on both sides',
    verdict: 'unreadable',
    actual: async () => apng([10, 90], 1, 3),
    golden: async () => apng([10, 90], 1, 3),
  },
  { name: 'an empty file', verdict: 'unreadable', actual: async () => new Uint8Array(), golden: () => now(photo()) },
];

/** A slanted edge between black and white, its steps of one pixel filled with `between`. */
function slant(between: number): Raw {
  const samples = new Uint8Array(WIDTH * HEIGHT);
  for (let y = 0; y < HEIGHT; y++) {
    const edge = 20 + Math.floor(y / 4);
    samples.fill(255, y * WIDTH + edge + 1, (y + 1) * WIDTH);
    samples[y * WIDTH + edge] = y % 4 === 3 ? between : 0;
  }
  return { samples, width: WIDTH, height: HEIGHT, stride: 1 };
}

function spotted(picture: Raw, pixels: number): Raw {
  return changed(picture, (samples) => {
    for (let i = 0; i < pixels; i++) samples[501 + 777 * i] ^= 128;
  });
}

/** One bit of the compressed samples, which the checksum of their chunk then does not match. */
function flipped(bytes: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[Math.floor(copy.length / 2)] ^= 4;
  return copy;
}

/** The right verdicts on folders. */
export const FOLDER_CASES: readonly FolderCase[] = [
  {
    name: 'one changed among three',
    verdicts: { 'a.png': 'passed', 'deep/b.png': 'changed', 'c.png': 'passed' },
    match: false,
    actual: async () => ({
      'a.png': await now(photo()),
      'deep/b.png': await png(offByOne(await grey())),
      'c.png': await now(grey(), smallPng),
    }),
    golden: async () => ({ 'a.png': await now(photo()), 'deep/b.png': await now(grey()), 'c.png': await now(grey()) }),
  },
  {
    name: 'new',
    verdicts: { 'a.png': 'passed', 'b.png': 'new' },
    match: false,
    actual: async () => ({ 'a.png': await now(photo()), 'b.png': await now(grey()) }),
    golden: async () => ({ 'a.png': await now(photo()) }),
  },
  {
    name: 'new, allowed',
    verdicts: { 'a.png': 'passed', 'b.png': 'new' },
    match: true,
    options: { allowNew: true },
    actual: async () => ({ 'a.png': await now(photo()), 'b.png': await now(grey()) }),
    golden: async () => ({ 'a.png': await now(photo()) }),
  },
  {
    name: 'deleted',
    verdicts: { 'a.png': 'passed', 'b.png': 'deleted' },
    match: false,
    actual: async () => ({ 'a.png': await now(photo()) }),
    golden: async () => ({ 'a.png': await now(photo()), 'b.png': await now(grey()) }),
  },
  {
    name: 'deleted, allowed',
    verdicts: { 'a.png': 'passed', 'b.png': 'deleted' },
    match: true,
    options: { allowDeleted: true },
    actual: async () => ({ 'a.png': await now(photo()) }),
    golden: async () => ({ 'a.png': await now(photo()), 'b.png': await now(grey()) }),
  },
  {
    name: 'a partial run',
    verdicts: { 'a.png': 'passed' },
    match: true,
    options: { selective: true },
    actual: async () => ({ 'a.png': await now(photo()) }),
    golden: async () => ({ 'a.png': await now(photo()), 'b.png': await now(grey()) }),
  },
  {
    name: 'renamed, and stored as another format',
    verdicts: { 'a.png': 'passed', 'new.webp': 'renamed' },
    match: false,
    actual: async () => ({
      'a.png': await now(photo()),
      'new.webp': await now(grey().then(asRgb), (picture) => pipeline(picture).webp({ lossless: true }).toBuffer()),
    }),
    golden: async () => ({ 'a.png': await now(photo()), 'old.png': await now(grey()) }),
  },
  {
    name: 'a text file named .png on both sides',
    verdicts: { 'a.png': 'passed', 'b.png': 'unreadable' },
    match: false,
    actual: async () => ({ 'a.png': await now(photo()), 'b.png': text('words') }),
    golden: async () => ({ 'a.png': await now(photo()), 'b.png': text('words') }),
  },
  {
    name: 'a golden that cannot be read',
    verdicts: { 'a.png': 'passed', 'b.png': 'unreadable' },
    match: false,
    actual: async () => ({ 'a.png': await now(photo()), 'b.png': await now(grey()) }),
    golden: async () => ({ 'a.png': await now(photo()), 'b.png': half(await now(grey())) }),
  },
  {
    name: 'a new picture that cannot be read, new ones allowed',
    verdicts: { 'a.png': 'passed', 'b.png': 'unreadable' },
    match: false,
    options: { allowNew: true },
    actual: async () => ({ 'a.png': await now(photo()), 'b.png': half(await now(grey())) }),
    golden: async () => ({ 'a.png': await now(photo()) }),
  },
  {
    name: 'an empty golden folder, new ones allowed',
    verdicts: { 'a.png': 'new' },
    match: false,
    options: { allowNew: true },
    actual: async () => ({ 'a.png': await now(photo()) }),
    golden: async () => ({}),
  },
  {
    name: 'nothing made at all, deleted ones allowed',
    verdicts: { 'a.png': 'deleted' },
    match: false,
    options: { allowDeleted: true },
    actual: async () => ({}),
    golden: async () => ({ 'a.png': await now(photo()) }),
  },
  {
    name: 'a link out of the folder',
    verdicts: { 'a.png': 'passed', 'b.png': 'unreadable' },
    match: false,
    actual: async () => ({ 'a.png': await now(photo()), 'b.png': '../golden/b.png' }),
    golden: async () => ({ 'a.png': await now(photo()), 'b.png': await now(grey()) }),
  },
  {
    name: 'a link within the folder',
    verdicts: { 'a.png': 'passed', 'b.png': 'passed' },
    match: true,
    actual: async () => ({ 'a.png': await now(photo()), 'b.png': 'a.png' }),
    golden: async () => ({ 'a.png': await now(photo()), 'b.png': await now(photo()) }),
  },
];

/** Writes the files of a case below a folder. */
export async function writeFiles(folder: string, files: Files): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [rel, content] of Object.entries(files)) {
    const path = join(folder, rel);
    await mkdir(dirname(path), { recursive: true });
    if (typeof content === 'string') await symlink(content, path);
    else await writeFile(path, content);
  }
}
