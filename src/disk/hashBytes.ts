import { createHash } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';

// What is hashed before other work has its turn: a few milliseconds.
const AT_ONCE = 2 ** 22;

/** SHA-256, in hexadecimal, of bytes or of pieces of them one after the other. */
export async function hashBytes(bytes: Uint8Array | readonly Uint8Array[]): Promise<string> {
  const hash = createHash('sha256');
  for (const piece of ArrayBuffer.isView(bytes) ? [bytes] : bytes) {
    for (let at = 0; at < piece.length; at += AT_ONCE) {
      if (at > 0) await turn();
      hash.update(piece.subarray(at, at + AT_ONCE));
    }
  }
  return hash.digest('hex');
}
