import type { FileHandle } from 'node:fs/promises';

/** What is read at once, in bytes. */
const CHUNK = 2 ** 18;

const NEWLINE = 0x0a;

/**
 * Reads a file's lines one after the other, without their ends. A line of more than `longest` bytes is not kept but told as
 * `undefined`: a crash of the machine may leave hundreds of megabytes of zeros.
 *
 * @throws the file system's error where it cannot be read
 */
export async function readLines(
  handle: FileHandle,
  longest: number,
  onLine: (text: string | undefined) => void,
): Promise<void> {
  const chunk = Buffer.allocUnsafe(CHUNK);
  let pieces: Buffer[] = [];
  let length = 0;
  const add = (piece: Buffer): void => {
    length += piece.length;
    if (length > longest) pieces = [];
    else pieces.push(Buffer.from(piece));
  };
  const end = (): void => {
    onLine(length > longest ? undefined : Buffer.concat(pieces, length).toString('utf8'));
    pieces = [];
    length = 0;
  };
  for (let at = 0; ;) {
    const { bytesRead } = await handle.read(chunk, 0, CHUNK, at);
    if (bytesRead === 0) break;
    at += bytesRead;
    const bytes = chunk.subarray(0, bytesRead);
    let from = 0;
    for (let to = bytes.indexOf(NEWLINE); to >= 0; to = bytes.indexOf(NEWLINE, from)) {
      add(bytes.subarray(from, to));
      end();
      from = to + 1;
    }
    if (from < bytesRead) add(bytes.subarray(from));
  }
  if (length > 0) end();
}
