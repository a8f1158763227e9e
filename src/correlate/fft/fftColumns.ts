import type { FunctionSource } from '../../wasm/assemble.ts';
import type { Code, Local } from '../../wasm/code.ts';
import { loopUntil, setProduct, setSum } from '../../wasm/idioms.ts';
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
    {
      name: 'columnsIn',
      parameters: numbers(5),
      write: (code, parameters) => columnsIn(code, arithmetic(code, fused), parameters),
    },
    {
      name: 'columnsOut',
      parameters: numbers(9),
      write: (code, parameters) => columnsOut(code, arithmetic(code, fused), parameters),
    },
    { name: 'copy', parameters: numbers(3), write: copy },
  ];
}

function columnsIn(code: Code, math: Arithmetic, parameters: readonly Local[]): void {
  const [column, end, pitch, rows, weights] = parameters;
  const locals = columnLocals(code, math, column, pitch, weights);
  const { length } = locals;
  loopUntil(code, column, end, 0, () => {
    setEndOf(code, locals, rows);
    setSum(code, length, rows, 0);
    whereOddPower(code, rows, () => {
      stageThere(code, math, locals, 2);
      shift(code, length, 'i32.shr_u', 1);
    });
    code.loop((again) => {
      stageThere(code, math, locals, 4);
      shift(code, length, 'i32.shr_u', 2);
      code.get(length);
      code.i32(4);
      code.op('i32.ne');
      code.brIf(again);
    });
    neighbours(code, math, locals);
    setSum(code, column, column, VECTOR);
  });
}

function columnsOut(code: Code, math: Arithmetic, parameters: readonly Local[]): void {
  const [column, end, pitch, rows, weights, tiles, spectra, distance, count] = parameters;
  const locals = columnLocals(code, math, column, pitch, weights);
  const { blocks, length } = locals;
  const products = productLocals(code, math);
  loopUntil(code, column, end, 0, () => {
    setEndOf(code, locals, rows);
    sumProducts(code, math, locals, products, { tiles, spectra, distance, count });
    setSum(code, blocks, rows, 0);
    code.i32(1);
    code.set(length);
    code.loop((again) => {
      shift(code, blocks, 'i32.shr_u', 2);
      shift(code, length, 'i32.shl', 2);
      stageBack(code, math, locals);
      code.get(blocks);
      code.i32(4);
      code.op('i32.gt_u');
      code.brIf(again);
    });
    lastStage(code, math, locals, rows);
    for (const address of [column, tiles, spectra]) setSum(code, address, address, VECTOR);
  });
}

interface ColumnLocals {
  /** The address of a column's first row, and that behind its last one. */
  readonly column: Local;
  readonly columnEnd: Local;
  readonly pitch: Local;
  readonly weights: Local;
  readonly weight: Local;
  readonly weightEnd: Local;
  /** Rows that a stage's butterflies span. */
  readonly length: Local;
  readonly blocks: Local;
  /** Bytes from member to member. */
  readonly step: Local;
  readonly at: readonly Local[];
  readonly z: readonly Complex[];
}

function columnLocals(code: Code, math: Arithmetic, column: Local, pitch: Local, weights: Local): ColumnLocals {
  const [columnEnd, weight, weightEnd, length, blocks, step] = Array.from({ length: 6 }, () => code.local('i32'));
  const at = Array.from({ length: 4 }, () => code.local('i32'));
  const z = Array.from({ length: 4 }, () => math.complex());
  return { column, columnEnd, pitch, weights, weight, weightEnd, length, blocks, step, at, z };
}

function setEndOf(code: Code, { column, columnEnd, pitch }: ColumnLocals, rows: Local): void {
  code.get(column);
  code.get(rows);
  code.get(pitch);
  code.op('i32.mul');
  code.op('i32.add');
  code.set(columnEnd);
}

function whereOddPower(code: Code, rows: Local, body: () => void, otherwise?: () => void): void {
  code.get(rows);
  code.i32(ODD_POWERS);
  code.op('i32.and');
  code.if(body, otherwise);
}

function shift(code: Code, local: Local, direction: 'i32.shl' | 'i32.shr_u', by: number): void {
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
  setSum(code, at[0], column, 0);
  loopUntil(code, at[0], columnEnd, 0, () => {
    setOthers(code, at, step);
    setProduct(code, weight, length, SET_BYTES / 4);
    setSum(code, weight, weight, weights);
    setProduct(code, weightEnd, length, setBytes / radix);
    setSum(code, weightEnd, weightEnd, weight);
    loopUntil(code, weight, weightEnd, 0, () => {
      z.forEach((member, q) => math.load(member, at[q], 0));
      math.butterfly(z, false);
      z.forEach((member, q) => {
        if (q > 0) math.turn(member, 'v128.load32_splat', weight, WEIGHTS_AT.there.one + 8 * (q - 1), false);
        math.store(member, at[q], 0);
      });
      for (const address of at) setSum(code, address, address, pitch);
      setSum(code, weight, weight, setBytes);
    });
    setSum(code, at[0], at[radix - 1], 0);
  });
}

/** The last stage there, of four neighbouring rows: their weights are 1. */
function neighbours(code: Code, math: Arithmetic, locals: ColumnLocals): void {
  const { column, columnEnd, pitch, at, z } = locals;
  setSum(code, at[0], column, 0);
  loopUntil(code, at[0], columnEnd, 0, () => {
    setOthers(code, at, pitch);
    z.forEach((member, q) => math.load(member, at[q], 0));
    math.butterfly(z, false);
    z.forEach((member, q) => math.store(member, at[q], 0));
    setSum(code, at[0], at[3], pitch);
  });
}

/** One stage back of so many blocks. */
function stageBack(code: Code, math: Arithmetic, locals: ColumnLocals): void {
  const { column, columnEnd, pitch, weights, weight, length, blocks, step, at, z } = locals;
  const blockEnd = code.local('i32');
  stepFrom(code, locals, length, 4);
  setProduct(code, weight, blocks, SET_BYTES);
  setSum(code, weight, weight, weights);
  setSum(code, at[0], column, 0);
  loopUntil(code, at[0], columnEnd, 0, () => {
    setOthers(code, at, step);
    setSum(code, blockEnd, at[1], 0);
    loopUntil(code, at[0], blockEnd, 0, () => {
      z.forEach((member, q) => math.load(member, at[q], 0));
      math.butterfly(z, true);
      z.forEach((member, q) => {
        if (q > 0) math.turn(member, 'v128.load32_splat', weight, WEIGHTS_AT.back.one + 8 * (q - 1), true);
        math.store(member, at[q], 0);
      });
      for (const address of at) setSum(code, address, address, pitch);
    });
    setSum(code, weight, weight, SET_BYTES);
    setSum(code, at[0], at[3], 0);
  });
}

/** The longest stage back: one block, whose weights are 1. */
function lastStage(code: Code, math: Arithmetic, locals: ColumnLocals, rows: Local): void {
  const { columnEnd, column, pitch } = locals;
  const of = (radix: 2 | 4): void => {
    const { at, z } = members(locals, radix);
    stepFrom(code, locals, rows, radix);
    setSum(code, at[0], column, 0);
    setOthers(code, at, locals.step);
    loopUntil(code, at[radix - 1], columnEnd, 0, () => {
      z.forEach((member, q) => math.load(member, at[q], 0));
      math.butterfly(z, true);
      z.forEach((member, q) => math.store(member, at[q], 0));
      for (const address of at) setSum(code, address, address, pitch);
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
function stepFrom(code: Code, { pitch, step }: ColumnLocals, rows: Local, radix: 2 | 4): void {
  code.get(rows);
  code.i32(Math.log2(radix));
  code.op('i32.shr_u');
  code.get(pitch);
  code.op('i32.mul');
  code.set(step);
}

function setOthers(code: Code, at: readonly Local[], step: Local): void {
  for (let q = 1; q < at.length; q++) setSum(code, at[q], at[q - 1], step);
}

function copy(code: Code, [to, from, length]: readonly Local[]): void {
  const end = code.local('i32');
  setSum(code, end, from, length);
  loopUntil(code, from, end, 0, () => {
    code.get(to);
    code.get(from);
    code.memory('f32.load');
    code.memory('f32.store');
    for (const address of [to, from]) setSum(code, address, address, 4);
  });
}
