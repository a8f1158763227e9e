import { randomBytes } from 'node:crypto';
import { closeSync, ftruncateSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A set of whole numbers from 0 below a limit, in a bit each. */
interface Bits {
  readonly count: number;
  has(n: number): boolean;
  /** Whether it was not there before. */
  add(n: number): boolean;
  close(): void;
}

/** Bytes that are read and written at once, and how many such pages are held of a large set: 4 MiB. */
const PAGE = 2 ** 16;
const HELD = 64;

/** What does not grow with the limit: beyond some millions most of it lies in a file without a name. */
export function createBits(limit: number): Bits {
  const bytes = Math.ceil(limit / 8);
  const pages = bytes > PAGE * HELD ? onDisk(bytes) : inMemory(bytes);
  let count = 0;
  const bitOf = (n: number): number => 1 << (n % 8);
  return {
    get count() {
      return count;
    },
    has(n) {
      const byte = Math.floor(n / 8);
      return (pages.at(byte, false)[byte % pages.size] & bitOf(n)) !== 0;
    },
    add(n) {
      const byte = Math.floor(n / 8);
      const page = pages.at(byte, true);
      const before = page[byte % pages.size];
      const after = before | bitOf(n);
      if (after === before) return false;
      page[byte % pages.size] = after;
      count++;
      return true;
    },
    close: () => pages.close(),
  };
}

/** Bytes, all of them 0 at first, by their pages. */
interface Pages {
  readonly size: number;
  /** The page that a byte is in; `change` where it may be written. */
  at(byte: number, change: boolean): Uint8Array;
  close(): void;
}

function inMemory(bytes: number): Pages {
  const all = new Uint8Array(bytes);
  return { size: Math.max(1, bytes), at: () => all, close() {} };
}

function onDisk(bytes: number): Pages {
  const path = join(tmpdir(), `corr2d-bits-${randomBytes(6).toString('hex')}`);
  const file = openSync(path, 'wx+', 0o600);
  unlinkSync(path);
  ftruncateSync(file, Math.ceil(bytes / PAGE) * PAGE);
  // In the order in which they were asked for.
  const held = new Map<number, { readonly page: Uint8Array; isChanged: boolean }>();
  const makeRoom = (): Uint8Array => {
    const [first] = held;
    if (held.size < HELD || first === undefined) return new Uint8Array(PAGE);
    const [index, { page, isChanged }] = first;
    if (isChanged) writeSync(file, page, 0, PAGE, index * PAGE);
    held.delete(index);
    return page;
  };
  return {
    size: PAGE,
    at(byte, change) {
      const index = Math.floor(byte / PAGE);
      let known = held.get(index);
      if (known === undefined) {
        known = { page: makeRoom(), isChanged: false };
        readSync(file, known.page, 0, PAGE, index * PAGE);
      } else held.delete(index);
      held.set(index, known);
      known.isChanged ||= change;
      return known.page;
    },
    close: () => closeSync(file),
  };
}
