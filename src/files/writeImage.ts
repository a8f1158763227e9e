import { nameOf } from '../disk/fileError.ts';
import { writeFileSafely } from '../disk/writeFileSafely.ts';
import { ExpectationError } from '../planes/expected.ts';
import { expectOptions } from '../planes/expectOptions.ts';
import type { Picture } from '../planes/picture.ts';
import type { Planes } from '../planes/planes.ts';
import { ENCODE_OPTIONS, type EncodeOptions, encodeImage, type ImageFormat } from './encode/encodeImage.ts';
import { formatOfPath, WRITTEN_FORMATS } from './formats.ts';

export interface WriteOptions extends Partial<EncodeOptions> {
  /** Replace a file that exists; false by default. */
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
 * @param options the format where the path's extension names none, and those of {@link encodeImage}
 * @throws FileError where the file exists already (without `overwrite`) or cannot be written;
 *   ExpectationError where picture, format and options do not fit
 */
export async function writeImage(path: string, x: Picture | Planes, options: WriteOptions = {}): Promise<WrittenImage> {
  expectOptions(options, ['overwrite', ...ENCODE_OPTIONS], 'writeImage');
  const { overwrite = false, ...encode } = options;
  const named = formatOfPath(path);
  const format = encode.format ?? named;
  if (format === undefined) {
    const extensions = WRITTEN_FORMATS.join(', .');
    throw new ExpectationError(
      `Expected a path that ends in .${extensions} (or a format) but received ${nameOf(path)}`,
    );
  }
  if (named !== undefined && named !== format) {
    throw new ExpectationError(
      `Expected a path that ends as ${format} does, or no format, but received format ${format} and ${nameOf(path)}`,
    );
  }
  const bytes = await encodeImage(x, { ...encode, format });
  await writeFileSafely(path, bytes, { overwrite });
  return { path, format, bytes: bytes.length };
}
