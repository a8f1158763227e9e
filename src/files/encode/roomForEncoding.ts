import { type PictureShape, samplesBytes } from '../../planes/picture.ts';
import { IMAGE_FORMATS, type ImageFormat } from '../formats.ts';

/** About the bytes that encoding stored samples takes beside them, the file among them. */
export function roomForEncoding(picture: Omit<PictureShape, 'hasAlpha' | 'channels'>, format: ImageFormat): number {
  const [aByte, aPixel] = IMAGE_FORMATS[format].encoding;
  return aByte * samplesBytes(picture) + aPixel * picture.height * picture.width;
}
