import sharp, { type Sharp } from 'sharp';
import { PictureError } from '../../disk/fileError.ts';
import { expected } from '../../planes/expected.ts';
import { inThisRealm, isUint8Array } from '../../planes/typedArrays.ts';
import { IMAGE_FORMATS, type ImageFormat } from '../formats.ts';
import { profileSpace } from '../iccProfile.ts';
import { encodePng, type PngPicture } from '../png/encodePng.ts';
import { sharpReason } from '../sharpReason.ts';
import { tiffContainer } from './tiffContainer.ts';

/** Samples to be encoded, pixel after pixel; their profile and density where the format holds them. */
export type SamplesToEncode = PngPicture;

export interface CodeOptions {
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
 * @throws ExpectationError where a side is too long for the format; PictureError where encoding fails
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
    if (options.format === 'png' && options.compression === undefined) return await encodePng(picture);
    const { buffer, byteOffset, byteLength } = await withCode(pipelineOf(picture), picture, options).toBuffer();
    return new Uint8Array(buffer, byteOffset, byteLength);
  } catch (cause) {
    throw new PictureError('unwritable', `Expected to encode a ${name} picture but failed: ${sharpReason(cause)}`, {
      cause,
    });
  }
}

function pipelineOf(picture: SamplesToEncode): Sharp {
  if (fits(picture.icc, picture.stride)) {
    const container = tiffContainer({ ...picture, icc: picture.icc });
    const input = { limitInputPixels: false, failOn: 'none' } as const;
    return sharp(container, input).toColourspace(spaceOf(picture)).keepIccProfile();
  }
  return rawPipeline(picture);
}

/** A profile that says what samples of so many channels mean; WebP and AVIF make grey RGB, but then without one. */
function fits(icc: Uint8Array | undefined, stride: number): icc is Uint8Array {
  return icc !== undefined && profileSpace(icc) === (stride < 3 ? 'grey' : 'rgb');
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
function withCode(pipeline: Sharp, { samples, density }: SamplesToEncode, options: CodeOptions): Sharp {
  const { quality, lossless = false, compression } = options;
  const { encode, ...facts } = IMAGE_FORMATS[options.format];
  if (encode === undefined) throw new TypeError(`${facts.name} is not encoded by sharp`);
  const settings = { quality: quality ?? facts.quality ?? 100, lossless, compression, density };
  return encode(pipeline, { ...settings, bytes: samples.byteLength });
}
