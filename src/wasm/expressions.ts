import type { Code, Label, Local, Value } from './code.ts';
import { type GivesOf, type NameWith, OPCODES, type TakesOf, type ValueType } from './opcodes.ts';

/** What an instruction works on: a value of its type, or a number that becomes a constant. */
export type Operand<T extends ValueType> = Value<T> | (T extends 'i32' | 'f32' ? number : never);

type Operands<T extends readonly ValueType[]> = { readonly [I in keyof T]: Operand<T[I]> };

/** The instructions of one type, by what comes after the point of their names: operands in, value out. */
type Family<P extends string> = {
  readonly [N in NameWith<'nothing'> as N extends `${P}.${infer W}` ? W : never]: (
    ...operands: Operands<TakesOf<N>>
  ) => Value<GivesOf<N>>;
};

export const i32: Family<'i32'> = familyOf('i32');
export const i64: Family<'i64'> = familyOf('i64');
export const f32: Family<'f32'> = familyOf('f32');
export const v128: Family<'v128'> = familyOf('v128');
export const i8x16: Family<'i8x16'> = familyOf('i8x16');
export const i16x8: Family<'i16x8'> = familyOf('i16x8');
export const i32x4: Family<'i32x4'> = familyOf('i32x4');
export const f32x4: Family<'f32x4'> = familyOf('f32x4');
export const f64x2: Family<'f64x2'> = familyOf('f64x2');

/** `yes` where the bits of the mask are 1, else `no`. */
export function select(mask: Value<'v128'>, yes: Value<'v128'>, no: Value<'v128'>): Value<'v128'> {
  return v128.bitselect(yes, no, mask);
}

/** A constant of 64 bits, from 0 to 2³² − 1. */
export function long(value: number): Value<'i64'> {
  return i64.extend_i32_u(value);
}

/** A constant vector of lanes of one size, the given numbers in turn. */
export function lanes(size: 'i8' | 'i16' | 'i32' | 'f32', ...numbers: readonly number[]): Value<'v128'> {
  const vector = new ARRAYS[size](16 / ARRAYS[size].BYTES_PER_ELEMENT).map((_, i) => numbers[i % numbers.length]);
  const bytes = Array.from(new Uint8Array(vector.buffer));
  return { type: 'v128', push: (code) => code.bytes16('v128.const', bytes) };
}

const ARRAYS = { i8: Uint8Array, i16: Int16Array, i32: Int32Array, f32: Float32Array } as const;

/** Bytes of two vectors, each named by its place among the thirty-two. */
export function shuffle(a: Value<'v128'>, b: Value<'v128'>, places: readonly number[]): Value<'v128'> {
  return {
    type: 'v128',
    push(code) {
      a.push(code);
      b.push(code);
      code.bytes16('i8x16.shuffle', places);
    },
  };
}

type Load = Extract<NameWith<'memory'>, `${string}.load${string}`>;
type Store = Extract<NameWith<'memory'>, `${string}.store${string}`>;

/** What lies `offset` bytes beyond an address that is a multiple of 2^`align`. */
export function load<N extends Load>(
  name: N,
  address: Operand<'i32'>,
  offset?: number,
  align?: number,
): Value<GivesOf<N>> {
  return valueOf(name, (code) => {
    push(code, address, 'i32');
    code.memory(name, offset, align);
  });
}

/** Stores a value `offset` bytes beyond an address that is a multiple of 2^`align`. */
export function store<N extends Store>(
  code: Code,
  name: N,
  address: Operand<'i32'>,
  value: Operand<Extract<TakesOf<N>[1], ValueType>>,
  offset?: number,
  align?: number,
): void {
  push(code, address, 'i32');
  push(code, value, OPCODES[name].takes[1]);
  code.memory(name, offset, align);
}

/** Stores one lane of a vector. */
export function storeLane(
  code: Code,
  name: Extract<NameWith<'memoryLane'>, `${string}.store${string}`>,
  address: Operand<'i32'>,
  value: Value<'v128'>,
  lane: number,
  offset?: number,
): void {
  push(code, address, 'i32');
  value.push(code);
  code.lane(name, lane, offset);
}

/** The lowest eight bits of a number to so many bytes. */
export function fill(code: Code, address: Value<'i32'>, byte: number, length: Value<'i32'>): void {
  for (const operand of [address, byte, length]) push(code, operand, 'i32');
  code.op('memory.fill');
}

/** Sets a variable. */
export function set<T extends ValueType>(code: Code, local: Local<T>, value: Operand<NoInfer<T>>): void {
  push(code, value, local.type);
  code.set(local);
}

/** A new variable of that value: for what is used more than once. */
export function keep<T extends ValueType>(code: Code, value: Value<T>): Local<T> {
  const local = code.local(value.type);
  set(code, local, value as Operand<T>);
  return local;
}

/** An expression that uses a value more than once, which is computed once. */
export function once<T extends ValueType>(value: Value<T>, expression: (kept: Local<T>) => Value<T>): Value<T> {
  return { type: value.type, push: (code) => expression(keep(code, value)).push(code) };
}

/** The value, which the variable has from then on. */
export function kept<T extends ValueType>(local: Local<T>, value: Value<NoInfer<T>>): Value<T> {
  return {
    type: local.type,
    push(code) {
      value.push(code);
      code.tee(local);
    },
  };
}

/** Code for where a number is not 0, and for where it is. */
export function when(code: Code, condition: Value<'i32'>, then: () => void, otherwise?: () => void): void {
  condition.push(code);
  code.if(then, otherwise);
}

/** To the label where a number is not 0. */
export function branchIf(code: Code, condition: Value<'i32'>, label: Label): void {
  condition.push(code);
  code.brIf(label);
}

function familyOf<P extends string>(prefix: P): Family<P> {
  const family: Record<string, (...operands: readonly (Value | number)[]) => Value> = {};
  for (const [name, { immediate }] of Object.entries(OPCODES)) {
    if (immediate !== 'nothing' || !name.startsWith(`${prefix}.`)) continue;
    family[name.slice(prefix.length + 1)] = (...operands) => operation(name as NameWith<'nothing'>, operands);
  }
  return family as unknown as Family<P>;
}

function operation(name: NameWith<'nothing'>, operands: readonly (Value | number)[]): Value {
  return valueOf(name, (code) => {
    operands.forEach((operand, i) => push(code, operand, OPCODES[name].takes[i]));
    code.op(name);
  });
}

function valueOf<N extends Load | NameWith<'nothing'>>(name: N, push: (code: Code) => void): Value<GivesOf<N>> {
  return { type: OPCODES[name].gives[0] as ValueType as GivesOf<N>, push };
}

function push(code: Code, operand: Value | number, type: ValueType): void {
  if (typeof operand !== 'number') operand.push(code);
  else if (type === 'f32') code.f32(operand);
  else code.i32(operand);
}
