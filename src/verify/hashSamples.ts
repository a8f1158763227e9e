import { createHash } from 'node:crypto';
import type { InterleavedPicture } from '../planes/picture.ts';
import type { StoredSamples } from '../planes/samples.ts';
import { isFloat32Array, isUint16Array } from '../planes/typedArrays.ts';
import { bytesOf } from './rows.ts';

/**
 * SHA-256 of what a picture shows, however it is stored: grey as RGB, an opaque alpha channel, or 8 bits as 16 give the hash of the
 * simplest way to store it.
 */
export function hashSamples(picture: InterleavedPicture): string {
  const { height, width, stride, white } = picture;
  const kept = keptSamples(picture);
  const samples = isEightBit(picture) ? Uint8Array.from(picture.samples, (sample) => sample / 257) : picture.samples;
  const packed = kept.length === stride ? samples : pack(samples, stride, kept);
  const kind = isFloat32Array(samples)
    ? `float/${white}`
    : `${8 * samples.BYTES_PER_ELEMENT}/${samples === picture.samples ? white : 255}`;
  const hash = createHash('sha256').update(`${width}x${height}x${kept.length} ${kind}\n`);
  return hash.update(bytesOf(isFloat32Array(packed) ? packed.map(plainFloat) : packed)).digest('hex');
}

/** Which samples of a pixel tell something: neither repeated grey nor alpha that is opaque throughout. */
function keptSamples({ samples, stride, channels, alphaAt, white }: InterleavedPicture): number[] {
  let isGrey = channels === 3;
  let isOpaque = true;
  for (let at = 0; at < samples.length && (isGrey || isOpaque); at += stride) {
    if (isGrey && (samples[at] !== samples[at + 1] || samples[at] !== samples[at + 2])) isGrey = false;
    if (alphaAt !== undefined && samples[at + alphaAt] !== white) isOpaque = false;
  }
  const colours = Array.from({ length: isGrey ? 1 : channels }, (_, c) => c);
  return alphaAt === undefined || isOpaque ? colours : [...colours, alphaAt];
}

function isEightBit({ samples, white }: InterleavedPicture): boolean {
  return isUint16Array(samples) && white === 65535 && samples.every((sample) => sample % 257 === 0);
}

function pack(samples: StoredSamples, stride: number, kept: readonly number[]): StoredSamples {
  const packed = samples.slice(0, (samples.length / stride) * kept.length);
  for (let from = 0, to = 0; from < samples.length; from += stride) {
    for (const at of kept) packed[to++] = samples[from + at];
  }
  return packed;
}

/** One zero, and one not-a-number. */
function plainFloat(sample: number): number {
  return sample === 0 ? 0 : Number.isNaN(sample) ? Number.NaN : sample;
}
