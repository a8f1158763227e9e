import { IMAGE_FORMATS, type ImageFormat } from './imageFormats.ts';

const OTHER_EXTENSIONS: Readonly<Record<string, ImageFormat>> = { jpeg: 'jpg', jpe: 'jpg', tiff: 'tif' };

/** The format that a path's extension asks for, in capitals or not; none where it has no extension of a picture that is written. */
export function formatOfPath(path: string): ImageFormat | undefined {
  const extension = /[^/\\]\.([a-z]+)$/i.exec(path)?.[1].toLowerCase() ?? '';
  if (Object.hasOwn(IMAGE_FORMATS, extension)) return extension as ImageFormat;
  return Object.hasOwn(OTHER_EXTENSIONS, extension) ? OTHER_EXTENSIONS[extension] : undefined;
}
