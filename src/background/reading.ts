import { SAMPLE_OPTIONS, type SampleOptions } from '../files/decode/readSamples.ts';
import { expected } from '../planes/expected.ts';
import { type Picture, storedOf } from '../planes/picture.ts';
import { isUint8Array } from '../planes/typedArrays.ts';

/** How a file is read. */
export type ReadingOptions = Omit<SampleOptions, 'admit'>;

export const READING_OPTIONS: readonly string[] = SAMPLE_OPTIONS.filter((name) => name !== 'admit');

/**
 * Options of reading, and the others.
 *
 * @throws ExpectationError for options of reading where no file is read, and for a source that is neither a file nor a picture that holds its samples
 */
export function readingOf<Options extends ReadingOptions>(
  source: unknown,
  options: Options,
  where: string,
): { reading: ReadingOptions; others: Omit<Options, keyof ReadingOptions> } {
  const isFile = typeof source === 'string' || isUint8Array(source);
  if (!isFile && (typeof source !== 'object' || source === null || storedOf(source as Picture) === undefined)) {
    throw expected(
      "a picture that holds its samples (readImage, pictureFrom), a path, or a file's bytes",
      where,
      source,
    );
  }
  const reading: Record<string, unknown> = {};
  const others: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    const isOfReading = READING_OPTIONS.includes(name);
    if (isOfReading && !isFile) throw expected(`no ${name} for samples that are not read from a file`, where, value);
    (isOfReading ? reading : others)[name] = value;
  }
  return { reading, others: others as Omit<Options, keyof ReadingOptions> };
}
