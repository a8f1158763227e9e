import type { InterleavedPicture, PictureMetadata } from '../../planes/picture.ts';
import type { StoredPicture } from '../../planes/picture.ts';
import { factLines, inWords } from './factLines.ts';

/** What a picture is, in numbers, as the JSON report has it. */
export interface PictureFacts extends Omit<PictureMetadata, 'icc' | 'exif' | 'xmp'> {
  readonly width: number;
  readonly height: number;
  /** Without alpha. */
  readonly channels: number;
  readonly alpha: boolean;
  /** Bits of a sample; 32 are floats. */
  readonly depth: number;
  readonly white: number;
  readonly lossy: boolean;
  /** Of the embedded profile. */
  readonly iccBytes?: number;
  readonly exifBytes?: number;
  readonly xmpBytes?: number;
  /** Of each channel. */
  readonly samples: readonly ChannelFacts[];
}

interface ChannelFacts {
  readonly minimum: number;
  readonly maximum: number;
  readonly mean: number;
  /** The share of samples at 0 or below. */
  readonly black: number;
  /** The share of samples at white or above. */
  readonly white: number;
}

/** Of a picture as it is stored, of which no planes are made. */
export function pictureFacts(picture: StoredPicture): PictureFacts {
  const { width, height, channels, alphaAt, depth, white, lossy, metadata } = picture;
  const { icc, exif, xmp, format, ...rest } = metadata;
  return {
    ...(format === undefined ? {} : { format }),
    width,
    height,
    channels,
    alpha: alphaAt !== undefined,
    depth,
    white,
    lossy,
    ...rest,
    ...(icc ? { iccBytes: icc.length } : {}),
    ...(exif ? { exifBytes: exif.length } : {}),
    ...(xmp === undefined ? {} : { xmpBytes: Buffer.byteLength(xmp) }),
    samples: statistics(picture),
  };
}

function statistics({ samples, channels, stride, white: full }: InterleavedPicture): ChannelFacts[] {
  const size = samples.length / stride;
  return Array.from({ length: channels }, (_, c) => {
    let minimum = Number.POSITIVE_INFINITY;
    let maximum = Number.NEGATIVE_INFINITY;
    let sum = 0;
    let black = 0;
    let white = 0;
    for (let i = c; i < samples.length; i += stride) {
      const sample = samples[i];
      if (sample < minimum) minimum = sample;
      if (sample > maximum) maximum = sample;
      sum += sample;
      if (sample <= 0) black++;
      if (sample >= full) white++;
    }
    return {
      minimum,
      maximum,
      mean: Number((sum / size).toPrecision(6)),
      black: Number((black / size).toPrecision(6)),
      white: Number((white / size).toPrecision(6)),
    };
  });
}

/** The same for a person to read. */
export function pictureLines(facts: PictureFacts): string[] {
  return factLines(told(facts));
}

/** The same as names and what is known of each. */
export function pictureRows(facts: PictureFacts): [name: string, lines: readonly string[]][] {
  return Object.entries(told(facts)).flatMap(([name, value]): [string, readonly string[]][] =>
    value === undefined ? [] : [[inPlainWords(name), inWords(value)]],
  );
}

/** `chromaSubsampling`: chroma subsampling. */
function inPlainWords(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function told(facts: PictureFacts): Record<string, unknown> {
  const { format, width, height, channels, alpha, depth, iccBytes, exifBytes, xmpBytes, samples, ...rest } = facts;
  return {
    format,
    size: `${width}×${height}`,
    channels: `${channels}${alpha ? ' and alpha' : ''}`,
    depth: depth === 32 ? '32 (float)' : depth,
    ...rest,
    icc: inBytes(iccBytes),
    exif: inBytes(exifBytes),
    xmp: inBytes(xmpBytes),
    samples: samples.map((channel) => ({
      ...channel,
      black: percent(channel.black),
      white: percent(channel.white),
    })),
  };
}

function inBytes(count: number | undefined): string | undefined {
  return count === undefined ? undefined : `${count} bytes`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)}%`;
}
