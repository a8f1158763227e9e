import { hasSimd } from '../../wasm/features.ts';
import { functionsOf } from '../../wasm/modules.ts';
import { workspace } from '../../wasm/workspace.ts';
import { type Adler, addByDefinition, addByVectors } from './adler32.ts';
import { type BitWriter, createBitWriter } from './bitWriter.ts';
import { beginBlock, COUNT_BITS, COUNTED } from './dynamicBlock.ts';
import { eachRun } from './eachRun.ts';
import { type ByteRows, filterAt, filterByDefinition, filterRoom } from './filterRows.ts';
import { COUNT_TABLES, READ_BEYOND, runsCode } from './runsCode.ts';

/** Rows that come strip by strip, as a zlib stream (RFC 1950) of what a PNG holds of them. */
interface RowDeflater {
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

/** Of the block's bytes, as literals of 14 bits; and eight that are written for their first bits. */
const roomFor = (size: number): number => CODES_BYTES + Math.ceil(1.75 * size) + 8;
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
  const sample = sampleOf(rows, size);
  for (const [from, to] of sample.ranges) count(start + from, start + to, tables);
  const counts = words.slice(256 * (COUNT_TABLES - 1));
  for (let literal = 0; literal < 256; literal++) {
    counts[literal] = 0;
    for (let table = 0; table < COUNT_TABLES; table++) counts[literal] += words[256 * table + literal];
  }
  const { entries, end } = beginBlock({ counts, isWhole: sample.isWhole }, last, writer);
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
  const { ranges, isWhole } = sampleOf(rows, bytes.length);
  for (const [from, to] of ranges) {
    eachRun(bytes.subarray(from, to), {
      literal: (byte) => void counts[byte]++,
      run: (length) => void counts[256 + length]++,
    });
  }
  const { entries, end } = beginBlock({ counts, isWhole }, last, writer);
  const put = (entry: number): void => putEntry(entry, writer);
  eachRun(bytes, { literal: (byte) => put(entries[byte]), run: (length) => put(entries[256 + length]) });
  endBlock(end, last, writer, sum);
  return writer.take();
}

/** Of larger blocks every fourth row is counted: codes come out as good as from all of them, in a quarter of the time. */
const SAMPLED_BYTES = 2 ** 16;
const SAMPLED_ROWS = 4;

/** The bytes that a block's codes are made for, as ranges of its filtered rows. */
function sampleOf({ length }: ByteRows, size: number): { ranges: [from: number, to: number][]; isWhole: boolean } {
  const line = length + 1;
  if (size < SAMPLED_BYTES || size < 2 * SAMPLED_ROWS * line) return { ranges: [[0, size]], isWhole: true };
  const count = Math.floor(size / line / SAMPLED_ROWS);
  return {
    ranges: Array.from({ length: count }, (_, i) => [SAMPLED_ROWS * i * line, (SAMPLED_ROWS * i + 1) * line]),
    isWhole: false,
  };
}

function endBlock(end: number, last: boolean, writer: BitWriter, { low, high }: Adler): void {
  putEntry(end, writer);
  if (!last) return;
  writer.put(0, (8 - writer.rest.count) % 8);
  for (const half of [high, low]) {
    writer.put(half >> 8, 8);
    writer.put(half & 0xff, 8);
  }
}

function putEntry(entry: number, writer: BitWriter): void {
  writer.put(entry >>> COUNT_BITS, entry & (2 ** COUNT_BITS - 1));
}
