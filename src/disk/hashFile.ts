import { createHash } from 'node:crypto';
import { openFile } from './openFile.ts';
import { readingFailed } from './systemError.ts';

/** What is read at once, in bytes. */
const PIECE = 2 ** 20;

/**
 * SHA-256 of a regular file, in hexadecimal.
 *
 * @param what the file should hold, for messages
 * @throws FileError where it cannot be read
 */
export async function hashFile(path: string, what: string): Promise<string> {
  const { handle } = await openFile(path, what);
  try {
    const hash = createHash('sha256');
    const piece = Buffer.allocUnsafe(PIECE);
    for (let at = 0; ;) {
      const { bytesRead } = await handle.read(piece, 0, PIECE, at);
      if (bytesRead === 0) return hash.digest('hex');
      hash.update(piece.subarray(0, bytesRead));
      at += bytesRead;
    }
  } catch (error) {
    throw readingFailed(error, what, path);
  } finally {
    await handle.close();
  }
}
