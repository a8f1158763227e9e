import { setFlagsFromString } from 'node:v8';
import { beforeAll, describe, expect, test } from 'vitest';
import { openArena } from '../../src/wasm/arena.ts';
import { assemble } from '../../src/wasm/assemble.ts';
import type { Code, Local } from '../../src/wasm/code.ts';
import { hasRelaxedMadd } from '../../src/wasm/features.ts';
import { host } from '../../src/wasm/host.ts';
import { type NameWith, OPCODES, type ValueType } from '../../src/wasm/opcodes.ts';
import { type Lanes, lanes, someLanes, withF32, withF64, withI32, withU16, withU64, withU8 } from './lanes.ts';

type Operation = (a: Lanes, b: Lanes, c: Lanes) => Lanes;

const arithmetic: Readonly<Record<string, (a: number, b: number) => number>> = {
  nearest: (a) => nearest(a),
  trunc: Math.trunc,
  ceil: Math.ceil,
  floor: Math.floor,
  sqrt: Math.sqrt,
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  min: Math.min,
  max: Math.max,
  pmin: (a, b) => (b < a ? b : a),
  pmax: (a, b) => (a < b ? b : a),
};

const comparisons: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  eq: (a, b) => a === b,
  ne: (a, b) => a !== b,
  lt: (a, b) => a < b,
  gt: (a, b) => a > b,
  le: (a, b) => a <= b,
  ge: (a, b) => a >= b,
};

const whole: Readonly<Record<string, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: Math.imul,
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
  shl: (a, b) => a << b,
  shr_s: (a, b) => a >> b,
  shr_u: (a, b) => a >>> b,
};

const long: Readonly<Record<string, (a: bigint, b: bigint) => bigint>> = {
  add: (a, b) => BigInt.asUintN(64, a + b),
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  shl: (a, b) => BigInt.asUintN(64, a << (b % 64n)),
  shr_u: (a, b) => a >> (b % 64n),
};

/** Instructions that compute, after the specification's words; of a number alone the first lane counts. */
const VALUES: Readonly<Record<string, Operation>> = {
  'i32.eqz': (a) => withI32((i) => Number(a.i32[i] === 0)),
  ...named('i32', '', ['eq', 'ne'], (op) => (a, b) => withI32((i) => Number(comparisons[op](a.i32[i], b.i32[i])))),
  ...named(
    'i32',
    '_s',
    ['lt', 'gt', 'le', 'ge'],
    (op) => (a, b) => withI32((i) => Number(comparisons[op](a.i32[i], b.i32[i]))),
  ),
  ...named(
    'i32',
    '_u',
    ['lt', 'gt', 'le', 'ge'],
    (op) => (a, b) => withI32((i) => Number(comparisons[op](a.u32[i], b.u32[i]))),
  ),
  'i32.ctz': (a) => withI32((i) => (a.i32[i] === 0 ? 32 : 31 - Math.clz32(a.i32[i] & -a.i32[i]))),
  ...named('i32', '', Object.keys(whole), (op) => (a, b) => withI32((i) => whole[op](a.i32[i], b.i32[i]))),
  ...named('i64', '', Object.keys(long), (op) => (a, b) => withU64((i) => long[op](a.u64[i], b.u64[i]))),
  'i32.wrap_i64': (a) => withI32((i) => a.i32[2 * i]),
  'i64.extend_i32_u': (a) => withU64((i) => BigInt(a.u32[i])),
  ...named('f32', '', ['nearest', 'trunc', 'sqrt', 'add', 'sub', 'mul', 'div', 'min', 'max'], inFloats),
  'f32.abs': (a) => withI32((i) => a.i32[i] & 0x7fff_ffff),
  'f32.neg': (a) => withI32((i) => a.i32[i] ^ 0x8000_0000),
  'f32.convert_i32_s': (a) => withF32((i) => a.i32[i]),
  'f32.convert_i32_u': (a) => withF32((i) => a.u32[i]),
  'i32.trunc_sat_f32_s': (a) => withI32((i) => saturate(a.f32[i], -(2 ** 31), 2 ** 31 - 1)),
  'i32.trunc_sat_f32_u': (a) => withI32((i) => saturate(a.f32[i], 0, 2 ** 32 - 1)),

  'i8x16.swizzle': (a, b) => withU8((i) => (b.u8[i] < 16 ? a.u8[b.u8[i]] : 0)),
  'i8x16.splat': (a) => withU8(() => a.u8[0]),
  'i16x8.splat': (a) => withU16(() => a.u16[0]),
  'i32x4.splat': (a) => withI32(() => a.i32[0]),
  'f32x4.splat': (a) => withI32(() => a.i32[0]),
  ...named('i32x4', '', ['eq', 'ne'], (op) => (a, b) => withI32((i) => -Number(comparisons[op](a.i32[i], b.i32[i])))),
  ...named('i32x4', '_s', ['lt', 'gt'], (op) => (a, b) => withI32((i) => -Number(comparisons[op](a.i32[i], b.i32[i])))),
  ...named(
    'f32x4',
    '',
    Object.keys(comparisons),
    (op) => (a, b) => withI32((i) => -Number(comparisons[op](a.f32[i], b.f32[i]))),
  ),
  'v128.not': (a) => withI32((i) => ~a.i32[i]),
  'v128.and': (a, b) => withI32((i) => a.i32[i] & b.i32[i]),
  'v128.andnot': (a, b) => withI32((i) => a.i32[i] & ~b.i32[i]),
  'v128.or': (a, b) => withI32((i) => a.i32[i] | b.i32[i]),
  'v128.xor': (a, b) => withI32((i) => a.i32[i] ^ b.i32[i]),
  'v128.bitselect': (a, b, c) => withI32((i) => (a.i32[i] & c.i32[i]) | (b.i32[i] & ~c.i32[i])),
  'v128.any_true': (a) => withI32(() => Number(a.i32.some((lane) => lane !== 0))),
  'i8x16.bitmask': (a) => withI32(() => a.u8.reduce((mask, lane, i) => mask | ((lane >> 7) << i), 0)),
  'i8x16.le_u': (a, b) => withU8((i) => (a.u8[i] <= b.u8[i] ? 255 : 0)),
  'i8x16.ge_u': (a, b) => withU8((i) => (a.u8[i] >= b.u8[i] ? 255 : 0)),
  'i8x16.add_sat_u': (a, b) => withU8((i) => saturate(a.u8[i] + b.u8[i], 0, 255)),
  'i8x16.sub': (a, b) => withU8((i) => a.u8[i] - b.u8[i]),
  'i8x16.sub_sat_u': (a, b) => withU8((i) => saturate(a.u8[i] - b.u8[i], 0, 255)),
  'i8x16.narrow_i16x8_u': (a, b) => withU8((i) => saturate((i < 8 ? a : b).i16[i % 8], 0, 255)),
  'i8x16.eq': (a, b) => withU8((i) => -Number(a.u8[i] === b.u8[i])),
  'i16x8.abs': (a) => withU16((i) => Math.abs(a.i16[i])),
  ...named('i16x8', '', ['add', 'sub', 'mul'], (op) => (a, b) => withU16((i) => whole[op](a.u16[i], b.u16[i]))),
  'i16x8.narrow_i32x4_s': (a, b) => withU16((i) => saturate((i < 4 ? a : b).i32[i % 4], -32_768, 32_767)),
  'i32x4.max_s': (a, b) => withI32((i) => Math.max(a.i32[i], b.i32[i])),
  'i32x4.dot_i16x8_s': (a, b) => withI32((i) => a.i16[2 * i] * b.i16[2 * i] + a.i16[2 * i + 1] * b.i16[2 * i + 1]),
  'i16x8.narrow_i32x4_u': (a, b) => withU16((i) => saturate((i < 4 ? a : b).i32[i % 4], 0, 65_535)),
  'i16x8.extend_low_i8x16_u': (a) => withU16((i) => a.u8[i]),
  'i16x8.extend_high_i8x16_u': (a) => withU16((i) => a.u8[i + 8]),
  'i32x4.extend_low_i16x8_u': (a) => withI32((i) => a.u16[i]),
  'i32x4.extend_high_i16x8_u': (a) => withI32((i) => a.u16[i + 4]),
  ...named('i32x4', '', ['shl', 'shr_s', 'shr_u'], (op) => (a, b) => withI32((i) => whole[op](a.i32[i], b.i32[0]))),
  ...named('i32x4', '', ['add', 'sub', 'mul'], (op) => (a, b) => withI32((i) => whole[op](a.i32[i], b.i32[i]))),
  'f32x4.abs': (a) => withI32((i) => a.i32[i] & 0x7fff_ffff),
  'f32x4.neg': (a) => withI32((i) => a.i32[i] ^ 0x8000_0000),
  ...named('f32x4', '', Object.keys(arithmetic), inFloats),
  'f64x2.add': (a, b) => withF64((i) => a.f64[i] + b.f64[i]),
  'f64x2.mul': (a, b) => withF64((i) => a.f64[i] * b.f64[i]),
  'i32x4.trunc_sat_f32x4_s': (a) => withI32((i) => saturate(a.f32[i], -(2 ** 31), 2 ** 31 - 1)),
  'i32x4.trunc_sat_f32x4_u': (a) => withI32((i) => saturate(a.f32[i], 0, 2 ** 32 - 1)),
  'f32x4.convert_i32x4_s': (a) => withF32((i) => a.i32[i]),
  'f32x4.convert_i32x4_u': (a) => withF32((i) => a.u32[i]),
  'f64x2.convert_low_i32x4_s': (a) => withF64((i) => a.i32[i]),
};

/** In one rounding or in two: a machine chooses. So they are held to operands where both are exact. */
const RELAXED: Readonly<Record<string, Operation>> = {
  'f32x4.relaxed_madd': (a, b, c) => withF32((i) => a.f32[i] * b.f32[i] + c.f32[i]),
  'f32x4.relaxed_nmadd': (a, b, c) => withF32((i) => c.f32[i] - a.f32[i] * b.f32[i]),
};

/** From the bytes at an address to what is loaded. */
const LOADS: Readonly<Record<string, (at: Lanes) => Lanes>> = {
  'i32.load': (at) => withI32(() => at.i32[0]),
  'i64.load': (at) => at,
  'i64.load32_u': (at) => withU64(() => BigInt(at.u32[0])),
  'f32.load': (at) => withI32(() => at.i32[0]),
  'i32.load8_u': (at) => withI32(() => at.u8[0]),
  'i32.load16_u': (at) => withI32(() => at.u16[0]),
  'v128.load': (at) => at,
  'v128.load8x8_u': (at) => withU16((i) => at.u8[i]),
  'v128.load16x4_u': (at) => withI32((i) => at.u16[i]),
  'v128.load8_splat': (at) => withU8(() => at.u8[0]),
  'v128.load16_splat': (at) => withU16(() => at.u16[0]),
  'v128.load32_splat': (at) => withI32(() => at.i32[0]),
  'v128.load64_splat': (at) => withI32((i) => at.i32[i % 2]),
  'v128.load32_zero': (at) => withI32((i) => (i < 1 ? at.i32[i] : 0)),
  'v128.load64_zero': (at) => withI32((i) => (i < 2 ? at.i32[i] : 0)),
};

/** How many bytes of a value are stored. */
const STORES: Readonly<Record<string, number>> = {
  'i32.store': 4,
  'i64.store': 8,
  'f32.store': 4,
  'i32.store8': 1,
  'i32.store16': 2,
  'v128.store': 16,
};

/** Takes a lane of the first operand, or gives the first operand with another lane: bytes of a lane. */
const LANES: Readonly<Record<string, number>> = {
  'i32x4.extract_lane': 4,
  'i32x4.replace_lane': 4,
  'f32x4.extract_lane': 4,
  'f32x4.replace_lane': 4,
};

const LANE_LOADS: Readonly<Record<string, number>> = {
  'v128.load8_lane': 1,
  'v128.load16_lane': 2,
  'v128.load32_lane': 4,
  'v128.load64_lane': 8,
};

const LANE_STORES: Readonly<Record<string, number>> = {
  'v128.store8_lane': 1,
  'v128.store16_lane': 2,
  'v128.store32_lane': 4,
  'v128.store64_lane': 8,
};

const OTHERS = ['drop', 'v128.const', 'i8x16.shuffle', 'memory.copy', 'memory.fill'];

/** Sets of operands that each instruction is run with. */
const TRIALS = 100;

/** Where operands and results lie, 32 bytes apart. */
const [A, B, C, RESULT] = [64, 96, 128, 160];

const arena = openArena(1);

beforeAll(() => {
  if (!hasRelaxedMadd()) setFlagsFromString('--experimental-wasm-relaxed-simd');
});

test('every instruction is tested', () => {
  const tested = [VALUES, RELAXED, LOADS, STORES, LANES, LANE_LOADS, LANE_STORES].flatMap(Object.keys);
  expect([...tested, ...OTHERS].toSorted()).toEqual(Object.keys(OPCODES).toSorted());
});

describe('instructions that compute', () => {
  test.each(Object.keys(VALUES))('%s', (name) => {
    const run = compile((code, at) => apply(code, at, name, () => code.op(name as NameWith<'nothing'>)));
    for (let trial = 0; trial < TRIALS; trial++) {
      const operands = [0, 1, 2].map((i) => someLanes(3 * trial + i));
      expectLanes(run(operands), VALUES[name](operands[0], operands[1], operands[2]), name);
    }
  });

  test.each(Object.keys(RELAXED))('%s', (name) => {
    const run = compile((code, at) => apply(code, at, name, () => code.op(name as NameWith<'nothing'>)));
    for (let trial = 0; trial < TRIALS; trial++) {
      const operands = [0, 1, 2].map((place) => withF32((i) => someLanes(3 * trial + place).i16[i] / 256));
      expectLanes(run(operands), RELAXED[name](operands[0], operands[1], operands[2]), name);
    }
  });

  test.each(Object.entries(LANES))('%s', (name, width) => {
    for (let lane = 0; lane < 16 / width; lane++) {
      const run = compile((code, at) => apply(code, at, name, () => code.lane(name as NameWith<'lane'>, lane)));
      const [a, b] = [someLanes(lane), someLanes(lane + 16)];
      const replaced = withI32((i) => (i === lane ? b.i32[0] : a.i32[i]));
      expectLanes(run([a, b]), name.includes('extract') ? withI32(() => a.i32[lane]) : replaced, name);
    }
  });

  test('v128.const', () => {
    const wanted = withU8((i) => 17 * i);
    const run = compile((code, at) => apply(code, at, 'v128.const', () => code.bytes16('v128.const', [...wanted.u8])));
    expectLanes(run([]), wanted, 'v128.const');
  });

  test('i8x16.shuffle', () => {
    const order = [31, 0, 16, 15, 1, 17, 2, 18, 30, 14, 8, 24, 7, 23, 5, 5];
    const run = compile((code, at) => apply(code, at, 'i8x16.shuffle', () => code.bytes16('i8x16.shuffle', order)));
    const [a, b] = [someLanes(1), someLanes(2)];
    const both = [...a.u8, ...b.u8];
    expectLanes(
      run([a, b]),
      withU8((i) => both[order[i]]),
      'i8x16.shuffle',
    );
  });

  test('drop', () => {
    const run = compile((code, [a, b, , to]) => {
      load(code, b, 'v128');
      load(code, a, 'v128');
      code.op('drop');
      keep(code, to, 'v128');
    });
    expectLanes(run([someLanes(1), someLanes(2)]), someLanes(2), 'drop');
  });
});

describe('loads and stores', () => {
  test.each(Object.keys(LOADS))('%s', (name) => {
    const [type] = OPCODES[name].gives;
    const run = compile((code, [a, , , to]) => {
      code.get(a);
      code.memory(name as NameWith<'memory'>, 5);
      keep(code, to, type);
    });
    for (let trial = 0; trial < TRIALS; trial++) {
      const at = someLanes(trial);
      arena.bytes.set(at.u8, A + 5);
      expectLanes(run([]), LOADS[name](at), name, type);
    }
  });

  test.each(Object.entries(STORES))('%s', (name, width) => {
    const type = OPCODES[name].takes[1];
    const run = compile((code, [a, b]) => {
      code.get(b);
      load(code, a, type);
      code.memory(name as NameWith<'memory'>, 5, Math.log2(width));
    });
    expectStored(run, width, 0);
  });

  test.each(Object.entries(LANE_LOADS))('%s', (name, width) => {
    for (let lane = 0; lane < 16 / width; lane++) {
      const run = compile((code, [a, b, , to]) => {
        code.get(b);
        load(code, a, 'v128');
        code.lane(name as NameWith<'lane'>, lane, 5);
        keep(code, to, 'v128');
      });
      const [a, at] = [someLanes(lane), someLanes(lane + 16)];
      arena.bytes.set(at.u8, B + 5);
      const within = (i: number): boolean => Math.floor(i / width) === lane;
      expectLanes(
        run([a]),
        withU8((i) => (within(i) ? at.u8[i % width] : a.u8[i])),
        name,
      );
    }
  });

  test.each(Object.entries(LANE_STORES))('%s', (name, width) => {
    for (let lane = 0; lane < 16 / width; lane++) {
      const run = compile((code, [a, b]) => {
        code.get(b);
        load(code, a, 'v128');
        code.lane(name as NameWith<'lane'>, lane, 5);
      });
      expectStored(run, width, lane);
    }
  });

  test('memory.copy', () => {
    const run = compile((code, [a, , , to]) => {
      code.get(to);
      code.get(a);
      code.i32(16);
      code.op('memory.copy');
    });
    expectLanes(run([someLanes(1)]), someLanes(1), 'memory.copy');
  });

  test('memory.fill', () => {
    const run = compile((code, [, , , to]) => {
      code.get(to);
      code.i32(0x1ab);
      code.i32(16);
      code.op('memory.fill');
    });
    expectLanes(
      run([]),
      withU8(() => 0xab),
      'memory.fill',
    );
  });
});

function named(
  type: string,
  ending: string,
  names: readonly string[],
  of: (name: string) => Operation,
): Record<string, Operation> {
  return Object.fromEntries(names.map((name) => [`${type}.${name}${ending}`, of(name)]));
}

/** In Float64, then rounded: the same as one Float32 operation. */
function inFloats(name: string): Operation {
  return (a, b) => withF32((i) => arithmetic[name](a.f32[i], b.f32[i]));
}

function nearest(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  const up = rest > 0.5 || (rest === 0.5 && below % 2 !== 0);
  // −0.5 … −0 keep their sign.
  return up ? below + 1 || (value < 0 ? -0 : 1) : Object.is(value, -0) ? -0 : below;
}

function saturate(value: number, least: number, most: number): number {
  return Number.isNaN(value) ? 0 : Math.min(most, Math.max(least, Math.trunc(value)));
}

/** A tiny module of one function, given the addresses A, B, C and RESULT; it must be valid before it is compiled. */
function compile(write: (code: Code, operands: readonly Local[]) => void): (operands: readonly Lanes[]) => Lanes {
  const bytes = assemble([{ name: 'run', parameters: ['i32', 'i32', 'i32', 'i32'], write }]);
  expect(host.validate(bytes)).toBe(true);
  const { run } = arena.exportsOf(new host.Module(bytes));
  return (operands) => {
    operands.forEach(({ u8 }, i) => arena.bytes.set(u8, [A, B, C][i]));
    run(A, B, C, RESULT);
    return lanes(arena.bytes.subarray(RESULT, RESULT + 16));
  };
}

/** Loads what an instruction takes, writes it, and stores what it gives. */
function apply(code: Code, addresses: readonly Local[], name: string, write: () => void): void {
  const { takes, gives } = OPCODES[name];
  takes.forEach((type, i) => load(code, addresses[i], type));
  write();
  keep(code, addresses[3], gives[0]);
}

function load(code: Code, address: Local, type: ValueType): void {
  code.get(address);
  code.memory(`${type}.load`);
}

/** Stores the value on the stack. */
function keep(code: Code, to: Local, type: ValueType): void {
  const value = code.local(type);
  code.set(value);
  code.get(to);
  code.get(value);
  code.memory(`${type}.store`);
}

/** The same bits; from arithmetic any NaN is any NaN. */
function expectLanes(actual: Lanes, wanted: Lanes, name: string, type: ValueType = OPCODES[name].gives[0]): void {
  const count = COMPARED[type];
  const arithmetical = /^f32(x4)?\.(nearest|trunc|ceil|floor|sqrt|add|sub|mul|div|p?min|p?max)$/.test(name);
  for (let i = 0; i < count; i++) {
    const double = Math.floor(i / 2);
    if (arithmetical && Number.isNaN(wanted.f32[i])) expect(actual.f32[i]).toBeNaN();
    else if (name.startsWith('f64') && Number.isNaN(wanted.f64[double])) expect(actual.f64[double]).toBeNaN();
    else expect([name, i, hex(actual.u32[i])]).toEqual([name, i, hex(wanted.u32[i])]);
  }
}

/** 32-bit words of a value. */
const COMPARED: Readonly<Record<ValueType, number>> = { i32: 1, i64: 2, f32: 1, v128: 4 };

function hex(word: number): string {
  return word.toString(16).padStart(8, '0');
}

/** A lane of A must come to lie 5 bytes beyond B, and nothing beside it change. */
function expectStored(run: (operands: readonly Lanes[]) => Lanes, width: number, lane: number): void {
  for (let trial = 0; trial < TRIALS; trial++) {
    const value = someLanes(trial);
    arena.bytes.fill(0x5a, B, B + 32);
    run([value]);
    const wanted = new Uint8Array(32).fill(0x5a);
    wanted.set(value.u8.subarray(lane * width, (lane + 1) * width), 5);
    expect([...arena.bytes.subarray(B, B + 32)]).toEqual([...wanted]);
  }
}
