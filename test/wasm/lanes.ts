/** Sixteen bytes, seen as lanes of every type that our code has. A number alone is the first lane. */
export interface Lanes {
  readonly u8: Uint8Array;
  readonly i16: Int16Array;
  readonly u16: Uint16Array;
  readonly i32: Int32Array;
  readonly u32: Uint32Array;
  readonly u64: BigUint64Array;
  readonly f32: Float32Array;
  readonly f64: Float64Array;
}

export function lanes(bytes: ArrayLike<number> = []): Lanes {
  const { buffer } = Uint8Array.from({ length: 16 }, (_, i) => bytes[i] ?? 0);
  return {
    u8: new Uint8Array(buffer),
    i16: new Int16Array(buffer),
    u16: new Uint16Array(buffer),
    i32: new Int32Array(buffer),
    u32: new Uint32Array(buffer),
    u64: new BigUint64Array(buffer),
    f32: new Float32Array(buffer),
    f64: new Float64Array(buffer),
  };
}

export function withF32(lane: (i: number) => number): Lanes {
  const result = lanes();
  result.f32.forEach((_, i) => (result.f32[i] = lane(i)));
  return result;
}

export function withF64(lane: (i: number) => number): Lanes {
  const result = lanes();
  result.f64.forEach((_, i) => (result.f64[i] = lane(i)));
  return result;
}

export function withI32(lane: (i: number) => number): Lanes {
  const result = lanes();
  result.i32.forEach((_, i) => (result.i32[i] = lane(i)));
  return result;
}

export function withU64(lane: (i: number) => bigint): Lanes {
  const result = lanes();
  result.u64.forEach((_, i) => (result.u64[i] = lane(i)));
  return result;
}

export function withU16(lane: (i: number) => number): Lanes {
  const result = lanes();
  result.u16.forEach((_, i) => (result.u16[i] = lane(i)));
  return result;
}

export function withU8(lane: (i: number) => number): Lanes {
  return lanes(Array.from({ length: 16 }, (_, i) => lane(i)));
}

/** Patterns where arithmetic of 8, 16 and 32 bits and of Float32 has its corners. */
const CORNERS: readonly number[] = [
  0x0000_0000, 0x8000_0000, 0x7fff_ffff, 0xffff_ffff, 0x0000_0001, 0x8000_0001, 0x00ff_80ff, 0xff7f_0100, 0x7f80_0000,
  0xff80_0000, 0x7fc0_0000, 0x3f80_0000, 0xbf80_0000, 0x3f00_0000, 0xbf00_0000, 0x3fc0_0000, 0x4020_0000, 0x4b00_0001,
  0x4f00_0000, 0xcf00_0000, 0x4f7f_ffff, 0x4f80_0000, 0x7f7f_ffff, 0x0080_0000, 0x007f_ffff, 0x0302_0100, 0x1f10_0f05,
];

/** Lanes of corners and of any bits, the same at every run. */
export function someLanes(seed: number): Lanes {
  let state = Math.imul(seed + 1, 0x9e37_79b1) >>> 0;
  const next = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state >>> 16) | 0;
  };
  return withI32(() => (next() % 3 === 0 ? (next() << 16) | next() : CORNERS[next() % CORNERS.length]));
}
