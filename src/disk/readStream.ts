import { FileError } from './fileError.ts';
import { tooManyBytes } from './readBytes.ts';
import { readingFailed } from './systemError.ts';

/** How much is looked at before the rest is read, in bytes. */
const HEAD = 4096;

/**
 * All bytes of a stream, such as standard input; once its first ones have shown that nothing can come of it, those alone.
 *
 * @param what the stream should hold, for messages: `a picture`
 * @param limitOf most bytes, by the first ones; 0 reads no further
 * @throws FileError where it cannot be read, or holds more
 */
export async function readStream(
  stream: AsyncIterable<Uint8Array>,
  what: string,
  name: string,
  limitOf: (head: Uint8Array) => number,
): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  let limit: number | undefined;
  try {
    for await (const piece of stream) {
      pieces.push(piece);
      length += piece.length;
      if (length < HEAD) continue;
      limit ??= limitOf(Buffer.concat(pieces, Math.min(length, HEAD)));
      if (limit === 0) break;
      if (length > limit) throw tooManyBytes(length, limit, name);
    }
  } catch (error) {
    throw error instanceof FileError ? error : readingFailed(error, what, name);
  }
  return Buffer.concat(pieces, length);
}
