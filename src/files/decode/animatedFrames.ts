import sharp from 'sharp';
import type { StoredPicture } from '../../planes/picture.ts';
import { sourceFacts } from '../facts/sourceFacts.ts';
import { FORMATS } from '../formats.ts';
import type { FailOn } from '../limits.ts';
import { pickSamples } from './pickSamples.ts';
import { decodingFailed } from './refusals.ts';
import { beside, undisturbed } from './turns.ts';

/** Samples that are decoded at once, in bytes. */
const AT_ONCE = 2 ** 26;

/** libvips lays frames below one another, and takes no more rows than these. */
const MOST_ROWS = 10_000_000;

/**
 * The frames of a GIF or WebP animation behind its first. Each builds on those before it, so that the decoder begins anew for every
 * call: many are decoded at once (60 frames of 400×300 in 43 ms instead of 950).
 *
 * @param first the first frame, whose metadata says how many there are
 * @throws FileError where one cannot be decoded
 */
export async function* animatedFrames(
  bytes: Uint8Array,
  first: StoredPicture,
  { path, failOn }: { readonly path: string | undefined; readonly failOn: FailOn },
): AsyncGenerator<StoredPicture> {
  const { height, width, metadata } = first;
  const { pages = 1 } = metadata;
  const format = metadata.format === 'gif' ? 'gif' : 'webp';
  const { instead, isGrey } = sourceFacts(bytes, format, 1);
  const source = instead ?? { bytes, framesBefore: 0 };
  const frameBytes = 4 * height * width;
  const most = Math.max(1, Math.min(Math.floor(AT_ONCE / frameBytes), Math.floor(MOST_ROWS / height)));
  for (let page = 1; page < pages; page += most) {
    const count = Math.min(most, pages - page);
    const input = { failOn, page: page + source.framesBefore, pages: count };
    const samples = await beside(() => decode(source.bytes, input))
      .catch(() => undisturbed(() => decode(source.bytes, input)))
      .catch((cause: unknown) => {
        throw decodingFailed(cause, FORMATS[format].name, path);
      });
    const length = samples.length / count;
    const stride = length / (height * width);
    for (let i = 0; i < count; i++) {
      const frame = {
        samples: samples.subarray(i * length, (i + 1) * length),
        stride,
        ...(stride === 4 ? { alphaAt: 3 } : {}),
      };
      const channels = isGrey ? 1 : 3;
      yield { ...first, ...pickSamples(frame, channels), channels };
    }
  }
}

async function decode(
  bytes: Uint8Array,
  frames: { readonly failOn: FailOn; readonly page: number; readonly pages: number },
): Promise<Uint8Array> {
  // An RGB profile would be applied to the samples; the pixels are counted by the caller, frame by frame.
  const input = { ...frames, limitInputPixels: false, ignoreIcc: true } as const;
  return sharp(bytes, input).toColourspace('srgb').raw({ depth: 'uchar' }).toBuffer();
}
