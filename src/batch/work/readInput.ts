import { stat } from 'node:fs/promises';
import { FileError } from '../../disk/fileError.ts';
import { readBytes } from '../../disk/readBytes.ts';
import { showPath } from '../../disk/showPath.ts';
import { type FileState, stateOf } from '../../disk/writeFileSafely.ts';
import type { Input } from '../inputs/input.ts';

/** An input's bytes, and what tells later whether they are still the same. */
export interface InputBytes {
  readonly bytes: Uint8Array;
  readonly state: FileState;
}

/**
 * Reads a file that is to be worked on.
 *
 * @throws FileError where it cannot be read, or was written to at the same time
 */
export async function readInput(input: Input, limitBytes: number): Promise<InputBytes> {
  const before = await stat(input.path).catch(() => undefined);
  const bytes = await readBytes(input.path, 'a picture', limitBytes);
  const after = await stat(input.path).catch(() => undefined);
  // Where it was removed meanwhile, what was read is the whole of what it was.
  const state = stateOf(before ?? { size: bytes.length, mtimeMs: 0 });
  const changed = after !== undefined && (after.size !== state.size || after.mtimeMs !== state.modified);
  if (changed || bytes.length !== state.size) {
    const message = `Expected a picture in ${showPath(input.path)} but found one that was written to while it was read`;
    throw new FileError('unreadable', message, { path: input.path });
  }
  return { bytes, state };
}
