import { unsigned } from './encode.ts';

/** The value types that our code uses. */
export type ValueType = 'i32' | 'i64' | 'f32' | 'v128';

export const VALUE_BYTES: Readonly<Record<ValueType, number>> = { i32: 0x7f, i64: 0x7e, f32: 0x7d, v128: 0x7b };

/** What follows an opcode: a memory argument, a lane, both, or sixteen lanes or constant bytes. */
export type Immediate = 'nothing' | 'memory' | 'lane' | 'memoryLane' | 'bytes16';

/** How an instruction is encoded, and what it takes from the stack (the deepest first) and leaves there. */
export interface Opcode {
  readonly bytes: readonly number[];
  readonly takes: readonly ValueType[];
  readonly gives: readonly ValueType[];
  readonly immediate: Immediate;
  /** Bytes in memory, or of a lane; 0 where it has neither. */
  readonly width: number;
}

/**
 * An instruction's number (a prefix of 0xfc or 0xfd above twelve bits), the letters of the types that it takes and gives, its
 * immediate, the bytes that it reads or writes, and the zero bytes that end its encoding.
 */
type Row = readonly [number: number, signature: string, immediate?: Immediate, width?: number, zeros?: number];

/**
 * Instructions under the names of the WebAssembly core specification 2.0 (and its relaxed SIMD proposal). Control, locals and
 * constants are the assembler's own.
 */
const INSTRUCTIONS = {
  drop: [0x1a, 'v>'],
  'i32.load': [0x28, 'i>i', 'memory', 4],
  'i64.load': [0x29, 'i>l', 'memory', 8],
  'f32.load': [0x2a, 'i>f', 'memory', 4],
  'i32.load8_u': [0x2d, 'i>i', 'memory', 1],
  'i32.load16_u': [0x2f, 'i>i', 'memory', 2],
  'i64.load32_u': [0x35, 'i>l', 'memory', 4],
  'i32.store': [0x36, 'ii>', 'memory', 4],
  'i64.store': [0x37, 'il>', 'memory', 8],
  'f32.store': [0x38, 'if>', 'memory', 4],
  'i32.store8': [0x3a, 'ii>', 'memory', 1],
  'i32.store16': [0x3b, 'ii>', 'memory', 2],
  'i32.eqz': [0x45, 'i>i'],
  'i32.eq': [0x46, 'ii>i'],
  'i32.ne': [0x47, 'ii>i'],
  'i32.lt_s': [0x48, 'ii>i'],
  'i32.lt_u': [0x49, 'ii>i'],
  'i32.gt_s': [0x4a, 'ii>i'],
  'i32.gt_u': [0x4b, 'ii>i'],
  'i32.le_s': [0x4c, 'ii>i'],
  'i32.le_u': [0x4d, 'ii>i'],
  'i32.ge_s': [0x4e, 'ii>i'],
  'i32.ge_u': [0x4f, 'ii>i'],
  'i32.ctz': [0x68, 'i>i'],
  'i32.add': [0x6a, 'ii>i'],
  'i32.sub': [0x6b, 'ii>i'],
  'i32.mul': [0x6c, 'ii>i'],
  'i32.and': [0x71, 'ii>i'],
  'i32.or': [0x72, 'ii>i'],
  'i32.xor': [0x73, 'ii>i'],
  'i32.shl': [0x74, 'ii>i'],
  'i32.shr_s': [0x75, 'ii>i'],
  'i32.shr_u': [0x76, 'ii>i'],
  'i64.add': [0x7c, 'll>l'],
  'i64.and': [0x83, 'll>l'],
  'i64.or': [0x84, 'll>l'],
  'i64.shl': [0x86, 'll>l'],
  'i64.shr_u': [0x88, 'll>l'],
  'f32.abs': [0x8b, 'f>f'],
  'f32.neg': [0x8c, 'f>f'],
  'f32.nearest': [0x90, 'f>f'],
  'f32.trunc': [0x8f, 'f>f'],
  'f32.sqrt': [0x91, 'f>f'],
  'f32.add': [0x92, 'ff>f'],
  'f32.sub': [0x93, 'ff>f'],
  'f32.mul': [0x94, 'ff>f'],
  'f32.div': [0x95, 'ff>f'],
  'f32.min': [0x96, 'ff>f'],
  'f32.max': [0x97, 'ff>f'],
  'i32.wrap_i64': [0xa7, 'l>i'],
  'i64.extend_i32_u': [0xad, 'i>l'],
  'f32.convert_i32_s': [0xb2, 'i>f'],
  'f32.convert_i32_u': [0xb3, 'i>f'],
  'i32.trunc_sat_f32_s': [0xfc_000, 'f>i'],
  'i32.trunc_sat_f32_u': [0xfc_001, 'f>i'],
  'memory.copy': [0xfc_00a, 'iii>', 'nothing', 0, 2],
  'memory.fill': [0xfc_00b, 'iii>', 'nothing', 0, 1],

  'v128.load': [0xfd_000, 'i>v', 'memory', 16],
  'v128.load8x8_u': [0xfd_002, 'i>v', 'memory', 8],
  'v128.load16x4_u': [0xfd_004, 'i>v', 'memory', 8],
  'v128.load8_splat': [0xfd_007, 'i>v', 'memory', 1],
  'v128.load16_splat': [0xfd_008, 'i>v', 'memory', 2],
  'v128.load32_splat': [0xfd_009, 'i>v', 'memory', 4],
  'v128.load64_splat': [0xfd_00a, 'i>v', 'memory', 8],
  'v128.store': [0xfd_00b, 'iv>', 'memory', 16],
  'v128.const': [0xfd_00c, '>v', 'bytes16'],
  'i8x16.shuffle': [0xfd_00d, 'vv>v', 'bytes16'],
  'i8x16.swizzle': [0xfd_00e, 'vv>v'],
  'i8x16.splat': [0xfd_00f, 'i>v'],
  'i16x8.splat': [0xfd_010, 'i>v'],
  'i32x4.splat': [0xfd_011, 'i>v'],
  'f32x4.splat': [0xfd_013, 'f>v'],
  'i32x4.extract_lane': [0xfd_01b, 'v>i', 'lane', 4],
  'i32x4.replace_lane': [0xfd_01c, 'vi>v', 'lane', 4],
  'f32x4.extract_lane': [0xfd_01f, 'v>f', 'lane', 4],
  'f32x4.replace_lane': [0xfd_020, 'vf>v', 'lane', 4],
  'i8x16.eq': [0xfd_023, 'vv>v'],
  'i32x4.eq': [0xfd_037, 'vv>v'],
  'i32x4.ne': [0xfd_038, 'vv>v'],
  'i32x4.lt_s': [0xfd_039, 'vv>v'],
  'i32x4.gt_s': [0xfd_03b, 'vv>v'],
  'f32x4.eq': [0xfd_041, 'vv>v'],
  'f32x4.ne': [0xfd_042, 'vv>v'],
  'f32x4.lt': [0xfd_043, 'vv>v'],
  'f32x4.gt': [0xfd_044, 'vv>v'],
  'f32x4.le': [0xfd_045, 'vv>v'],
  'f32x4.ge': [0xfd_046, 'vv>v'],
  'v128.not': [0xfd_04d, 'v>v'],
  'v128.and': [0xfd_04e, 'vv>v'],
  'v128.andnot': [0xfd_04f, 'vv>v'],
  'v128.or': [0xfd_050, 'vv>v'],
  'v128.xor': [0xfd_051, 'vv>v'],
  'v128.bitselect': [0xfd_052, 'vvv>v'],
  'v128.any_true': [0xfd_053, 'v>i'],
  'v128.load8_lane': [0xfd_054, 'iv>v', 'memoryLane', 1],
  'v128.load16_lane': [0xfd_055, 'iv>v', 'memoryLane', 2],
  'v128.load32_lane': [0xfd_056, 'iv>v', 'memoryLane', 4],
  'v128.load64_lane': [0xfd_057, 'iv>v', 'memoryLane', 8],
  'v128.store8_lane': [0xfd_058, 'iv>', 'memoryLane', 1],
  'v128.store16_lane': [0xfd_059, 'iv>', 'memoryLane', 2],
  'v128.store32_lane': [0xfd_05a, 'iv>', 'memoryLane', 4],
  'v128.store64_lane': [0xfd_05b, 'iv>', 'memoryLane', 8],
  'v128.load32_zero': [0xfd_05c, 'i>v', 'memory', 4],
  'v128.load64_zero': [0xfd_05d, 'i>v', 'memory', 8],
  'i8x16.bitmask': [0xfd_064, 'v>i'],
  'i8x16.narrow_i16x8_u': [0xfd_066, 'vv>v'],
  'i8x16.le_u': [0xfd_02a, 'vv>v'],
  'i8x16.ge_u': [0xfd_02c, 'vv>v'],
  'i8x16.add_sat_u': [0xfd_070, 'vv>v'],
  'i8x16.sub': [0xfd_071, 'vv>v'],
  'i8x16.sub_sat_u': [0xfd_073, 'vv>v'],
  'i16x8.abs': [0xfd_080, 'v>v'],
  'i16x8.narrow_i32x4_s': [0xfd_085, 'vv>v'],
  'f32x4.ceil': [0xfd_067, 'v>v'],
  'f32x4.floor': [0xfd_068, 'v>v'],
  'f32x4.trunc': [0xfd_069, 'v>v'],
  'f32x4.nearest': [0xfd_06a, 'v>v'],
  'i16x8.narrow_i32x4_u': [0xfd_086, 'vv>v'],
  'i16x8.extend_low_i8x16_u': [0xfd_089, 'v>v'],
  'i16x8.extend_high_i8x16_u': [0xfd_08a, 'v>v'],
  'i16x8.add': [0xfd_08e, 'vv>v'],
  'i16x8.sub': [0xfd_091, 'vv>v'],
  'i16x8.mul': [0xfd_095, 'vv>v'],
  'i32x4.extend_low_i16x8_u': [0xfd_0a9, 'v>v'],
  'i32x4.extend_high_i16x8_u': [0xfd_0aa, 'v>v'],
  'i32x4.shl': [0xfd_0ab, 'vi>v'],
  'i32x4.shr_s': [0xfd_0ac, 'vi>v'],
  'i32x4.shr_u': [0xfd_0ad, 'vi>v'],
  'i32x4.add': [0xfd_0ae, 'vv>v'],
  'i32x4.sub': [0xfd_0b1, 'vv>v'],
  'i32x4.mul': [0xfd_0b5, 'vv>v'],
  'i32x4.max_s': [0xfd_0b8, 'vv>v'],
  'i32x4.dot_i16x8_s': [0xfd_0ba, 'vv>v'],
  'f32x4.abs': [0xfd_0e0, 'v>v'],
  'f32x4.neg': [0xfd_0e1, 'v>v'],
  'f32x4.sqrt': [0xfd_0e3, 'v>v'],
  'f32x4.add': [0xfd_0e4, 'vv>v'],
  'f32x4.sub': [0xfd_0e5, 'vv>v'],
  'f32x4.mul': [0xfd_0e6, 'vv>v'],
  'f32x4.div': [0xfd_0e7, 'vv>v'],
  'f32x4.min': [0xfd_0e8, 'vv>v'],
  'f32x4.max': [0xfd_0e9, 'vv>v'],
  'f32x4.pmin': [0xfd_0ea, 'vv>v'],
  'f32x4.pmax': [0xfd_0eb, 'vv>v'],
  'f64x2.add': [0xfd_0f0, 'vv>v'],
  'f64x2.mul': [0xfd_0f2, 'vv>v'],
  'i32x4.trunc_sat_f32x4_s': [0xfd_0f8, 'v>v'],
  'i32x4.trunc_sat_f32x4_u': [0xfd_0f9, 'v>v'],
  'f32x4.convert_i32x4_s': [0xfd_0fa, 'v>v'],
  'f32x4.convert_i32x4_u': [0xfd_0fb, 'v>v'],
  'f64x2.convert_low_i32x4_s': [0xfd_0fe, 'v>v'],
  'f32x4.relaxed_madd': [0xfd_105, 'vvv>v'],
  'f32x4.relaxed_nmadd': [0xfd_106, 'vvv>v'],
} as const;

type Instructions = typeof INSTRUCTIONS;

type InstructionName = keyof Instructions;

/** The instructions with an immediate of that kind. */
export type NameWith<I extends Immediate> = {
  [N in InstructionName]: Instructions[N] extends readonly [number, string, infer J, ...unknown[]]
    ? J extends I
      ? N
      : never
    : 'nothing' extends I
      ? N
      : never;
}[InstructionName];

const LETTERS = { i: 'i32', l: 'i64', f: 'f32', v: 'v128' } as const;

type Letters = typeof LETTERS;

type Typed<S extends string> = S extends `${infer L extends keyof Letters}${infer Rest}`
  ? [Letters[L], ...Typed<Rest>]
  : [];

/** The types that an instruction takes, the deepest first. */
export type TakesOf<N extends InstructionName> = Instructions[N][1] extends `${infer S}>${string}` ? Typed<S> : never;

/** The type that an instruction gives; `never` where it gives nothing. */
export type GivesOf<N extends InstructionName> = Instructions[N][1] extends `${string}>${infer L extends keyof Letters}`
  ? Letters[L]
  : never;

export const OPCODES: Readonly<Record<string, Opcode>> = Object.fromEntries(
  Object.entries<Row>(INSTRUCTIONS).map(([name, row]) => [name, opcodeOf(row)]),
);

function opcodeOf([number, signature, immediate = 'nothing', width = 0, zeros = 0]: Row): Opcode {
  const prefix = number >> 12;
  const bytes = prefix === 0 ? [number] : [prefix, ...unsigned(number & 0xfff), ...new Array<number>(zeros).fill(0)];
  const [takes, gives] = signature
    .split('>')
    .map((letters) => Array.from(letters, (letter) => LETTERS[letter as keyof Letters]));
  return { bytes, takes, gives, immediate, width };
}
