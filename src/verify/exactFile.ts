import { encodeStored } from '../files/encode/encodeImage.ts';
import { expected } from '../planes/expected.ts';
import { formatNpy } from '../planes/npy.ts';
import type { InterleavedPicture } from '../planes/picture.ts';
import { isFloat32Array } from '../planes/typedArrays.ts';

/** A file that holds a picture exactly. */
export interface ExactFile {
  readonly extension: 'png' | 'npy';
  /** What reading the file will give. */
  readonly picture: InterleavedPicture;
  readonly bytes: () => Uint8Array | Promise<Uint8Array>;
}

/**
 * A PNG where one holds the samples exactly (whole numbers from 0 to a white of 255 or 65535), else Float32 in units of white.
 *
 * @throws ExpectationError for samples that are neither and have alpha, or other than one or three channels
 */
export function exactFile(picture: InterleavedPicture): ExactFile {
  const { samples, stride, channels, alphaAt } = picture;
  const whole = wholeSamples(picture);
  if (whole && stride === channels + (alphaAt === undefined ? 0 : 1) && (channels === 1 || channels === 3)) {
    const stored = { ...picture, samples: whole };
    return { extension: 'png', picture: stored, bytes: () => encodeStored(stored, {}, { format: 'png' }) };
  }
  if (alphaAt !== undefined || (channels !== 1 && channels !== 3) || stride !== channels) {
    throw expected(
      'grey or RGB (with alpha, only of whole samples from 0 to a white of 255 or 65535)',
      'a golden',
      `${channels} channels${alphaAt === undefined ? '' : ' and alpha'}`,
    );
  }
  const unit = Float32Array.from(samples, (sample) => sample / picture.white);
  const stored = { ...picture, samples: unit, white: 1 };
  return { extension: 'npy', picture: stored, bytes: () => npyOf(stored, unit) };
}

/** The samples as a PNG holds them, alpha last; nothing where it does not hold them. */
function wholeSamples({ samples, white }: InterleavedPicture): Uint8Array | Uint16Array | undefined {
  if (white !== 255 && white !== 65535) return undefined;
  if (!isFloat32Array(samples)) return samples;
  if (!samples.every((sample) => Number.isInteger(sample) && sample >= 0 && sample <= white)) return undefined;
  return white === 255 ? Uint8Array.from(samples) : Uint16Array.from(samples);
}

function npyOf({ height, width, channels }: InterleavedPicture, samples: Float32Array): Uint8Array {
  if (channels === 1) return formatNpy(samples, [height, width]);
  const size = height * width;
  const planar = new Float32Array(samples.length);
  for (let i = 0; i < samples.length; i++) planar[(i % channels) * size + Math.floor(i / channels)] = samples[i];
  return formatNpy(planar, [channels, height, width]);
}
