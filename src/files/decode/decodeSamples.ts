import sharp, { type Metadata, type SharpOptions } from 'sharp';
import { nameOf, PictureError } from '../../disk/fileError.ts';
import type { PictureMetadata, StoredPicture } from '../../planes/picture.ts';
import { type StoredSamples, whiteOfDepth } from '../../planes/samples.ts';
import { FORMATS, type SourceFormat } from '../formats.ts';
import { profileDescription, profileSpace } from '../iccProfile.ts';
import { sharpReason } from '../sharpReason.ts';
import { type SourceFacts, sourceFacts } from './sourceFacts.ts';

/** What a decoder takes as the end of its patience, mildest first. */
export const FAIL_ON = ['none', 'truncated', 'error', 'warning'] as const;

export interface DecodeLimits {
  readonly limitPixels: number;
  readonly failOn: (typeof FAIL_ON)[number];
  /** From 1. */
  readonly page: number;
  readonly admit?: ((bytes: number) => Promise<void>) | undefined;
}

/** Bytes that are to be a picture, what their first ones say they are, and where they came from. */
export interface Source {
  readonly bytes: Uint8Array;
  readonly format: Exclude<SourceFormat, 'npy'>;
  readonly path?: string | undefined;
}

/**
 * Decodes a picture of a file (of several pages or frames, the one asked for) to its stored samples, upright, by sharp. Frames of GIF
 * and WebP are as they are seen: drawn over those before them.
 *
 * @throws PictureError where the picture is damaged, too large, or of a kind that is not read
 */
export async function decodeSamples(source: Source, limits: DecodeLimits): Promise<StoredPicture> {
  const { bytes, format, path } = source;
  const { page } = limits;
  const facts = sourceFacts(bytes, format, page);
  if (facts.preview) {
    throw unsupported(path, "a TIFF that begins with a preview of its picture (as a camera's raw files do)");
  }
  if (facts.size) expectPixels(facts.size, limits, path);
  // The pixels are counted here, and the channels, so that the message can say how many there are.
  const first: SharpOptions = { failOn: limits.failOn, limitInputPixels: false, limitInputChannels: false };
  const input = page === 1 ? first : { ...first, page: page - 1 };
  try {
    let about = await sharp(bytes, first).metadata();
    const pages = Math.max(about.pages ?? 1, facts.pages);
    expectPage(page, pages, path);
    if (page > 1) about = await sharp(bytes, input).metadata();
    expectPixels(about, limits, path);
    const layout = layoutOf(about, path);
    await limits.admit?.(about.width * about.height * about.channels * (layout.depth / 8));
    // An RGB or grey profile would be applied to the samples; CMYK has none but through its profile.
    const decoder = sharp(bytes, { ...input, autoOrient: true, ignoreIcc: about.space !== 'cmyk' });
    // Not `toUint8Array`: as of sharp 0.35.5 it never frees the memory that it copies from.
    const raw = decoder.toColourspace(layout.space).raw({ depth: layout.format });
    const { data, info } = await raw.toBuffer({ resolveWithObject: true });
    return {
      samples: samplesOf(data, layout.depth),
      height: info.height,
      width: info.width,
      stride: info.channels,
      channels: layout.channels,
      ...(about.hasAlpha ? { alphaAt: info.channels - 1 } : {}),
      white: layout.white,
      depth: layout.depth,
      lossy: facts.lossy,
      metadata: metadataOf({ ...about, pages }, format, layout.depth),
    };
  } catch (error) {
    throw error instanceof PictureError ? error : damaged(error, source);
  }
}

function expectPixels(size: NonNullable<SourceFacts['size']>, { limitPixels }: DecodeLimits, path?: string): void {
  if (size.width * size.height > limitPixels) throw tooManyPixels(size, limitPixels, path);
}

/** Refuses more pixels than the limit. */
export function tooManyPixels(
  { width, height }: { readonly width: number; readonly height: number },
  limitPixels: number,
  path: string | undefined,
): PictureError {
  return new PictureError(
    'too-large',
    `Expected at most ${limitPixels} pixels (limitPixels) in ${nameOf(path)} but received ${width}×${height}`,
    { path },
  );
}

/** Refuses a page that a file does not have. */
export function expectPage(page: number, pages: number, path: string | undefined): void {
  if (page <= pages) return;
  const have = pages === 1 ? 'there is one' : `there are ${pages}`;
  throw new PictureError('missing', `Expected page or frame ${page} in ${nameOf(path)} but ${have}`, { path });
}

interface Layout {
  /** The space to ask sharp for: where it is the stored one, nothing is converted. */
  readonly space: string;
  readonly format: 'uchar' | 'ushort' | 'float';
  readonly channels: 1 | 3;
  readonly depth: 8 | 16 | 32;
  readonly white: number;
}

/**
 * How to ask sharp for the samples so that they come as they are: in the stored space and number format. Under its defaults
 * it would make grey three channels and 16 bits 8.
 */
function layoutOf(about: Metadata, path: string | undefined): Layout {
  const { space, depth: format, hasAlpha } = about;
  const colours = about.channels - (hasAlpha ? 1 : 0);
  if (format === 'uchar' && space === 'b-w' && colours === 1) {
    // Of grey with alpha, raw output takes the first channel only; as RGB, grey comes three times, unchanged, and alpha last.
    return { space: hasAlpha ? 'srgb' : space, format, channels: 1, depth: 8, white: 255 };
  }
  if (format === 'uchar' && space === 'srgb' && colours === 3)
    return { space, format, channels: 3, depth: 8, white: 255 };
  if (format === 'uchar' && space === 'cmyk' && colours === 4) {
    return { space: 'srgb', format, channels: 3, depth: 8, white: 255 };
  }
  if (format === 'ushort' && (space === 'grey16' ? colours === 1 : space === 'rgb16' && colours === 3)) {
    return { space, format, channels: space === 'grey16' ? 1 : 3, depth: 16, white: whiteOfBits(about.bitsPerSample) };
  }
  if (format === 'float' && (space === 'b-w' ? colours === 1 && !hasAlpha : space === 'scrgb' && colours === 3)) {
    return { space, format, channels: space === 'b-w' ? 1 : 3, depth: 32, white: 1 };
  }
  throw unsupported(path, `${about.channels} channels of ${NUMBER_FORMATS[format] ?? format} (${space})`);
}

const NUMBER_FORMATS: Readonly<Record<string, string>> = {
  uchar: '8-bit samples',
  char: 'signed 8-bit samples',
  ushort: '16-bit samples',
  short: 'signed 16-bit samples',
  uint: '32-bit samples',
  int: 'signed 32-bit samples',
  float: 'floating-point samples',
  double: '64-bit floating-point samples',
};

/** Samples of 10 and 12 bits (AVIF) are shifted up to 16, and white with them. */
function whiteOfBits(bits = 16): number {
  return bits < 16 ? (2 ** bits - 1) * 2 ** (16 - bits) : whiteOfDepth(16);
}

function samplesOf(data: Uint8Array, depth: 8 | 16 | 32): StoredSamples {
  const size = depth / 8;
  const { buffer, byteOffset, byteLength } = data.byteOffset % size === 0 ? data : Uint8Array.from(data);
  if (depth === 8) return new Uint8Array(buffer, byteOffset, byteLength);
  if (depth === 16) return new Uint16Array(buffer, byteOffset, byteLength / size);
  return new Float32Array(buffer, byteOffset, byteLength / size);
}

function metadataOf(about: Metadata, format: SourceFormat, depth: number): PictureMetadata {
  const { space, orientation = 1, density, bitsPerSample, pages = 1, chromaSubsampling, icc } = about;
  const description = icc && profileDescription(icc);
  return {
    format,
    space,
    ...(orientation > 1 ? { orientation } : {}),
    ...(density === undefined ? {} : { density }),
    ...(bitsPerSample === undefined || bitsPerSample === depth ? {} : { bits: bitsPerSample }),
    ...(pages > 1 ? { pages } : {}),
    ...(about.isPalette ? { palette: true } : {}),
    ...(chromaSubsampling === undefined ? {} : { chromaSubsampling }),
    // A CMYK profile was applied, and says nothing about the samples that came of it.
    ...(icc && profileSpace(icc) !== 'cmyk' ? { icc: new Uint8Array(icc) } : {}),
    ...(description === undefined ? {} : { iccDescription: description }),
  };
}

function unsupported(path: string | undefined, what: string): PictureError {
  return new PictureError(
    'unsupported',
    `Expected grey or RGB samples of 8 bits, 16 bits or Float32 (or 8-bit CMYK) in ${nameOf(path)} but received ${what}`,
    { path },
  );
}

/** What the decoder said, as one sentence. */
export function damaged(cause: unknown, { format, path }: Omit<Source, 'bytes'>): PictureError {
  const reason = sharpReason(cause);
  if (reason.includes('out of memory')) {
    const message = `Expected a picture that fits into memory in ${nameOf(path)} but ran out of it`;
    return new PictureError('too-large', message, { path, cause });
  }
  const message = `Expected a whole ${FORMATS[format].name} picture in ${nameOf(path)} but it is damaged: ${reason}`;
  return new PictureError('damaged', message, { path, cause });
}
