import { createHash } from 'node:crypto';
import { basename, dirname, extname, join } from 'node:path';
import { readBytes } from '../../disk/readBytes.ts';
import { showPath } from '../../disk/showPath.ts';
import { writeFileSafely } from '../../disk/writeFileSafely.ts';
import { ExpectationError } from '../../planes/expected.ts';
import { isPathOfFile } from '../shared/kernelArgument.ts';

/** In a run's folder: copies of the files that its options name, called by their contents. */
const READS = 'reads';
const NAME = /^([0-9a-f]{64})(\.\w{1,8})?$/;

/** No such file is larger, in bytes. */
const LARGEST = 2 ** 31 - 1;

/**
 * Puts a copy of every file that a command was told to read beside the run's plan: workers need not see where it was.
 *
 * @param reads paths, or words that may be paths
 * @returns by its word, where its copy lies, from `base` on
 */
export async function copyReads(
  reads: readonly string[],
  runFolder: string,
  base: string,
): Promise<Map<string, string>> {
  const copies = new Map<string, string>();
  for (const word of reads) {
    const isFile = await isPathOfFile(word);
    if (!isFile || copies.has(word)) continue;
    const bytes = await readBytes(word, 'a file', LARGEST);
    const extension = /^\.\w{1,8}$/.exec(extname(word))?.[0] ?? '';
    const name = `${createHash('sha256').update(bytes).digest('hex')}${extension}`;
    await writeFileSafely(join(runFolder, READS, name), bytes, { overwrite: true });
    copies.set(word, `${base}/${READS}/${name}`);
  }
  return copies;
}

/**
 * Refuses options that would read anything but such copies, as they were.
 *
 * @param options as they are typed, `--kernel=gaussian:1.4`
 * @param runFolder as the options name it
 * @param reading the options that may name files
 * @throws ExpectationError where one would
 */
export async function expectCopies(
  options: readonly string[],
  runFolder: string,
  reading: readonly string[],
): Promise<void> {
  const words = options
    .filter((option) => reading.includes(option.slice(2).split('=')[0]))
    .map((option) => option.slice(option.indexOf('=') + 1));
  for (const word of new Set(words)) {
    const isFile = await isPathOfFile(word);
    if (!isFile) continue;
    const hash = dirname(word) === join(runFolder, READS) ? NAME.exec(basename(word))?.[1] : undefined;
    if (hash === undefined) {
      throw new ExpectationError(
        `Expected a file of the run's own for a worker to read but received ${showPath(word)}`,
      );
    }
    const bytes = await readBytes(word, 'a file', LARGEST);
    if (createHash('sha256').update(bytes).digest('hex') !== hash) {
      throw new ExpectationError(`Expected a file as it was queued but found another at ${showPath(word)}`);
    }
  }
}
