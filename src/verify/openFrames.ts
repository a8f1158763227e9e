import { readBytes } from '../disk/readBytes.ts';
import type { FrameOptions } from '../files/decode/apngPictures.ts';
import { readFrames } from '../files/decode/readFrames.ts';
import { LIMIT_BYTES, type ReadLimits } from '../files/limits.ts';
import { inflatePng, type PngLines, unfilteredSamples } from '../files/png/inflatePng.ts';
import type { InterleavedPicture, StoredPicture } from '../planes/picture.ts';
import { isUint8Array } from '../planes/typedArrays.ts';
import { type ImageSource, openImage } from './openImage.ts';

/** The pages or frames of what can be compared. */
export interface Frames {
  readonly count: number;
  /** What they are called. */
  readonly unit: 'frame' | 'page';
  readonly first: InterleavedPicture;
  /** Those behind the first, each decoded when it is asked for. */
  readonly rest: AsyncGenerator<InterleavedPicture>;
}

/** {@link openImage} with all pages or frames, where the source is a file. */
export async function openFrames(source: ImageSource, where: string, limits: ReadLimits): Promise<Frames> {
  if (typeof source === 'string') {
    return framesOf(await readBytes(source, 'a picture', LIMIT_BYTES), { path: source, ...limits });
  }
  if (isUint8Array(source)) return framesOf(source, limits);
  return { count: 1, unit: 'frame', first: await openImage(source, where, limits), rest: none() };
}

/**
 * The pages or frames of a file's bytes.
 *
 * @throws FileError where the first cannot be read
 */
export async function framesOf(bytes: Uint8Array, options: FrameOptions): Promise<Frames> {
  return framesOfLines(await inflatePng(bytes, options.limitPixels), bytes, options);
}

/** {@link framesOf} where the rows of a plain PNG are known already, or that it is none. */
export async function framesOfLines(
  lines: PngLines | undefined,
  bytes: Uint8Array,
  options: FrameOptions,
): Promise<Frames> {
  const plain = lines && plainFrames(lines);
  if (plain) return plain;
  const rest = readFrames(bytes, options);
  const { value } = await rest.next();
  const first: StoredPicture = value;
  const { pages = 1, format } = first.metadata;
  return { count: pages, unit: format === 'tiff' ? 'page' : 'frame', first, rest };
}

/** The one picture that a plain PNG's rows are, where they are not filtered. */
export function plainFrames(lines: PngLines): Frames | undefined {
  const first = unfilteredSamples(lines);
  return first && { count: 1, unit: 'frame', first, rest: none() };
}

/** Decodes every page or frame of a file, for nothing but whether it can be. */
export async function expectReadable(bytes: Uint8Array, options: FrameOptions): Promise<void> {
  // As good a proof, in half of the time.
  if (await inflatePng(bytes, options.limitPixels)) return;
  for await (const _ of readFrames(bytes, options));
}

async function* none(): AsyncGenerator<never> {}
