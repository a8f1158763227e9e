import type { Metadata } from 'sharp';
import { type Depth, type StoredSamples, whiteOfDepth } from '../../planes/samples.ts';
import { lacksChannel, unsupported } from './refusals.ts';

/** How the samples of a picture are asked for. */
export interface Layout {
  /** The space to ask sharp for: where it is the stored one, nothing is converted. */
  readonly space: string;
  readonly format: 'uchar' | 'ushort' | 'uint' | 'float';
  readonly channels: 1 | 3;
  readonly depth: Depth;
  readonly white: number;
}

/**
 * How to ask sharp for the samples so that they come as they are: in the stored space and number format. Under its defaults
 * it would make grey three channels and 16 bits 8.
 */
export function layoutOf(about: Metadata, path: string | undefined): Layout {
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
  if (format === 'uint' && space === 'b-w' && about.channels === 1) {
    return { space, format, channels: 1, depth: 32, white: 1 };
  }
  const bits = format === 'float' && space === 'grey16' ? '16-bit ' : '';
  const channels = `${about.channels} channel${about.channels === 1 ? '' : 's'}`;
  throw unsupported(
    path,
    `${channels} of ${bits}${NUMBER_FORMATS[format] ?? format} (${space})`,
    about.channels > 1 && DEPTHS[format] !== undefined ? '; the option channel takes one of them' : '',
  );
}

const DEPTHS: Readonly<Record<string, Depth>> = { uchar: 8, ushort: 16, uint: 32, float: 32 };

/** {@link layoutOf} of one channel by itself, from 1, as it is stored. */
export function layoutOfChannel(about: Metadata, channel: number, path: string | undefined): Layout {
  const { space, depth: format, channels } = about;
  const depth = DEPTHS[format];
  if (space === 'cmyk' || depth === undefined) {
    throw unsupported(path, `a channel of ${space === 'cmyk' ? 'CMYK' : (NUMBER_FORMATS[format] ?? format)}`);
  }
  if (channel > channels) throw lacksChannel(channel, channels, path);
  return { space, format: format as Layout['format'], channels: 1, depth, white: whiteOfDepth(depth) };
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

/** The bytes that sharp gave as the samples that they are. */
export function samplesOf(data: Uint8Array, format: Layout['format']): StoredSamples | Uint32Array {
  const size = { uchar: 1, ushort: 2, uint: 4, float: 4 }[format];
  const { buffer, byteOffset, byteLength } = data.byteOffset % size === 0 ? data : Uint8Array.from(data);
  if (format === 'uchar') return new Uint8Array(buffer, byteOffset, byteLength);
  if (format === 'ushort') return new Uint16Array(buffer, byteOffset, byteLength / size);
  if (format === 'uint') return new Uint32Array(buffer, byteOffset, byteLength / size);
  return new Float32Array(buffer, byteOffset, byteLength / size);
}
