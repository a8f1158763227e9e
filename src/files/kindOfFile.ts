import { close, constants, open, read } from 'node:fs';
import { promisify } from 'node:util';
import { describeBytes, sniff } from './decode/sniff.ts';
import type { SourceFormat } from './formats.ts';

/** What a file is: a picture that is read, or something else, in words (`BMP`, `text`). */
export type FileKind =
  | { readonly format: SourceFormat; readonly what?: undefined }
  | { readonly format?: undefined; readonly what: string };

/** As many of a file's first bytes as tell what it is: SVG begins with any amount of comments. */
export const HEAD_BYTES = 4096;

// A third of the time that a FileHandle takes.
const [openFile, readFile, closeFile] = [promisify(open), promisify(read), promisify(close)];

/**
 * What a regular file is, by its first bytes, whatever its name says.
 *
 * @returns also how many bytes were read to tell it, at most {@link HEAD_BYTES}
 * @throws the file system's error where it cannot be opened or read
 */
export async function kindOfFile(path: string): Promise<FileKind & { readonly bytes: number }> {
  // Should the file have become a pipe in the meantime, this does not wait for a writer.
  const file = await openFile(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const { bytesRead: bytes, buffer } = await readFile(file, new Uint8Array(HEAD_BYTES), 0, HEAD_BYTES, 0);
    if (bytes === 0) return { what: 'an empty file', bytes };
    const head = buffer.subarray(0, bytes);
    const format = sniff(head);
    return format === undefined ? { what: describeBytes(head).what, bytes } : { format, bytes };
  } finally {
    await closeFile(file);
  }
}

/** Names that are told of each kind. */
const MOST_NAMES = 3;

/**
 * What was left out of a folder, as one line: by kind, how many, and the first names.
 *
 * @param kinds the names, ready to be shown, of the files of each kind
 */
export function describeLeftOut(folder: string, kinds: ReadonlyMap<string, readonly string[]>): string {
  const number = [...kinds.values()].reduce((sum, { length }) => sum + length, 0);
  const listed = [...kinds].map(([kind, names]) => {
    const some = names.toSorted().slice(0, MOST_NAMES).join(', ');
    const count = names.length === 1 ? '' : `${names.length}: `;
    return `${kind} (${count}${some}${names.length > MOST_NAMES ? ', …' : ''})`;
  });
  return `left out ${number} file${number === 1 ? '' : 's'} of ${folder}: ${listed.sort().join('; ')}`;
}
