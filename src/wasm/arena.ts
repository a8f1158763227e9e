import { host, type Exports, type Memory } from './host.ts';

/**
 * A memory of fixed size that hands out pieces of itself. It never grows, so that views of it stay whole; where it is full,
 * another arena is opened beside it.
 */
export interface Arena {
  readonly memory: Memory;
  readonly shared: boolean;
  readonly bytes: Uint8Array;
  readonly floats: Float32Array;
  readonly words: Int32Array;
  /** The address of a free piece of so many bytes, a multiple of 64; undefined where there is none. */
  allocate(size: number): number | undefined;
  /** Gives a piece back. */
  free(address: number): void;
  /** A compiled module's functions on this memory; a module is instantiated once. */
  exportsOf(module: object): Exports;
}

const PAGE = 65_536;

/** Cache lines are 64 bytes. */
const ALIGNMENT = 64;

/** Pieces of one size follow each other at a distance that is no power of two, so that their rows do not fight for cache sets. */
const STAGGER = 9 * ALIGNMENT;

/** The most pages that a memory may have: 4 GiB. */
export const MOST_PAGES = 65_536;

/**
 * An arena of at least so many bytes. Memory that is not touched costs address space alone.
 *
 * @throws RangeError where the machine has no room for it
 */
export function openArena(size: number, shared = false): Arena {
  const pages = Math.ceil(size / PAGE) + 1;
  if (pages > MOST_PAGES) throw new RangeError(`Expected at most 4 GiB for an arena but received ${size} bytes`);
  const memory = openMemory({ initial: pages, maximum: pages, ...(shared ? { shared } : {}) });
  // The first line stays unused: no piece has address 0.
  return arenaOn(memory, shared, [{ start: ALIGNMENT, end: memory.buffer.byteLength }]);
}

function openMemory(descriptor: ConstructorParameters<typeof host.Memory>[0]): Memory {
  try {
    return new host.Memory(descriptor);
  } catch (cause) {
    const size = `${descriptor.initial / 16} MiB`;
    throw new RangeError(
      `Expected ${size} of memory for WebAssembly but the system gave none: where addresses are few (ulimit -v), start Node with ` +
        '--disable-wasm-trap-handler, or it reserves 10 GiB of them for each memory',
      { cause },
    );
  }
}

/** An arena on memory that another thread hands out: nothing of it is free here. */
export function openForeignArena(memory: Memory): Arena {
  return arenaOn(memory, true, []);
}

/** @param free pieces by address, neighbours joined */
function arenaOn(memory: Memory, shared: boolean, free: { start: number; end: number }[]): Arena {
  const { buffer } = memory;
  const taken = new Map<number, number>();
  const instances = new WeakMap<object, Exports>();

  return {
    memory,
    shared,
    bytes: new Uint8Array(buffer),
    floats: new Float32Array(buffer),
    words: new Int32Array(buffer),
    allocate(wanted) {
      const rounded = Math.ceil(wanted / ALIGNMENT) * ALIGNMENT + STAGGER;
      const place = free.findIndex(({ start, end }) => end - start >= rounded);
      if (place < 0) return undefined;
      const piece = free[place];
      const address = piece.start;
      taken.set(address, rounded);
      piece.start += rounded;
      if (piece.start === piece.end) free.splice(place, 1);
      return address;
    },
    free(address) {
      const length = taken.get(address);
      if (length === undefined) throw new RangeError(`Expected an address that was handed out but received ${address}`);
      taken.delete(address);
      let place = free.findIndex(({ start }) => start > address);
      if (place < 0) place = free.length;
      free.splice(place, 0, { start: address, end: address + length });
      joinAt(free, place);
      joinAt(free, place - 1);
    },
    exportsOf(module) {
      let exports = instances.get(module);
      if (exports === undefined) {
        ({ exports } = new host.Instance(module, { env: { memory } }));
        instances.set(module, exports);
      }
      return exports;
    },
  };
}

/** Joins a free piece with the next one where they touch. */
function joinAt(free: { start: number; end: number }[], place: number): void {
  const next = free[place + 1];
  if (next === undefined || free[place]?.end !== next.start) return;
  free[place].end = next.end;
  free.splice(place + 1, 1);
}
