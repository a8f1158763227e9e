import type { FunctionSource } from '../../wasm/assemble.ts';
import type { Code, Local } from '../../wasm/code.ts';
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
  {
    name: 'count',
    parameters: ['i32', 'i32', 'i32'],
    write(code, [at, end, tables]) {
      const place = code.local('i32');
      const add = (offset: number): void => {
        code.op('i32.add');
        code.tee(place);
        code.get(place);
        code.memory('i32.load', offset, 2);
        code.i32(1);
        code.op('i32.add');
        code.memory('i32.store', offset, 2);
      };
      walk(code, at, end, {
        literal(offset) {
          code.get(tables);
          loadTimesFour(code, at, offset);
          add(1024 * (offset % COUNT_TABLES));
        },
        literals: () => {},
        run(length) {
          code.get(tables);
          timesFour(code, length);
          add(1024 * COUNT_TABLES);
        },
      });
    },
  },
  {
    name: 'emit',
    parameters: ['i32', 'i32', 'i32', 'i32', 'i32'],
    results: ['i32'],
    write(code, [at, end, tables, out, state]) {
      const [bits, count, entry] = [code.local('i64'), code.local('i64'), code.local('i64')];
      const put = (offset: number): void => {
        code.op('i32.add');
        code.memory('i64.load32_u', offset, 2);
        code.set(entry);
        // A shift takes the lowest six bits of its distance: what an entry has above its count does no harm there.
        code.get(bits);
        code.get(entry);
        i64(code, COUNT_BITS);
        code.op('i64.shr_u');
        code.get(count);
        code.op('i64.shl');
        code.op('i64.or');
        code.set(bits);
        code.get(count);
        code.get(entry);
        code.op('i64.add');
        code.set(count);
      };
      const flush = (): void => writeWholeBytes(code, bits, count, out);
      code.get(state);
      code.memory('i64.load32_u', 0, 2);
      code.set(bits);
      code.get(state);
      code.memory('i64.load32_u', 4, 2);
      code.set(count);
      walk(code, at, end, {
        literal(offset) {
          code.get(tables);
          loadTimesFour(code, at, offset);
          put(0);
        },
        literals: flush,
        run(length) {
          code.get(tables);
          timesFour(code, length);
          put(1024);
          flush();
        },
      });
      code.get(state);
      code.get(bits);
      code.op('i32.wrap_i64');
      code.memory('i32.store', 0, 2);
      code.get(state);
      code.get(count);
      code.op('i32.wrap_i64');
      code.memory('i32.store', 4, 2);
      code.get(out);
    },
  },
];

function loadTimesFour(code: Code, at: Local, offset: number): void {
  code.get(at);
  code.memory('i32.load8_u', offset);
  code.i32(2);
  code.op('i32.shl');
}

function timesFour(code: Code, length: Local): void {
  code.get(length);
  code.i32(2);
  code.op('i32.shl');
}

function writeWholeBytes(code: Code, bits: Local, count: Local, out: Local): void {
  code.get(out);
  code.get(bits);
  code.memory('i64.store');
  code.get(out);
  code.get(count);
  code.op('i32.wrap_i64');
  code.i32(3);
  code.op('i32.shr_u');
  code.i32(7);
  code.op('i32.and');
  code.op('i32.add');
  code.set(out);
  code.get(bits);
  code.get(count);
  i64(code, 56);
  code.op('i64.and');
  code.op('i64.shr_u');
  code.set(bits);
  code.get(count);
  i64(code, 7);
  code.op('i64.and');
  code.set(count);
}

function i64(code: Code, value: number): void {
  code.i32(value);
  code.op('i64.extend_i32_u');
}

interface Sink {
  /** The literal `offset` bytes beyond `at`. */
  literal(offset: number): void;
  /** After at most {@link AT_ONCE} of them. */
  literals(): void;
  run(length: Local): void;
}

/** Goes through the bytes as `eachRun` does, twelve at a time where no run starts. */
function walk(code: Code, at: Local, end: Local, sink: Sink): void {
  const [starts, first, length] = [code.local('i32'), code.local('i32'), code.local('i32')];
  const single = (): void => {
    sink.literal(0);
    sink.literals();
    advance(code, at, 1);
  };
  single();
  code.block((few) => {
    code.loop((again) => {
      code.get(end);
      code.get(at);
      code.op('i32.sub');
      code.i32(16);
      code.op('i32.lt_s');
      code.brIf(few);
      setStarts(code, starts, at);
      code.get(starts);
      code.op('i32.eqz');
      code.if(() => {
        for (let i = 0; i < TOLD; i++) {
          sink.literal(i);
          if (i % AT_ONCE === AT_ONCE - 1) sink.literals();
        }
        advance(code, at, TOLD);
        code.br(again);
      });
      code.get(starts);
      code.op('i32.ctz');
      code.get(at);
      code.op('i32.add');
      code.set(first);
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
function untilAt(code: Code, at: Local, end: Local, body: () => void): void {
  code.block((done) => {
    code.loop((again) => {
      code.get(at);
      code.get(end);
      code.op('i32.eq');
      code.brIf(done);
      body();
      code.br(again);
    });
  });
}

/** A bit for each of the next twelve bytes that is as the one before it, as the next two are. */
function setStarts(code: Code, starts: Local, at: Local): void {
  const same = code.local('i32');
  loadSame(code, at);
  code.tee(same);
  for (const distance of [1, 2]) {
    code.get(same);
    code.i32(distance);
    code.op('i32.shr_u');
    code.op('i32.and');
  }
  code.i32(2 ** TOLD - 1);
  code.op('i32.and');
  code.set(starts);
}

/** Bits of the sixteen bytes that are as the ones before them. */
function loadSame(code: Code, at: Local): void {
  code.get(at);
  code.memory('v128.load');
  code.get(at);
  code.i32(1);
  code.op('i32.sub');
  code.memory('v128.load');
  code.op('i8x16.eq');
  code.op('i8x16.bitmask');
}

/** How many bytes are as the one before them, up to the longest run and the end. */
function setRunLength(code: Code, length: Local, at: Local, end: Local): void {
  const [place, others] = [code.local('i32'), code.local('i32')];
  code.get(at);
  code.set(place);
  code.block((found) => {
    code.loop((again) => {
      loadSame(code, place);
      code.i32(0xffff);
      code.op('i32.xor');
      code.tee(others);
      code.brIf(found);
      advance(code, place, 16);
      code.get(place);
      code.get(at);
      code.op('i32.sub');
      code.i32(LONGEST_RUN);
      code.op('i32.lt_s');
      code.brIf(again);
    });
  });
  code.get(place);
  code.get(at);
  code.op('i32.sub');
  code.get(others);
  code.op('i32.ctz');
  code.op('i32.add');
  code.set(length);
  for (const limit of ['end', 'longest'] as const) {
    const most = code.local('i32');
    if (limit === 'end') {
      code.get(end);
      code.get(at);
      code.op('i32.sub');
    } else code.i32(LONGEST_RUN);
    code.set(most);
    code.get(length);
    code.get(most);
    code.op('i32.gt_u');
    code.if(() => {
      code.get(most);
      code.set(length);
    });
  }
}
