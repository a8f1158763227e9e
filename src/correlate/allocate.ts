import { expected, expectInteger } from '../planes/expected.ts';
import { createPlanes, type Planes } from '../planes/planes.ts';
import { allocateAnywhere, arenaOf } from '../wasm/workspace.ts';

/**
 * Planes in the engine's own memory: they pass from one operation to the next, as input and as `out`, without a copy. Their
 * samples are undefined at first. The memory is not collected: it is given back by {@link release} alone.
 *
 * @returns C×H×W
 * @throws ExpectationError for sizes that are not whole numbers from 1
 * @example
 * const p = allocatePlanes(1, 2, 3)
 * p.data.length // 6
 * release(p)
 */
export function allocatePlanes(channels: number, height: number, width: number, white?: number): Planes {
  expectInteger(channels, 'channels', 1);
  expectInteger(height, 'height', 1);
  expectInteger(width, 'width', 1);
  const samples = channels * height * width;
  // Beyond what one memory can hold, planes are plain arrays, which every operation takes as well.
  if (samples * 4 > LARGEST) return createPlanes(channels, height, width, white);
  const { arena, address } = allocateAnywhere(samples * 4);
  const data = new Float32Array(arena.memory.buffer, address, samples);
  return { channels, height, width, data, ...(white === undefined ? {} : { white }) };
}

/** Leaves room beside it in a memory of 4 GiB. */
const LARGEST = 2 ** 32 - 2 ** 24;

/**
 * Gives back what {@link allocatePlanes} allocated. Its samples must not be used any more, nor views of them. Planes that the
 * garbage collector owns are left to it.
 *
 * @throws ExpectationError where the planes are a part of an allocation, or were given back before
 */
export function release(p: Planes): void {
  const arena = arenaOf(p.data);
  if (arena === undefined) return;
  try {
    arena.free(p.data.byteOffset);
  } catch {
    throw expected(
      'planes as allocatePlanes gave them, once',
      'release',
      'a part of them, or planes that were released',
    );
  }
}
