import { functionsOf } from '../../correlate/modules.ts';
import { hasSimd } from '../../wasm/features.ts';
import { workspace } from '../../wasm/workspace.ts';
import { type Adler, addByDefinition, addByVectors } from './adler32.ts';
import { type BitWriter, createBitWriter } from './bitWriter.ts';
import { beginBlock, COUNTED } from './dynamicBlock.ts';
import { eachRun } from './eachRun.ts';
import { type ByteRows, filterAt, filterByDefinition, filterRoom } from './filterRows.ts';
import { COUNT_TABLES, READ_BEYOND, runsCode } from './runsCode.ts';

/** Rows that come strip by strip, as a zlib stream (RFC 1950) of what a PNG holds of them. */
export interface RowDeflater {
  /** @returns the bytes that are whole by now; after the last rows, all the others */
  add(rows: ByteRows, last: boolean): Uint8Array;
}

/**
 * Deflates rows through Paeth's filter: of each strip a block, literals and runs (matches at distance 1, as zlib's Z_RLE makes them)
 * in Huffman codes of its own. Without vector code it comes to the same bytes, slowly.
 */
export function createRowDeflater(vectors: boolean = hasSimd()): RowDeflater {
  const deflate = vectors ? deflateByVectors : deflateByDefinition;
  const writer = createBitWriter();
  const sum: Adler = { low: 1, high: 0 };
  writer.put(ZLIB_HEADER, 16);
  return { add: (rows, last) => deflate(rows, last, writer, sum) };
}

/** Deflate, a window of 32 KiB, the fastest level: 0x78 0x01. */
const ZLIB_HEADER = 0x01_78;

/** What a block's own codes take at most: 14 bits about them, 19 lengths of 3, and 287 of 7 and as many more. */
const CODES_BYTES = 700;

/** Of the block's bytes, as literals of 12 bits; and a word that is written for its first bits. */
const roomFor = (size: number): number => CODES_BYTES + Math.ceil(1.5 * size) + 4;
const align = (address: number): number => 64 * Math.ceil(address / 64);

function deflateByVectors(rows: ByteRows, last: boolean, writer: BitWriter, sum: Adler): Uint8Array {
  const tableBytes = 4 * (256 * (COUNT_TABLES - 1) + COUNTED);
  const filtering = align(filterRoom(rows) + READ_BEYOND);
  const { arena, address } = workspace([], filtering + align(tableBytes) + 64 + roomFor(filtering));
  const tables = address + filtering;
  const state = tables + align(tableBytes);
  const out = state + 64;
  const { start, size } = filterAt(arena, address, rows);
  addByVectors(sum, { arena, start, length: size, sums: state });
  const { count, emit } = functionsOf('deflate runs', arena, () => runsCode);
  const words = arena.words.subarray(tables / 4, (tables + tableBytes) / 4);
  words.fill(0);
  count(start, start + size, tables);
  const counts = words.slice(256 * (COUNT_TABLES - 1));
  for (let literal = 0; literal < 256; literal++) {
    counts[literal] = 0;
    for (let table = 0; table < COUNT_TABLES; table++) counts[literal] += words[256 * table + literal];
  }
  const { entries, end } = beginBlock(counts, last, writer);
  words.set(entries);
  const head = writer.take();
  arena.bytes.set(head, out);
  arena.words.set([writer.rest.bits, writer.rest.count], state / 4);
  const next = emit(start, start + size, tables, out + head.length, state);
  [writer.rest.bits, writer.rest.count] = arena.words.subarray(state / 4, state / 4 + 2);
  endBlock(end, last, writer, sum);
  const tail = writer.take();
  const written = new Uint8Array(next - out + tail.length);
  written.set(arena.bytes.subarray(out, next));
  written.set(tail, next - out);
  return written;
}

function deflateByDefinition(rows: ByteRows, last: boolean, writer: BitWriter, sum: Adler): Uint8Array {
  const bytes = filterByDefinition(rows, new Uint8Array((rows.bytes.length / rows.length) * (rows.length + 1)));
  addByDefinition(sum, bytes);
  const counts = new Uint32Array(COUNTED);
  eachRun(bytes, { literal: (byte) => void counts[byte]++, run: (length) => void counts[256 + length]++ });
  const { entries, end } = beginBlock(counts, last, writer);
  const put = (entry: number): void => writer.put(entry >>> 5, entry & 31);
  eachRun(bytes, { literal: (byte) => put(entries[byte]), run: (length) => put(entries[256 + length]) });
  endBlock(end, last, writer, sum);
  return writer.take();
}

function endBlock(end: number, last: boolean, writer: BitWriter, { low, high }: Adler): void {
  writer.put(end >>> 5, end & 31);
  if (!last) return;
  writer.put(0, (8 - writer.rest.count) % 8);
  for (const half of [high, low]) {
    writer.put(half >> 8, 8);
    writer.put(half & 0xff, 8);
  }
}
