import sharp, { type Sharp } from 'sharp';
import { FileError } from '../../disk/fileError.ts';
import { expected } from '../../planes/expected.ts';
import { inThisRealm, isUint8Array } from '../../planes/typedArrays.ts';
import { IMAGE_FORMATS, type ImageFormat } from '../formats.ts';
import { insertMetadata, type InsertedMetadata } from '../metadata/insertMetadata.ts';
import { profileFits } from '../metadata/keptMetadata.ts';
import { encodePng, type PngPicture } from '../png/encodePng.ts';
import { sharpReason } from '../sharpReason.ts';
import { tiffContainer } from './tiffContainer.ts';

/** Samples to be encoded, pixel after pixel; what is said of them, where the format holds it. */
type SamplesToEncode = PngPicture & InsertedMetadata;

interface CodeOptions {
  readonly format: Exclude<ImageFormat, 'npy'>;
  /** 1 to 100, for formats that lose something. */
  readonly quality?: number | undefined;
  readonly lossless?: boolean | undefined;
  /** Of PNG: zlib's level 0 to 9, the filters chosen row by row. */
  readonly compression?: number | undefined;
}

/**
 * A picture file's bytes from stored samples. PNG, TIFF and whatever is lossless hold exactly these samples.
 *
 * @throws ExpectationError where a side is too long for the format; FileError where encoding fails
 */
export async function encodeSamples(picture: SamplesToEncode, options: CodeOptions): Promise<Uint8Array> {
  const { largestSide, name } = IMAGE_FORMATS[options.format];
  if (Math.max(picture.height, picture.width) > largestSide) {
    throw expected(
      `at most ${largestSide}×${largestSide} pixels`,
      `a ${name} picture`,
      `${picture.width}×${picture.height}`,
    );
  }
  try {
    const isOurs = options.format === 'png' && options.compression === undefined;
    const bytes = isOurs ? await encodePng(picture) : await codedBySharp(picture, options);
    return withMetadata(bytes, picture, options.format, isOurs);
  } catch (cause) {
    throw new FileError('unwritable', `Expected to encode a ${name} picture but failed: ${sharpReason(cause)}`, {
      cause,
    });
  }
}

async function codedBySharp(picture: SamplesToEncode, options: CodeOptions): Promise<Uint8Array> {
  const pipeline = withCode(await pipelineOf(picture, options.format), picture, options);
  const { buffer, byteOffset, byteLength } = await pipeline.toBuffer();
  return new Uint8Array(buffer, byteOffset, byteLength);
}

const OF_CONTAINERS = { limitInputPixels: false, failOn: 'none' } as const;

async function pipelineOf(picture: SamplesToEncode, format: ImageFormat): Promise<Sharp> {
  const { icc, exif } = picture;
  const fits = icc !== undefined && profileFits(icc, picture.stride, format);
  if (exif !== undefined && format === 'avif') {
    // Its boxes name what else is in the file by places, which libheif writes.
    const png = await encodePng({ ...picture, icc: fits ? icc : undefined });
    const pipeline = sharp(insertMetadata(png, 'png', { exif }, {}), OF_CONTAINERS);
    return (fits ? pipeline.keepIccProfile() : pipeline).toColourspace(spaceOf(picture)).keepExif();
  }
  if (!fits) return rawPipeline(picture);
  return sharp(tiffContainer({ ...picture, icc }), OF_CONTAINERS)
    .toColourspace(spaceOf(picture))
    .keepIccProfile();
}

/** EXIF and XMP where the coder has not written them. */
function withMetadata(bytes: Uint8Array, picture: SamplesToEncode, format: ImageFormat, isOurs: boolean): Uint8Array {
  if (format !== 'png' && format !== 'jpg' && format !== 'webp') return bytes;
  const { width, height, stride, exif, xmp } = picture;
  const density = isOurs || exif === undefined ? undefined : picture.density;
  return insertMetadata(bytes, format, { exif, xmp }, { width, height, hasAlpha: stride % 2 === 0, density });
}

/** A sharp pipeline of samples that keeps their number of channels and their depth. */
export function rawPipeline(picture: Pick<SamplesToEncode, 'samples' | 'height' | 'width' | 'stride'>): Sharp {
  const { samples, height, width, stride } = picture;
  const raw = { height, width, channels: stride as 1 | 2 | 3 | 4 };
  return sharp(inThisRealm(samples), { raw, limitInputPixels: false }).toColourspace(spaceOf(picture));
}

/** The name of the samples' own space; under sharp's default, sRGB, grey would become three channels and 16 bits 8. */
function spaceOf({ samples, stride }: Pick<SamplesToEncode, 'samples' | 'stride'>): string {
  if (isUint8Array(samples)) return stride < 3 ? 'b-w' : 'srgb';
  return stride < 3 ? 'grey16' : 'rgb16';
}

/** The pipeline with the format's encoder set. */
function withCode(pipeline: Sharp, picture: SamplesToEncode, options: CodeOptions): Sharp {
  const { samples, exif, xmp } = picture;
  const { format, quality, lossless = false, compression } = options;
  const { encode, ...facts } = IMAGE_FORMATS[format];
  if (encode === undefined) throw new TypeError(`${facts.name} is not encoded by sharp`);
  // sharp writes a density as EXIF of its own, and a file has one of them.
  const density = exif === undefined ? picture.density : undefined;
  const settings = { quality: quality ?? facts.quality ?? 100, lossless, compression, density };
  const coded = encode(pipeline, { ...settings, bytes: samples.byteLength });
  return xmp !== undefined && (format === 'avif' || format === 'tif') ? coded.withXmp(xmp) : coded;
}
