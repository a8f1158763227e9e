import { ExpectationError, expectChoice, expected, expectInteger } from '../../planes/expected.ts';
import { expectOptions, optionNames } from '../../planes/expectOptions.ts';
import { type Background, backgroundOf, flatten } from '../../planes/flatten.ts';
import { formatNpy } from '../../planes/npy.ts';
import {
  expectPicture,
  type InterleavedPicture,
  isLinear,
  metadataOf,
  type Picture,
  type PictureMetadata,
  planesOf,
  storedOf,
} from '../../planes/picture.ts';
import { expectPlanes, type Planes, shapeOf, toUnit, whiteOf } from '../../planes/planes.ts';
import { type Depth, type Rounding, ROUNDINGS, toInterleaved, whiteOfDepth } from '../../planes/samples.ts';
import { isFloat32Array } from '../../planes/typedArrays.ts';
import { type FormatFacts, IMAGE_FORMATS, type ImageFormat, WRITTEN_FORMATS } from '../formats.ts';
import { keptMetadata, METADATA_POLICIES, type MetadataPolicy } from '../metadata/keptMetadata.ts';
import { ALPHA_POLICIES, type AlphaPolicy, backgroundUnused } from '../readImage.ts';
import { encodeSamples } from './encodeSamples.ts';
import { openTiffPages } from './tiffPages.ts';

export type { ImageFormat } from '../formats.ts';

export interface EncodeOptions {
  format: ImageFormat;
  /**
   * Bits of a stored sample; 16 for PNG and TIFF alone. By default: the picture's own (16 where that is 32), for planes 16
   * where white is 65535, else 8; always 8 where the format holds no more. 32, of TIFF alone, are floats as in .npy: unrounded, of any
   * sign, in units of white.
   */
  depth?: Depth;
  /** From numbers to samples: `nearest` (the default; ties to even) or `truncate`. */
  rounding?: Rounding;
  /** 1 to 100, of JPEG, WebP and AVIF; 90, 90 and 60 by default. Below 90, chroma is stored at half the size (4:2:0). */
  quality?: number;
  /** WebP and AVIF without any loss. */
  lossless?: boolean;
  /**
   * Of PNG, 0 to 9: zlib's level, with filters chosen row by row. By default, one filter and run lengths: about as small as
   * level 6 for photographs and edge maps in a thirteenth of its time, larger for drawings of flat colours.
   */
  compression?: number;
  /** `keep` by default: an error for JPEG and .npy, which hold none, unless all of the picture is opaque. */
  alpha?: AlphaPolicy;
  /** What `flatten` lays the picture over, in units of white; white by default. */
  background?: Background;
  /**
   * What of a picture's metadata goes into the file: `none`; `icc` (the default), the profile and the density; `all`, EXIF with its
   * places and XMP too, corrected where they would not be true of it: it stands upright, has its own size, and no thumbnail of another. TIFF
   * is written without EXIF, and .npy holds nothing.
   */
  metadata?: MetadataPolicy;
}

export const ENCODE_OPTIONS: readonly string[] = optionNames<EncodeOptions>({
  format: true,
  depth: true,
  rounding: true,
  quality: true,
  lossless: true,
  compression: true,
  alpha: true,
  background: true,
  metadata: true,
});

/**
 * The bytes of a picture file. Samples are scaled from the planes' white to the depth's, rounded, and clamped to [0, white];
 * what is not a number becomes 0. In `.npy` the numbers are written unrounded
 * and signed, in units of white, Float32, H×W or C×H×W, with any number of channels.
 *
 * An 8- or 16-bit picture that was read and not touched comes back sample for sample from PNG, TIFF and lossless WebP and AVIF.
 * A picture's ICC profile goes with its samples and does not change them, where it is one for as many channels (grey WebP and AVIF
 * have none); its density goes into PNG, JPEG and TIFF. EXIF and XMP are written where `metadata` is `all`.
 *
 * @param x a picture, or planes of one (grey) or three channels
 * @throws ExpectationError where channels, depth or an option do not fit the format; FileError where encoding fails
 */
export async function encodeImage(x: Picture | Planes, options: EncodeOptions): Promise<Uint8Array> {
  expectOptions(options, ENCODE_OPTIONS, 'encodeImage');
  const format = expectChoice(options.format, 'format', WRITTEN_FORMATS);
  const facts = IMAGE_FORMATS[format];
  expectPicture(x, 'the picture');
  expectFitting(options, facts);
  if (format === 'npy') {
    const { channels, height, width, data } = toUnit(layersOf(x, options, facts)[0]);
    return formatNpy(data, channels === 1 ? [height, width] : [channels, height, width]);
  }
  const { alpha: _, background: __, ...others } = options;
  return encodeStored(samplesToStore(x, options, facts), metadataOf(x), { ...others, format });
}

/**
 * A picture's samples as a format stores them, with their alpha where it holds any.
 *
 * @throws ExpectationError where channels, depth or an option do not fit the format
 */
export function samplesToStore(
  x: Picture | Planes,
  options: Omit<EncodeOptions, 'format'>,
  facts: FormatFacts,
): Pick<InterleavedPicture, 'samples' | 'height' | 'width' | 'stride'> {
  const own = ownSamples(x, options, facts);
  if (own !== undefined) return own;
  const [colour, ...alpha] = layersOf(x, options, facts);
  if (colour.channels !== 1 && colour.channels !== 3) {
    throw expected('planes of 1 or 3 channels', `a ${facts.name} picture`, shapeOf(colour));
  }
  const { height, width } = colour;
  const layers = [colour, ...alpha];
  const samples =
    options.depth === 32
      ? interleavedFloats(layers)
      : toInterleaved(layers, depthFor(x, options.depth, facts), options.rounding);
  return { samples, height, width, stride: colour.channels + alpha.length };
}

/** The samples that a picture holds, where they are what its planes would become. */
function ownSamples(
  x: Picture | Planes,
  { depth, alpha, background }: Omit<EncodeOptions, 'format'>,
  facts: FormatFacts,
): InterleavedPicture | undefined {
  const stored = storedOf(x);
  if (stored === undefined || isLinear(x) || depth === 32 || alpha !== undefined || background !== undefined)
    return undefined;
  const { samples, stride, channels, alphaAt, white } = stored;
  if ((channels !== 1 && channels !== 3) || (alphaAt !== undefined && (alphaAt !== channels || !facts.alpha)))
    return undefined;
  const wanted = depthFor(x, depth, facts);
  const isOfDepth = samples.BYTES_PER_ELEMENT * 8 === wanted && white === whiteOfDepth(wanted);
  return isOfDepth && stride === channels + Number(alphaAt !== undefined) ? stored : undefined;
}

/** In units of white. */
function interleavedFloats(layers: readonly Planes[]): Float32Array {
  const planes = layers.map(toUnit).flatMap(({ data, channels, height, width }) => {
    const size = height * width;
    return Array.from({ length: channels }, (_, c) => data.subarray(c * size, (c + 1) * size));
  });
  const samples = new Float32Array(planes.length * planes[0].length);
  planes.forEach((plane, c) => {
    for (let i = 0; i < plane.length; i++) samples[i * planes.length + c] = plane[i];
  });
  return samples;
}

const OPTIONS_OF_STORED = ENCODE_OPTIONS.filter((name) => name !== 'alpha' && name !== 'background');

/**
 * The bytes of a picture file from stored samples as they are; floats for TIFF alone.
 *
 * @param metadata of the picture, of which `options.metadata` says what goes into the file
 * @throws as {@link encodeImage} does
 */
export async function encodeStored(
  picture: Pick<InterleavedPicture, 'samples' | 'height' | 'width' | 'stride'>,
  metadata: PictureMetadata,
  options: Omit<EncodeOptions, 'alpha' | 'background' | 'format'> & { readonly format: Exclude<ImageFormat, 'npy'> },
): Promise<Uint8Array> {
  expectOptions(options, OPTIONS_OF_STORED, 'encodeStored');
  const { format, quality, lossless, compression, metadata: policy = 'icc' } = options;
  expectFitting(options, IMAGE_FORMATS[format]);
  const { samples, height, width, stride } = picture;
  if (isFloat32Array(samples) && format !== 'tif')
    throw expected('8- or 16-bit samples', `a ${IMAGE_FORMATS[format].name} picture`, samples);
  if (options.depth === 32 && !isFloat32Array(samples)) throw expected('floats', 'depth 32 of stored samples', samples);
  const { icc, density, exif, xmp } = keptMetadata(metadata, policy, format, picture);
  if (isFloat32Array(samples)) {
    const pages = openTiffPages();
    await pages.add({ samples, height, width, stride, icc, density, xmp });
    return pages.end();
  }
  return encodeSamples(
    { samples, height, width, stride, icc, density, exif, xmp },
    { format, quality, lossless, compression },
  );
}

/**
 * Refuses options that the format has no use for, rather than to pass over them.
 *
 * @throws ExpectationError
 */
export function expectFitting(options: Omit<EncodeOptions, 'format'>, facts: FormatFacts): void {
  const { depth, rounding, quality, lossless, compression, metadata } = options;
  const where = `a ${facts.name} picture`;
  if (depth !== undefined && !facts.depths.includes(depth)) {
    throw expected(facts.depths.length === 0 ? 'no depth' : `depth ${facts.depths.join(' or ')}`, where, depth);
  }
  if (rounding !== undefined) {
    expectChoice(rounding, 'rounding', ROUNDINGS);
    if (facts.depths.length === 0) throw expected('no rounding', where, rounding);
    if (depth === 32) throw expected('no rounding', `${where} of floats`, rounding);
  }
  if (quality !== undefined) {
    expectInteger(quality, 'quality', 1, 100);
    if (facts.quality === undefined || lossless) {
      throw expected('no quality', `a ${facts.quality === undefined ? '' : 'lossless '}${facts.name} picture`, quality);
    }
  }
  if (compression !== undefined) {
    if (!facts.compression) throw expected('no compression level', where, compression);
    expectInteger(compression, 'compression', 0, 9);
  }
  if (lossless !== undefined && !facts.lossless) throw expected('no choice of lossless', where, lossless);
  if (metadata !== undefined) {
    expectChoice(metadata, 'metadata', METADATA_POLICIES);
    if (facts.depths.length === 0) throw expected('no metadata', where, metadata);
  }
}

/** The colour planes, and alpha where it is to be stored. */
function layersOf(
  x: Picture | Planes,
  options: Omit<EncodeOptions, 'format'>,
  facts: FormatFacts,
): [Planes, ...Planes[]] {
  const policy = expectChoice(options.alpha ?? 'keep', 'alpha', ALPHA_POLICIES);
  const colour = planesOf(x);
  const alpha = 'planes' in x ? x.alpha : undefined;
  backgroundOf(options.background ?? 1, colour.channels);
  if (options.background !== undefined && policy !== 'flatten') throw backgroundUnused(options.background);
  if (alpha === undefined || policy === 'drop') return [colour];
  expectPlanes(alpha, 'alpha');
  if (policy === 'flatten') return [flatten(colour, alpha, options.background ?? 1, false)];
  if (facts.alpha) return [colour, alpha];
  if (alpha.data.every((sample) => sample >= whiteOf(alpha))) return [colour];
  throw new ExpectationError(
    `Expected alpha drop or flatten for a ${facts.name} picture, which holds no transparency, but received keep`,
  );
}

/** The depth to store at: as stated; else the picture's own; else by the planes' white. */
export function depthFor(
  x: Pick<Picture, 'depth'> | Planes,
  stated: 8 | 16 | undefined,
  { depths }: Pick<FormatFacts, 'depths'>,
): 8 | 16 {
  if (stated !== undefined) return stated;
  const { depth } = x as Partial<Picture>;
  const own = depth ?? (whiteOf(planesOf(x as Planes | Picture)) === 65535 ? 16 : 8);
  return own > 8 && depths.includes(16) ? 16 : 8;
}
