import { FileError } from '../../disk/fileError.ts';
import type { AdmittedPicture } from '../../planes/picture.ts';
import { FORMATS } from '../formats.ts';
import { readSamples, type SampleOptions } from './readSamples.ts';

/**
 * What is known of a picture file before it is decoded.
 *
 * @returns nothing where it cannot be read
 */
export async function admittedPicture(
  bytes: Uint8Array,
  options: Omit<SampleOptions, 'admit'>,
): Promise<AdmittedPicture | undefined> {
  if (FORMATS.png.is(bytes) && bytes.length > PNG_HEAD) return ofPng(bytes);
  let found: AdmittedPicture | undefined;
  const admit = async (_: number, picture: AdmittedPicture): Promise<void> => {
    found = picture;
    throw new FileError('too-large', 'Nothing is to be decoded');
  };
  await readSamples(bytes, { ...options, admit }).catch(() => undefined);
  return found;
}

/** Bytes of the signature and of the header, which comes first. */
const PNG_HEAD = 33;

/** As its header says: in a fraction of the time. */
function ofPng(bytes: Uint8Array): AdmittedPicture {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const [bits, colours, , , interlaced] = bytes.subarray(24, 29);
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  const hasAlpha = colours >= 4;
  const channels = colours === 0 || colours === 4 ? 1 : 3;
  const depth = bits === 16 ? 16 : 8;
  // A palette may hold transparency.
  const stride = colours === 3 ? 4 : (channels === 1 && hasAlpha && depth === 8 ? 3 : channels) + Number(hasAlpha);
  const decoding = interlaced === 0 ? 0 : (width * height * stride * depth) / 8;
  return { width, height, channels, stride, depth, hasAlpha, decoding };
}
