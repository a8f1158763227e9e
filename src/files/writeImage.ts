import { nameOf } from '../disk/fileError.ts';
import { writeFileSafely } from '../disk/writeFileSafely.ts';
import { ExpectationError } from '../planes/expected.ts';
import { expectOptions } from '../planes/expectOptions.ts';
import type { Picture } from '../planes/picture.ts';
import type { Planes } from '../planes/planes.ts';
import { ENCODE_OPTIONS, type EncodeOptions, encodeImage, type ImageFormat } from './encode/encodeImage.ts';
import { formatOfPath, WRITTEN_FORMATS } from './formats.ts';

export interface WriteOptions extends Partial<EncodeOptions> {
  /** Replace a file that exists; false where left out. */
  overwrite?: boolean;
}

/** What was written. */
export interface WrittenImage {
  readonly path: string;
  readonly format: ImageFormat;
  /** Length of the file. */
  readonly bytes: number;
}

/**
 * Writes a picture file, whole or not at all: see {@link encodeImage} for what is stored, {@link writeFileSafely} for how.
 *
 * @param options the format where it is not the one that the path's extension names, and those of {@link encodeImage}
 * @throws PictureError where the file exists already (without `overwrite`) or cannot be written;
 *   ExpectationError where picture, format and options do not fit
 */
export async function writeImage(path: string, x: Picture | Planes, options: WriteOptions = {}): Promise<WrittenImage> {
  expectOptions(options, ['overwrite', ...ENCODE_OPTIONS], 'writeImage');
  const { overwrite = false, ...encode } = options;
  const format = encode.format ?? formatOfPath(path);
  if (format === undefined) {
    const extensions = WRITTEN_FORMATS.join(', .');
    throw new ExpectationError(
      `Expected a path that ends in .${extensions} (or a format) but received ${nameOf(path)}`,
    );
  }
  const bytes = await encodeImage(x, { ...encode, format });
  await writeFileSafely(path, bytes, { overwrite });
  return { path, format, bytes: bytes.length };
}
