import { type FunctionSource, functionOf } from '../../wasm/assemble.ts';
import type { Code, Local, Value } from '../../wasm/code.ts';
import { branchIf, i8x16, i32, i64, keep, kept, load, long, set, store, when } from '../../wasm/expressions.ts';
import { advance } from '../../wasm/idioms.ts';
import { COUNT_BITS, LONGEST_RUN } from './dynamicBlock.ts';

/** What `count` counts with: four tables of literals, because a number that was just stored is slow to load, and one of runs. */
export const COUNT_TABLES = 4;

/** Positions that one comparison of sixteen bytes tells of: of the others the bytes after them are not seen. */
const TOLD = 12;

/** Literals whose bits fit into 64 beside the seven that are left of a byte. */
const AT_ONCE = 4;

/** Bytes beyond the end that may be read. */
export const READ_BEYOND: number = LONGEST_RUN + 32;

/**
 * `count(at, end, tables)` counts the literals and runs of a block of bytes, its first one a literal. Tables are of 32-bit words:
 * {@link COUNT_TABLES} times 256 for literals, then 259 for runs by length.
 *
 * `emit(at, end, tables, out, state)` writes their bits, and returns where the next byte belongs. Tables are 256 and 259 entries
 * as `beginBlock` makes them; at `state` stand the bits that are left of the last byte, and how many, before and after.
 */
export const runsCode: readonly FunctionSource[] = [
  functionOf({
    name: 'count',
    parameters: ['i32', 'i32', 'i32'],
    write(code, [at, end, tables]) {
      const place = code.local('i32');
      const add = (entry: Value<'i32'>, offset: number): void => {
        set(code, place, i32.add(tables, entry));
        store(code, 'i32.store', place, i32.add(load('i32.load', place, offset, 2), 1), offset, 2);
      };
      walk(code, at, end, {
        literal: (offset) => add(entryOfByte(at, offset), 1024 * (offset % COUNT_TABLES)),
        literals: () => {},
        run: (length) => add(entryOf(length), 1024 * COUNT_TABLES),
      });
    },
  }),
  functionOf({
    name: 'emit',
    parameters: ['i32', 'i32', 'i32', 'i32', 'i32'],
    results: ['i32'],
    write(code, [at, end, tables, out, state]) {
      const bits = keep(code, load('i64.load32_u', state, 0, 2));
      const count = keep(code, load('i64.load32_u', state, 4, 2));
      const entry = code.local('i64');
      const put = (place: Value<'i32'>, offset: number): void => {
        set(code, entry, load('i64.load32_u', i32.add(tables, place), offset, 2));
        // A shift takes the lowest six bits of its distance: what an entry has above its count does no harm there.
        set(code, bits, i64.or(bits, i64.shl(i64.shr_u(entry, long(COUNT_BITS)), count)));
        set(code, count, i64.add(count, entry));
      };
      const flush = (): void => writeWholeBytes(code, bits, count, out);
      walk(code, at, end, {
        literal: (offset) => put(entryOfByte(at, offset), 0),
        literals: flush,
        run(length) {
          put(entryOf(length), 1024);
          flush();
        },
      });
      store(code, 'i32.store', state, i32.wrap_i64(bits), 0, 2);
      store(code, 'i32.store', state, i32.wrap_i64(count), 4, 2);
      out.push(code);
    },
  }),
];

/** Where the entry of a number lies in its table. */
function entryOf(number: Value<'i32'>): Value<'i32'> {
  return i32.shl(number, 2);
}

function entryOfByte(at: Local<'i32'>, offset: number): Value<'i32'> {
  return entryOf(load('i32.load8_u', at, offset));
}

function writeWholeBytes(code: Code, bits: Local<'i64'>, count: Local<'i64'>, out: Local<'i32'>): void {
  store(code, 'i64.store', out, bits);
  set(code, out, i32.add(out, i32.and(i32.shr_u(i32.wrap_i64(count), 3), 7)));
  set(code, bits, i64.shr_u(bits, i64.and(count, long(56))));
  set(code, count, i64.and(count, long(7)));
}

interface Sink {
  /** The literal `offset` bytes beyond `at`. */
  literal(offset: number): void;
  /** After at most {@link AT_ONCE} of them. */
  literals(): void;
  run(length: Local<'i32'>): void;
}

/** Goes through the bytes as `eachRun` does, twelve at a time where no run starts. */
function walk(code: Code, at: Local<'i32'>, end: Local<'i32'>, sink: Sink): void {
  const [starts, first, length] = [code.local('i32'), code.local('i32'), code.local('i32')];
  const single = (): void => {
    sink.literal(0);
    sink.literals();
    advance(code, at, 1);
  };
  single();
  code.block((few) => {
    code.loop((again) => {
      branchIf(code, i32.lt_s(i32.sub(end, at), 16), few);
      setStarts(code, starts, at);
      when(code, i32.eqz(starts), () => {
        for (let i = 0; i < TOLD; i++) {
          sink.literal(i);
          if (i % AT_ONCE === AT_ONCE - 1) sink.literals();
        }
        advance(code, at, TOLD);
        code.br(again);
      });
      set(code, first, i32.add(i32.ctz(starts), at));
      untilAt(code, at, first, single);
      setRunLength(code, length, at, end);
      sink.run(length);
      advance(code, at, length);
      code.br(again);
    });
  });
  untilAt(code, at, end, single);
}

/** Repeats the body, which moves `at` on, until `at` is `end`. */
function untilAt(code: Code, at: Local<'i32'>, end: Local<'i32'>, body: () => void): void {
  code.block((done) => {
    code.loop((again) => {
      branchIf(code, i32.eq(at, end), done);
      body();
      code.br(again);
    });
  });
}

/** A bit for each of the next twelve bytes that is as the one before it, as the next two are. */
function setStarts(code: Code, starts: Local<'i32'>, at: Local<'i32'>): void {
  const same = keep(code, sameBits(at));
  const three = i32.and(i32.and(same, i32.shr_u(same, 1)), i32.shr_u(same, 2));
  set(code, starts, i32.and(three, 2 ** TOLD - 1));
}

/** Bits of the sixteen bytes that are as the ones before them. */
function sameBits(at: Local<'i32'>): Value<'i32'> {
  return i8x16.bitmask(i8x16.eq(load('v128.load', at), load('v128.load', i32.sub(at, 1))));
}

/** How many bytes are as the one before them, up to the longest run and the end. */
function setRunLength(code: Code, length: Local<'i32'>, at: Local<'i32'>, end: Local<'i32'>): void {
  const place = keep(code, at);
  const others = code.local('i32');
  code.block((found) => {
    code.loop((again) => {
      branchIf(code, kept(others, i32.xor(sameBits(place), 0xffff)), found);
      advance(code, place, 16);
      branchIf(code, i32.lt_s(i32.sub(place, at), LONGEST_RUN), again);
    });
  });
  set(code, length, i32.add(i32.sub(place, at), i32.ctz(others)));
  const left = keep(code, i32.sub(end, at));
  for (const most of [left, LONGEST_RUN]) {
    when(code, i32.gt_u(length, most), () => set(code, length, most));
  }
}
