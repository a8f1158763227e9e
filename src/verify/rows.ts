import type { InterleavedPicture } from '../planes/picture.ts';
import type { StoredSamples } from '../planes/samples.ts';
import { typedArrayName } from '../planes/typedArrays.ts';

/** What the pixels of two pictures have in common once both are written out alike. */
export interface Layout {
  /** Colour samples of a pixel: grey beside colour counts as colour. */
  readonly channels: number;
  /** Whether alpha comes after them: where only one picture has it, the other is opaque. */
  readonly alpha: boolean;
}

type Channels = Pick<InterleavedPicture, 'channels' | 'alphaAt'>;

/** How both pictures can be written out; nothing where their channels have nothing to do with each other. */
export function commonLayout(a: Channels, b: Channels): Layout | undefined {
  const channels = Math.max(a.channels, b.channels);
  if (![a, b].every((picture) => picture.channels === channels || picture.channels === 1)) return undefined;
  return { channels, alpha: a.alphaAt !== undefined || b.alphaAt !== undefined };
}

/** Whether the stored samples of both can be compared as they are. */
export function isStoredAlike(a: InterleavedPicture, b: InterleavedPicture): boolean {
  return (
    typedArrayName(a.samples) === typedArrayName(b.samples) &&
    a.stride === b.stride &&
    a.channels === b.channels &&
    a.alphaAt === b.alphaAt &&
    a.white === b.white &&
    // Samples that are neither colour nor alpha would be compared too.
    a.stride === a.channels + (a.alphaAt === undefined ? 0 : 1)
  );
}

/** The stored samples of a row: a view. */
export function storedRow({ samples, width, stride }: InterleavedPicture, y: number): StoredSamples {
  return samples.subarray(y * width * stride, (y + 1) * width * stride);
}

/** The samples as bytes: a view. */
export function bytesOf(samples: StoredSamples | Float64Array): Uint8Array {
  return new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
}

/**
 * Writes a row in units of white, in the given layout. The quotients are those of Float64, so that 8 bits and the same picture
 * stored as 16 come out as the same numbers.
 */
export function unitRow(picture: InterleavedPicture, y: number, layout: Layout, out: Float64Array): Float64Array {
  const { samples, width, stride, channels, alphaAt, white } = picture;
  const step = layout.channels + (layout.alpha ? 1 : 0);
  const start = y * width * stride;
  for (let c = 0; c < layout.channels; c++) {
    let from = start + (channels === 1 ? 0 : c);
    for (let to = c; to < width * step; to += step, from += stride) out[to] = samples[from] / white;
  }
  if (layout.alpha) {
    let from = start + (alphaAt ?? 0);
    for (let to = layout.channels; to < width * step; to += step, from += stride) {
      out[to] = alphaAt === undefined ? 1 : samples[from] / white;
    }
  }
  return out;
}
