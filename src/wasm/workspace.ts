import { type Arena, openArena, openForeignArena } from './arena.ts';
import type { Memory } from './host.ts';

/** The least that an arena for pictures reserves: address space, not memory, until it is written. */
const LEAST = 256 * 2 ** 20;

/** Room for the operands of an operation beside the first of them. */
const OPERANDS = 4;

const arenas: Arena[] = [];
const arenaOfBuffer = new WeakMap<ArrayBufferLike, Arena>();

/** The arena that an array lies in, if any. */
export function arenaOf(data: Float32Array): Arena | undefined {
  return arenaOfBuffer.get(data.buffer);
}

/**
 * A piece of an open arena, or of a new one: where the machine has no room for a spacious arena, of a tight one.
 *
 * @param shared whether other threads may be given it
 */
export function allocateAnywhere(size: number, shared = false): { arena: Arena; address: number } {
  for (const arena of arenas) {
    if (arena.shared !== shared) continue;
    const address = arena.allocate(size);
    if (address !== undefined) return { arena, address };
  }
  const arena = openSpacious(size, LEAST, shared);
  arenas.push(arena);
  arenaOfBuffer.set(arena.memory.buffer, arena);
  return { arena, address: arena.allocate(size) as number };
}

function openSpacious(size: number, least: number, shared: boolean): Arena {
  const tight = size + 2 ** 20;
  try {
    return openArena(Math.min(2 ** 32 - 2 ** 17, Math.max(least, tight * OPERANDS)), shared);
  } catch {
    return openArena(tight, shared);
  }
}

/**
 * Makes another thread's memory an arena of this one: what lies in it is read and written where it lies, and operations may
 * write to the piece that its owner lends. In the thread that owns it nothing changes.
 */
export function borrowMemory(memory: Memory, lent: { readonly address: number; readonly size: number }): void {
  if (arenaOfBuffer.has(memory.buffer)) return;
  const arena = openForeignArena(memory);
  arenaOfBuffer.set(memory.buffer, arena);
  scratches.set(arena, { ...lent, lent: true });
}

/**
 * Memory that an operation writes its strips and tables to, preferably in the arena of the first of its operands that lies in
 * one. It belongs to the caller until the next call, and is kept for the next one.
 */
export function workspace(operands: readonly Float32Array[], size: number): { arena: Arena; address: number } {
  for (const operand of operands) {
    const arena = arenaOf(operand);
    const address = arena && scratch(arena, size);
    if (arena !== undefined && address !== undefined) return { arena, address };
  }
  for (const arena of arenas) {
    const address = scratch(arena, size);
    if (address !== undefined) return { arena, address };
  }
  let address = operations && scratch(operations, size);
  if (operations === undefined || address === undefined) {
    operations = openSpacious(size, LEAST_OF_OPERATIONS, false);
    address = scratch(operations, size) as number;
  }
  return { arena: operations, address };
}

/**
 * Where operations lie that no operand's arena has room for; replaced by a larger one when more is asked for. A small one: V8
 * counts the size of a memory as garbage to come, and one as large as those for pictures makes it collect at once, for 10 ms.
 */
let operations: Arena | undefined;
const LEAST_OF_OPERATIONS = 4 * 2 ** 20;

/** The piece of an arena that is kept for operations, replaced by a larger one when more is asked for. */
function scratch(arena: Arena, size: number): number | undefined {
  const kept = scratches.get(arena);
  if (kept !== undefined && kept.size >= size) return kept.address;
  if (kept?.lent === true) return undefined;
  if (kept !== undefined) {
    arena.free(kept.address);
    scratches.delete(arena);
  }
  const address = arena.allocate(size);
  if (address !== undefined) scratches.set(arena, { address, size, lent: false });
  return address;
}

const scratches = new WeakMap<Arena, { address: number; size: number; lent: boolean }>();
