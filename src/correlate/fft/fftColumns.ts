import { type FunctionSource, functionOf } from '../../wasm/assemble.ts';
import type { Code, Local } from '../../wasm/code.ts';
import { branchIf, i32, load, set, store, when } from '../../wasm/expressions.ts';
import { loopUntil } from '../../wasm/idioms.ts';
import { type Arithmetic, arithmetic, type Complex } from './fftArithmetic.ts';
import { VECTOR } from './fftLayout.ts';
import { productLocals, sumProducts } from './fftProducts.ts';
import { SET_BYTES, WEIGHTS_AT } from './fftWeights.ts';

/** Numbers whose logarithm to base 2 is odd. */
const ODD_POWERS = 0xaaaa_aaaa;

/**
 * Transforms along the columns of tiles of any size, four columns at a time, so that they stay in the level-1 cache. Decimation
 * in frequency there, decimation in time back, each in place, so that frequencies stand in an order of their own, which is every
 * spectrum's. Addresses, pitches and distances are in bytes.
 *
 * - `columnsIn(tile, end, pitch, rows, weights)`: transforms the columns whose first samples stand before `end`.
 * - `columnsOut(sum, end, pitch, rows, weights, tiles, spectra, distance, count)`: sums the products of so many tiles and spectra,
 *   each `distance` beyond the one before, and transforms the sum back. The sum may be the first of the tiles.
 * - `copy(to, from, length)`: copies so many bytes of samples, one at least: a row of a window is too short for `copyWithin`.
 *
 * @param fused multiply and add in one rounding where a product meets a sum
 */
export function columnsCode(fused: boolean): FunctionSource[] {
  const numbers = (count: number): 'i32'[] => Array.from({ length: count }, () => 'i32');
  return [
    functionOf({
      name: 'columnsIn',
      parameters: numbers(5),
      write: (code, parameters) => columnsIn(code, arithmetic(code, fused), parameters),
    }),
    functionOf({
      name: 'columnsOut',
      parameters: numbers(9),
      write: (code, parameters) => columnsOut(code, arithmetic(code, fused), parameters),
    }),
    functionOf({ name: 'copy', parameters: numbers(3), write: copy }),
  ];
}

function columnsIn(code: Code, math: Arithmetic, parameters: readonly Local<'i32'>[]): void {
  const [column, end, pitch, rows, weights] = parameters;
  const locals = columnLocals(code, math, column, pitch, weights);
  const { length } = locals;
  loopUntil(code, column, end, 0, () => {
    setEndOf(code, locals, rows);
    set(code, length, rows);
    whereOddPower(code, rows, () => {
      stageThere(code, math, locals, 2);
      shift(code, length, 'i32.shr_u', 1);
    });
    code.loop((again) => {
      stageThere(code, math, locals, 4);
      shift(code, length, 'i32.shr_u', 2);
      branchIf(code, i32.ne(length, 4), again);
    });
    neighbours(code, math, locals);
    set(code, column, i32.add(column, VECTOR));
  });
}

function columnsOut(code: Code, math: Arithmetic, parameters: readonly Local<'i32'>[]): void {
  const [column, end, pitch, rows, weights, tiles, spectra, distance, count] = parameters;
  const locals = columnLocals(code, math, column, pitch, weights);
  const { blocks, length } = locals;
  const products = productLocals(code, math);
  loopUntil(code, column, end, 0, () => {
    setEndOf(code, locals, rows);
    sumProducts(code, math, locals, products, { tiles, spectra, distance, count });
    set(code, blocks, rows);
    set(code, length, 1);
    code.loop((again) => {
      shift(code, blocks, 'i32.shr_u', 2);
      shift(code, length, 'i32.shl', 2);
      stageBack(code, math, locals);
      branchIf(code, i32.gt_u(blocks, 4), again);
    });
    lastStage(code, math, locals, rows);
    for (const address of [column, tiles, spectra]) set(code, address, i32.add(address, VECTOR));
  });
}

interface ColumnLocals {
  /** The address of a column's first row, and that behind its last one. */
  readonly column: Local<'i32'>;
  readonly columnEnd: Local<'i32'>;
  readonly pitch: Local<'i32'>;
  readonly weights: Local<'i32'>;
  readonly weight: Local<'i32'>;
  readonly weightEnd: Local<'i32'>;
  /** Rows that a stage's butterflies span. */
  readonly length: Local<'i32'>;
  readonly blocks: Local<'i32'>;
  /** Bytes from member to member. */
  readonly step: Local<'i32'>;
  readonly at: readonly Local<'i32'>[];
  readonly z: readonly Complex[];
}

function columnLocals(
  code: Code,
  math: Arithmetic,
  column: Local<'i32'>,
  pitch: Local<'i32'>,
  weights: Local<'i32'>,
): ColumnLocals {
  const [columnEnd, weight, weightEnd, length, blocks, step] = Array.from({ length: 6 }, () => code.local('i32'));
  const at = Array.from({ length: 4 }, () => code.local('i32'));
  const z = Array.from({ length: 4 }, () => math.complex());
  return { column, columnEnd, pitch, weights, weight, weightEnd, length, blocks, step, at, z };
}

function setEndOf(code: Code, { column, columnEnd, pitch }: ColumnLocals, rows: Local<'i32'>): void {
  set(code, columnEnd, i32.add(column, i32.mul(rows, pitch)));
}

function whereOddPower(code: Code, rows: Local<'i32'>, body: () => void, otherwise?: () => void): void {
  when(code, i32.and(rows, ODD_POWERS), body, otherwise);
}

function shift(code: Code, local: Local<'i32'>, direction: 'i32.shl' | 'i32.shr_u', by: number): void {
  code.get(local);
  code.i32(by);
  code.op(direction);
  code.set(local);
}

/** One stage, block by block of `length` rows. */
function stageThere(code: Code, math: Arithmetic, locals: ColumnLocals, radix: 2 | 4): void {
  const { column, columnEnd, pitch, weights, weight, weightEnd, length, step } = locals;
  const { at, z } = members(locals, radix);
  const setBytes = 8 * (radix - 1);
  stepFrom(code, locals, length, radix);
  set(code, at[0], column);
  loopUntil(code, at[0], columnEnd, 0, () => {
    setOthers(code, at, step);
    set(code, weight, i32.mul(length, SET_BYTES / 4));
    set(code, weight, i32.add(weight, weights));
    set(code, weightEnd, i32.mul(length, setBytes / radix));
    set(code, weightEnd, i32.add(weightEnd, weight));
    loopUntil(code, weight, weightEnd, 0, () => {
      z.forEach((member, q) => math.load(member, at[q], 0));
      math.butterfly(z, false);
      z.forEach((member, q) => {
        if (q > 0) math.turn(member, 'v128.load32_splat', weight, WEIGHTS_AT.there.one + 8 * (q - 1), false);
        math.store(member, at[q], 0);
      });
      for (const address of at) set(code, address, i32.add(address, pitch));
      set(code, weight, i32.add(weight, setBytes));
    });
    set(code, at[0], at[radix - 1]);
  });
}

/** The last stage there, of four neighbouring rows: their weights are 1. */
function neighbours(code: Code, math: Arithmetic, locals: ColumnLocals): void {
  const { column, columnEnd, pitch, at, z } = locals;
  set(code, at[0], column);
  loopUntil(code, at[0], columnEnd, 0, () => {
    setOthers(code, at, pitch);
    z.forEach((member, q) => math.load(member, at[q], 0));
    math.butterfly(z, false);
    z.forEach((member, q) => math.store(member, at[q], 0));
    set(code, at[0], i32.add(at[3], pitch));
  });
}

/** One stage back of so many blocks. */
function stageBack(code: Code, math: Arithmetic, locals: ColumnLocals): void {
  const { column, columnEnd, pitch, weights, weight, length, blocks, step, at, z } = locals;
  const blockEnd = code.local('i32');
  stepFrom(code, locals, length, 4);
  set(code, weight, i32.mul(blocks, SET_BYTES));
  set(code, weight, i32.add(weight, weights));
  set(code, at[0], column);
  loopUntil(code, at[0], columnEnd, 0, () => {
    setOthers(code, at, step);
    set(code, blockEnd, at[1]);
    loopUntil(code, at[0], blockEnd, 0, () => {
      z.forEach((member, q) => math.load(member, at[q], 0));
      math.butterfly(z, true);
      z.forEach((member, q) => {
        if (q > 0) math.turn(member, 'v128.load32_splat', weight, WEIGHTS_AT.back.one + 8 * (q - 1), true);
        math.store(member, at[q], 0);
      });
      for (const address of at) set(code, address, i32.add(address, pitch));
    });
    set(code, weight, i32.add(weight, SET_BYTES));
    set(code, at[0], at[3]);
  });
}

/** The longest stage back: one block, whose weights are 1. */
function lastStage(code: Code, math: Arithmetic, locals: ColumnLocals, rows: Local<'i32'>): void {
  const { columnEnd, column, pitch } = locals;
  const of = (radix: 2 | 4): void => {
    const { at, z } = members(locals, radix);
    stepFrom(code, locals, rows, radix);
    set(code, at[0], column);
    setOthers(code, at, locals.step);
    loopUntil(code, at[radix - 1], columnEnd, 0, () => {
      z.forEach((member, q) => math.load(member, at[q], 0));
      math.butterfly(z, true);
      z.forEach((member, q) => math.store(member, at[q], 0));
      for (const address of at) set(code, address, i32.add(address, pitch));
    });
  };
  whereOddPower(
    code,
    rows,
    () => of(2),
    () => of(4),
  );
}

function members({ at, z }: ColumnLocals, radix: 2 | 4): Pick<ColumnLocals, 'at' | 'z'> {
  return { at: at.slice(0, radix), z: z.slice(0, radix) };
}

/** Sets `step` to the bytes of a part of so many rows. */
function stepFrom(code: Code, { pitch, step }: ColumnLocals, rows: Local<'i32'>, radix: 2 | 4): void {
  set(code, step, i32.mul(i32.shr_u(rows, Math.log2(radix)), pitch));
}

function setOthers(code: Code, at: readonly Local<'i32'>[], step: Local<'i32'>): void {
  for (let q = 1; q < at.length; q++) set(code, at[q], i32.add(at[q - 1], step));
}

function copy(code: Code, [to, from, length]: readonly Local<'i32'>[]): void {
  const end = code.local('i32');
  set(code, end, i32.add(from, length));
  loopUntil(code, from, end, 0, () => {
    store(code, 'f32.store', to, load('f32.load', from));
    for (const address of [to, from]) set(code, address, i32.add(address, 4));
  });
}
