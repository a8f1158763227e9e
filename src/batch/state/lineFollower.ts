import { constants } from 'node:fs';
import { openPatiently } from '../../disk/openFile.ts';

/** What is read at once, in bytes, unless a line is longer. */
const CHUNK = 2 ** 18;

/** A longer line is none of ours, in bytes: it is passed over. */
const LONGEST = 2 ** 24;

const NEWLINE = 0x0a;

/** Reads a file to which lines are added. */
export interface LineFollower {
  /** The next lines that are whole, without their ends; none where there are no more yet. A line that is too long is passed over. */
  next(): Promise<readonly string[]>;
}

/**
 * Follows a file's lines from a byte on, however long the file is: no more of it is held than what is read at once.
 *
 * @throws the file system's error where it cannot be read; a link is not followed
 */
export function followLines(path: string, from = 0): LineFollower {
  let at = from;
  return {
    async next() {
      const { O_RDONLY, O_NONBLOCK = 0, O_NOFOLLOW = 0 } = constants;
      const handle = await openPatiently(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
      try {
        for (let size = CHUNK; ; size *= 4) {
          const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(size), 0, size, at);
          const end = buffer.subarray(0, bytesRead).lastIndexOf(NEWLINE);
          if (end >= 0) {
            at += end + 1;
            return buffer.subarray(0, end).toString('utf8').split('\n');
          }
          if (bytesRead < size) return [];
          if (size >= LONGEST) {
            at += bytesRead;
            return [''];
          }
        }
      } finally {
        await handle.close();
      }
    },
  };
}
