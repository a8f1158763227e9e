import { isShared } from '../planes/typedArrays.ts';

/**
 * A value as another thread can be given it. Views of a larger memory (planes in the engine's, a part of a `Buffer`'s) are cut out of it:
 * all of it would be copied with them. Samples in shared memory stay where they are.
 */
export function portable<T>(value: T): T {
  if (ArrayBuffer.isView(value)) return cutOut(value as unknown as Uint8Array) as T;
  if (Array.isArray(value)) return value.map(portable) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, portable(part)])) as T;
}

/** The memories of what is {@link portable}, each once: they may move to another thread rather than be copied. */
export function memoriesOf(value: unknown, found: Set<ArrayBuffer> = new Set()): Set<ArrayBuffer> {
  if (ArrayBuffer.isView(value)) {
    if (!isShared(value)) found.add(value.buffer as ArrayBuffer);
  } else if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) memoriesOf(part, found);
  }
  return found;
}

function cutOut(view: Uint8Array): Uint8Array {
  return isShared(view) || view.byteLength === view.buffer.byteLength ? view : view.slice();
}
