import { type ExpectationError, expectChoice, expected } from '../planes/expected.ts';
import { expectOptions, optionNames } from '../planes/expectOptions.ts';
import { type Background, backgroundOf, flatten } from '../planes/flatten.ts';
import { type Picture, pictureFrom, type StoredPicture } from '../planes/picture.ts';
import type { Planes } from '../planes/planes.ts';
import { SAMPLE_OPTIONS, type SampleOptions, readSamples } from './decode/readSamples.ts';

export const ALPHA_POLICIES = ['keep', 'drop', 'flatten'] as const;

/** What becomes of transparency: planes of its own, nothing, or the picture laid over a background. */
export type AlphaPolicy = (typeof ALPHA_POLICIES)[number];

export interface ReadOptions extends SampleOptions {
  /** `keep` by default. */
  alpha?: AlphaPolicy;
  /** What `flatten` lays the picture over, in units of white; white by default. */
  background?: Background;
  /** Decode the sRGB curve: samples in proportion to light, from 0 to the same white, no longer whole numbers. */
  linear?: boolean;
}

export const READ_OPTIONS: readonly string[] = [
  ...SAMPLE_OPTIONS,
  ...optionNames<Omit<ReadOptions, keyof SampleOptions>>({ alpha: true, background: true, linear: true }),
];

/**
 * Reads a PNG, JPEG, WebP, TIFF, AVIF, GIF or .npy picture; which of them is told by its first bytes, not by its name.
 *
 * Samples are the file's own integers, exactly: white is 255 for 8 bits, 65535 for 16, 1 for Float32 (TIFF, .npy). They stay as they are stored
 * (`stored`) until planes are asked for; laid over a background, a picture is planes alone. Grey stays one
 * channel, colour is three, alpha stands apart. The picture is turned upright as its EXIF orientation says. An ICC profile of
 * grey or RGB samples is handed on and not applied; CMYK becomes 8-bit RGB through its own. Of several pages or frames the
 * first is read, or the one that `page` asks for. A palette is replaced by the colours it stands for: three channels, even where all of them are grey, but
 * one in GIF and TIFF files whose palette is grey throughout. Grey of 1, 2 and 4 bits is stretched to 0…255; AVIF of 10 and 12 bits is
 * shifted up to 16, with white at 65472 and 65520.
 *
 * @param source a path, or the file's bytes
 * @throws FileError where the file cannot be read or is no picture: its `code` says why; ExpectationError where an option is out of range
 */
export async function readImage(source: string | Uint8Array, options: ReadOptions = {}): Promise<Picture> {
  expectOptions(options, READ_OPTIONS, 'readImage');
  const alpha = expectChoice(options.alpha ?? 'keep', 'alpha', ALPHA_POLICIES);
  const { background = 1, linear = false } = options;
  if (options.background !== undefined && alpha !== 'flatten') throw backgroundUnused(options.background);
  const stored = await readSamples(source, options);
  return pictureOf(stored, { alpha, background, linear });
}

/** What is said of a background that nothing is laid over. */
export function backgroundUnused(background: Background): ExpectationError {
  return expected('no background without alpha flatten', 'background', background);
}

/** The picture of stored samples: they stay with it, unless others are asked for. */
export function pictureOf(
  stored: StoredPicture,
  { alpha, background, linear }: { alpha: AlphaPolicy; background: Background; linear: boolean },
): Picture {
  const { depth, lossy, metadata, alphaAt, ...colours } = stored;
  backgroundOf(background, stored.channels);
  const facts = { lossy, metadata: linear ? { ...metadata, linear: true } : metadata };
  if (alphaAt === undefined || alpha === 'drop') return pictureFrom(colours, facts);
  const picture = pictureFrom({ ...colours, alphaAt }, facts);
  if (alpha === 'keep') return picture;
  const planes = flatten(picture.planes, picture.alpha as Planes, background, depth !== 32 && !linear);
  return { planes, depth, ...facts };
}
