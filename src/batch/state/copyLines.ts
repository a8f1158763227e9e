import type { FileHandle } from 'node:fs/promises';

/** Of what is copied at once, in bytes. */
const PIECE = 2 ** 20;

const NEWLINE = 0x0a;

/** Adds what one journal says to another one, each on lines of its own. */
export async function copyLines(from: FileHandle, to: FileHandle): Promise<void> {
  const piece = Buffer.allocUnsafe(PIECE);
  if (await endsTorn(to)) await to.appendFile('\n');
  for (let at = 0; ;) {
    const { bytesRead } = await from.read(piece, 0, PIECE, at);
    if (bytesRead === 0) break;
    await to.appendFile(piece.subarray(0, bytesRead));
    at += bytesRead;
  }
  if (await endsTorn(to)) await to.appendFile('\n');
}

/** Whether a journal's last line has no end. */
export async function endsTorn(handle: FileHandle): Promise<boolean> {
  const { size } = await handle.stat();
  if (size === 0) return false;
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0] !== NEWLINE;
}
