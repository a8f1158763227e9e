import { describe, expect, test } from 'vitest';
import { openArena } from '../../src/wasm/arena.ts';
import { assemble, type FunctionSource, functionOf } from '../../src/wasm/assemble.ts';
import type { Code, Local } from '../../src/wasm/code.ts';
import {
  branchIf,
  f32,
  f32x4,
  fill,
  i16x8,
  i32,
  i32x4,
  keep,
  kept,
  lanes,
  load,
  long,
  once,
  select,
  set,
  shuffle,
  store,
  storeLane,
  when,
} from '../../src/wasm/expressions.ts';
import { host } from '../../src/wasm/host.ts';

const arena = openArena(4096);

/** Runs one function at a place of 64 bytes: its first vectors are `floats`, and what it leaves there is returned. */
function run(write: (code: Code, at: Local<'i32'>) => void, floats: readonly number[] = []): Float32Array {
  const source: FunctionSource = functionOf({ name: 'f', parameters: ['i32'], write: (code, [at]) => write(code, at) });
  if (host === undefined) throw new Error('Expected WebAssembly');
  const { f } = new host.Instance(new host.Module(assemble([source])), { env: { memory: arena.memory } }).exports;
  const place = 1024;
  const at = new Float32Array(arena.memory.buffer, place, 16).fill(0);
  at.set(floats);
  (f as (at: number) => void)(place);
  return at.slice();
}

const vector = (at: Local<'i32'>, i = 0) => load('v128.load', at, 16 * i);

describe('expressions', () => {
  test('read as what they compute: a length of two numbers', () => {
    const lengths = run(
      (code, at) => {
        const [a, b] = [keep(code, vector(at)), keep(code, vector(at, 1))];
        store(code, 'v128.store', at, f32x4.sqrt(f32x4.add(f32x4.mul(a, a), f32x4.mul(b, b))), 32);
      },
      [3, 5, 8, 1, 4, 12, 15, 0],
    );
    expect([...lengths.subarray(8, 12)]).toEqual([5, 13, 17, 1]);
  });

  test('take numbers as constants of the type that is needed', () => {
    const written = run((code, at) => {
      store(code, 'f32.store', at, f32.div(1, 2));
      store(code, 'i32.store', at, i32.shl(1, 30), 4);
    });
    // 2³⁰ is the bits of the Float32 number 2.
    expect([...written.subarray(0, 2)]).toEqual([0.5, 2]);
  });

  test('once: what is used twice is computed once', () => {
    let pushed = 0;
    const counted = (at: Local<'i32'>) => {
      const value = vector(at);
      return {
        type: 'v128' as const,
        push(code: Code) {
          pushed++;
          value.push(code);
        },
      };
    };
    const squares = run(
      (code, at) =>
        store(
          code,
          'v128.store',
          at,
          once(counted(at), (x) => f32x4.mul(x, x)),
        ),
      [1, 2, 3, 4],
    );
    expect([...squares.subarray(0, 4)]).toEqual([1, 4, 9, 16]);
    expect(pushed).toBe(1);
  });

  test('select, lanes and shuffle name their parts in the order in which they are read', () => {
    const written = run(
      (code, at) => {
        const mask = lanes('i32', -1, 0);
        store(code, 'v128.store', at, select(mask, vector(at), vector(at, 1)), 32);
        const upper = [8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23];
        store(code, 'v128.store', at, shuffle(vector(at), vector(at, 1), upper), 48);
      },
      [1, 2, 3, 4, 5, 6, 7, 8],
    );
    expect([...written.subarray(8)]).toEqual([1, 6, 3, 8, 3, 4, 5, 6]);
  });

  test('lanes repeats its numbers at every size', () => {
    const written = run((code, at) => {
      store(code, 'v128.store', at, f32x4.convert_i32x4_s(i32x4.dot_i16x8_s(lanes('i16', 2, -3), lanes('i16', 1))));
      store(code, 'v128.store', at, f32x4.convert_i32x4_s(lanes('i8', 7, 0, 0, 0)), 16);
      store(code, 'v128.store', at, lanes('f32', 0.5, 1.5), 32);
    });
    expect([...written.subarray(0, 12)]).toEqual([-1, -1, -1, -1, 7, 7, 7, 7, 0.5, 1.5, 0.5, 1.5]);
  });

  test('variables, branches, lanes and bytes', () => {
    const written = run(
      (code, at) => {
        const count = code.local('i32');
        const end = keep(code, i32.add(at, 12));
        fill(code, i32.add(at, 16), 0, i32.add(at, i32.sub(16, at)));
        code.loop((again) => {
          when(
            code,
            i32.eqz(count),
            () => store(code, 'f32.store', at, 10),
            () => store(code, 'f32.store', at, f32.convert_i32_s(count)),
          );
          set(code, count, i32.add(count, 1));
          branchIf(code, i32.ne(kept(at, i32.add(at, 4)), end), again);
        });
        storeLane(code, 'v128.store32_lane', at, lanes('f32', 1, 2, 3, 4), 2, 4);
        store(code, 'i64.store', at, long(0x3f80_0000), 16);
      },
      [0, 0, 0, 0, 9, 9, 9, 9],
    );
    expect([...written.subarray(0, 9)]).toEqual([10, 1, 2, 0, 3, 0, 0, 1, 0]);
  });
});

test('a wrong name or type is red in the editor', () => {
  const wrong = (code: Code, integer: Local<'i32'>, float: Local<'f32'>): void => {
    // @ts-expect-error: no such instruction
    void i32.pow(integer, 2);
    // @ts-expect-error: a Float32 number where a whole one is needed
    void i32.add(integer, float);
    // @ts-expect-error: one operand of two
    void f32.add(float);
    // @ts-expect-error: a vector in a variable of 32 bits
    set(code, integer, i16x8.abs(lanes('i16', 1)));
    // @ts-expect-error: a store that is no load
    void load('v128.store', integer);
    // @ts-expect-error: a vector stored as a number
    store(code, 'i32.store', integer, lanes('i32', 1));
  };
  expect(wrong).toBeTypeOf('function');
});
