import { expected, expectInteger } from '../planes/expected.ts';
import { expectOptions, optionNames } from '../planes/expectOptions.ts';
import { createPlanes, expectWhite, type Planes } from '../planes/planes.ts';
import { hasSimd } from '../wasm/features.ts';
import { allocateAnywhere, arenaOf } from '../wasm/workspace.ts';

export interface AllocateOptions {
  /** In memory that threads share, for {@link corr2dAsync}; in a browser, only on pages that are cross-origin isolated. */
  shared?: boolean;
}

const OPTIONS = optionNames<AllocateOptions>({ shared: true });

/**
 * Planes in the engine's own memory: they pass from one operation to the next, as input and as `out`, without a copy. Their
 * samples are undefined at first. The memory is not collected: it is given back by {@link release} alone.
 *
 * @returns C×H×W
 * @throws ExpectationError for sizes that are not whole numbers from 1, a white that is not above 0, or where threads cannot
 * share memory
 * @throws RangeError where the machine has no room for them
 * @example
 * const p = allocatePlanes(1, 2, 3)
 * p.data.length // 6
 * release(p)
 */
export function allocatePlanes(
  channels: number,
  height: number,
  width: number,
  white?: number,
  options: AllocateOptions = {},
): Planes {
  expectOptions(options, OPTIONS, 'allocatePlanes');
  const { shared = false } = options;
  expectInteger(channels, 'channels', 1);
  expectInteger(height, 'height', 1);
  expectInteger(width, 'width', 1);
  expectWhite(white);
  if (shared && typeof SharedArrayBuffer === 'undefined') {
    throw expected('a page that is cross-origin isolated', 'shared planes', 'one that is not');
  }
  const samples = channels * height * width;
  // Beyond what one memory can hold, and where there is no engine, planes are plain arrays, which every operation takes as well.
  if (samples * 4 > LARGEST || !hasSimd()) {
    if (!shared) return createPlanes(channels, height, width, white);
    return planesOf(new Float32Array(new SharedArrayBuffer(samples * 4)));
  }
  const { arena, address } = allocateAnywhere(samples * 4, shared);
  const data = new Float32Array(arena.memory.buffer, address, samples);
  allocated.add(data);
  return planesOf(data);

  function planesOf(data: Float32Array): Planes {
    return { channels, height, width, data, ...(white === undefined ? {} : { white }) };
  }
}

/** What was handed out and not given back: a view of it that starts where it starts is not it, nor is what comes to lie there. */
const allocated = new WeakSet<Float32Array>();

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
  if (!allocated.delete(p.data)) {
    throw expected(
      'planes as allocatePlanes gave them, once',
      'release',
      'a part of them, or planes that were released',
    );
  }
  arena.free(p.data.byteOffset);
}
