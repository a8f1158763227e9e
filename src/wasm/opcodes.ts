/** The value types that our code uses. */
export type ValueType = 'i32' | 'f32' | 'v128';

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

const TYPES: Readonly<Record<string, ValueType>> = { i: 'i32', f: 'f32', v: 'v128' };

function opcode(bytes: readonly number[], signature: string, immediate: Immediate = 'nothing', width = 0): Opcode {
  const [takes, gives] = signature.split('>').map((letters) => Array.from(letters, (letter) => TYPES[letter]));
  return { bytes, takes, gives, immediate, width };
}

/** An instruction of the vector extension: prefix 0xfd, then the number in LEB128. */
function vector(number: number, signature: string, immediate?: Immediate, width?: number): Opcode {
  const bytes = number < 0x80 ? [0xfd, number] : [0xfd, (number & 0x7f) | 0x80, number >> 7];
  return opcode(bytes, signature, immediate, width);
}

/**
 * Instructions under the names of the WebAssembly core specification 2.0 (and its relaxed SIMD proposal).
 * Control, locals and constants are the assembler's own.
 */
export const OPCODES: Readonly<Record<string, Opcode>> = {
  drop: opcode([0x1a], 'v>'),
  'i32.load': opcode([0x28], 'i>i', 'memory', 4),
  'f32.load': opcode([0x2a], 'i>f', 'memory', 4),
  'i32.load8_u': opcode([0x2d], 'i>i', 'memory', 1),
  'i32.load16_u': opcode([0x2f], 'i>i', 'memory', 2),
  'i32.store': opcode([0x36], 'ii>', 'memory', 4),
  'f32.store': opcode([0x38], 'if>', 'memory', 4),
  'i32.store8': opcode([0x3a], 'ii>', 'memory', 1),
  'i32.store16': opcode([0x3b], 'ii>', 'memory', 2),
  'i32.eqz': opcode([0x45], 'i>i'),
  'i32.eq': opcode([0x46], 'ii>i'),
  'i32.ne': opcode([0x47], 'ii>i'),
  'i32.lt_s': opcode([0x48], 'ii>i'),
  'i32.lt_u': opcode([0x49], 'ii>i'),
  'i32.gt_s': opcode([0x4a], 'ii>i'),
  'i32.gt_u': opcode([0x4b], 'ii>i'),
  'i32.le_s': opcode([0x4c], 'ii>i'),
  'i32.le_u': opcode([0x4d], 'ii>i'),
  'i32.ge_s': opcode([0x4e], 'ii>i'),
  'i32.ge_u': opcode([0x4f], 'ii>i'),
  'i32.ctz': opcode([0x68], 'i>i'),
  'i32.add': opcode([0x6a], 'ii>i'),
  'i32.sub': opcode([0x6b], 'ii>i'),
  'i32.mul': opcode([0x6c], 'ii>i'),
  'i32.and': opcode([0x71], 'ii>i'),
  'i32.or': opcode([0x72], 'ii>i'),
  'i32.xor': opcode([0x73], 'ii>i'),
  'i32.shl': opcode([0x74], 'ii>i'),
  'i32.shr_s': opcode([0x75], 'ii>i'),
  'i32.shr_u': opcode([0x76], 'ii>i'),
  'f32.abs': opcode([0x8b], 'f>f'),
  'f32.neg': opcode([0x8c], 'f>f'),
  'f32.nearest': opcode([0x90], 'f>f'),
  'f32.trunc': opcode([0x8f], 'f>f'),
  'f32.sqrt': opcode([0x91], 'f>f'),
  'f32.add': opcode([0x92], 'ff>f'),
  'f32.sub': opcode([0x93], 'ff>f'),
  'f32.mul': opcode([0x94], 'ff>f'),
  'f32.div': opcode([0x95], 'ff>f'),
  'f32.min': opcode([0x96], 'ff>f'),
  'f32.max': opcode([0x97], 'ff>f'),
  'f32.convert_i32_s': opcode([0xb2], 'i>f'),
  'f32.convert_i32_u': opcode([0xb3], 'i>f'),
  'i32.trunc_sat_f32_s': opcode([0xfc, 0x00], 'f>i'),
  'i32.trunc_sat_f32_u': opcode([0xfc, 0x01], 'f>i'),
  'memory.copy': opcode([0xfc, 0x0a, 0x00, 0x00], 'iii>'),
  'memory.fill': opcode([0xfc, 0x0b, 0x00], 'iii>'),

  'v128.load': vector(0x00, 'i>v', 'memory', 16),
  'v128.load8x8_u': vector(0x02, 'i>v', 'memory', 8),
  'v128.load16x4_u': vector(0x04, 'i>v', 'memory', 8),
  'v128.load8_splat': vector(0x07, 'i>v', 'memory', 1),
  'v128.load16_splat': vector(0x08, 'i>v', 'memory', 2),
  'v128.load32_splat': vector(0x09, 'i>v', 'memory', 4),
  'v128.load64_splat': vector(0x0a, 'i>v', 'memory', 8),
  'v128.store': vector(0x0b, 'iv>', 'memory', 16),
  'v128.const': vector(0x0c, '>v', 'bytes16'),
  'i8x16.shuffle': vector(0x0d, 'vv>v', 'bytes16'),
  'i8x16.swizzle': vector(0x0e, 'vv>v'),
  'i8x16.splat': vector(0x0f, 'i>v'),
  'i16x8.splat': vector(0x10, 'i>v'),
  'i32x4.splat': vector(0x11, 'i>v'),
  'f32x4.splat': vector(0x13, 'f>v'),
  'i32x4.extract_lane': vector(0x1b, 'v>i', 'lane', 4),
  'i32x4.replace_lane': vector(0x1c, 'vi>v', 'lane', 4),
  'f32x4.extract_lane': vector(0x1f, 'v>f', 'lane', 4),
  'f32x4.replace_lane': vector(0x20, 'vf>v', 'lane', 4),
  'i8x16.eq': vector(0x23, 'vv>v'),
  'i32x4.eq': vector(0x37, 'vv>v'),
  'i32x4.ne': vector(0x38, 'vv>v'),
  'i32x4.lt_s': vector(0x39, 'vv>v'),
  'i32x4.gt_s': vector(0x3b, 'vv>v'),
  'f32x4.eq': vector(0x41, 'vv>v'),
  'f32x4.ne': vector(0x42, 'vv>v'),
  'f32x4.lt': vector(0x43, 'vv>v'),
  'f32x4.gt': vector(0x44, 'vv>v'),
  'f32x4.le': vector(0x45, 'vv>v'),
  'f32x4.ge': vector(0x46, 'vv>v'),
  'v128.not': vector(0x4d, 'v>v'),
  'v128.and': vector(0x4e, 'vv>v'),
  'v128.andnot': vector(0x4f, 'vv>v'),
  'v128.or': vector(0x50, 'vv>v'),
  'v128.xor': vector(0x51, 'vv>v'),
  'v128.bitselect': vector(0x52, 'vvv>v'),
  'v128.any_true': vector(0x53, 'v>i'),
  'v128.load8_lane': vector(0x54, 'iv>v', 'memoryLane', 1),
  'v128.load16_lane': vector(0x55, 'iv>v', 'memoryLane', 2),
  'v128.load32_lane': vector(0x56, 'iv>v', 'memoryLane', 4),
  'v128.load64_lane': vector(0x57, 'iv>v', 'memoryLane', 8),
  'v128.store8_lane': vector(0x58, 'iv>', 'memoryLane', 1),
  'v128.store16_lane': vector(0x59, 'iv>', 'memoryLane', 2),
  'v128.store32_lane': vector(0x5a, 'iv>', 'memoryLane', 4),
  'v128.store64_lane': vector(0x5b, 'iv>', 'memoryLane', 8),
  'v128.load32_zero': vector(0x5c, 'i>v', 'memory', 4),
  'v128.load64_zero': vector(0x5d, 'i>v', 'memory', 8),
  'i8x16.bitmask': vector(0x64, 'v>i'),
  'i8x16.narrow_i16x8_u': vector(0x66, 'vv>v'),
  'i8x16.le_u': vector(0x2a, 'vv>v'),
  'i8x16.ge_u': vector(0x2c, 'vv>v'),
  'i8x16.add_sat_u': vector(0x70, 'vv>v'),
  'i8x16.sub': vector(0x71, 'vv>v'),
  'i8x16.sub_sat_u': vector(0x73, 'vv>v'),
  'i16x8.abs': vector(0x80, 'v>v'),
  'i16x8.narrow_i32x4_s': vector(0x85, 'vv>v'),
  'f32x4.ceil': vector(0x67, 'v>v'),
  'f32x4.floor': vector(0x68, 'v>v'),
  'f32x4.trunc': vector(0x69, 'v>v'),
  'f32x4.nearest': vector(0x6a, 'v>v'),
  'i16x8.narrow_i32x4_u': vector(0x86, 'vv>v'),
  'i16x8.extend_low_i8x16_u': vector(0x89, 'v>v'),
  'i16x8.extend_high_i8x16_u': vector(0x8a, 'v>v'),
  'i16x8.add': vector(0x8e, 'vv>v'),
  'i16x8.sub': vector(0x91, 'vv>v'),
  'i16x8.mul': vector(0x95, 'vv>v'),
  'i32x4.extend_low_i16x8_u': vector(0xa9, 'v>v'),
  'i32x4.extend_high_i16x8_u': vector(0xaa, 'v>v'),
  'i32x4.shl': vector(0xab, 'vi>v'),
  'i32x4.shr_s': vector(0xac, 'vi>v'),
  'i32x4.shr_u': vector(0xad, 'vi>v'),
  'i32x4.add': vector(0xae, 'vv>v'),
  'i32x4.sub': vector(0xb1, 'vv>v'),
  'i32x4.mul': vector(0xb5, 'vv>v'),
  'i32x4.max_s': vector(0xb8, 'vv>v'),
  'i32x4.dot_i16x8_s': vector(0xba, 'vv>v'),
  'f32x4.abs': vector(0xe0, 'v>v'),
  'f32x4.neg': vector(0xe1, 'v>v'),
  'f32x4.sqrt': vector(0xe3, 'v>v'),
  'f32x4.add': vector(0xe4, 'vv>v'),
  'f32x4.sub': vector(0xe5, 'vv>v'),
  'f32x4.mul': vector(0xe6, 'vv>v'),
  'f32x4.div': vector(0xe7, 'vv>v'),
  'f32x4.min': vector(0xe8, 'vv>v'),
  'f32x4.max': vector(0xe9, 'vv>v'),
  'f32x4.pmin': vector(0xea, 'vv>v'),
  'f32x4.pmax': vector(0xeb, 'vv>v'),
  'f64x2.add': vector(0xf0, 'vv>v'),
  'f64x2.mul': vector(0xf2, 'vv>v'),
  'i32x4.trunc_sat_f32x4_s': vector(0xf8, 'v>v'),
  'i32x4.trunc_sat_f32x4_u': vector(0xf9, 'v>v'),
  'f32x4.convert_i32x4_s': vector(0xfa, 'v>v'),
  'f32x4.convert_i32x4_u': vector(0xfb, 'v>v'),
  'f64x2.convert_low_i32x4_s': vector(0xfe, 'v>v'),
  'f32x4.relaxed_madd': vector(0x105, 'vvv>v'),
  'f32x4.relaxed_nmadd': vector(0x106, 'vvv>v'),
};
