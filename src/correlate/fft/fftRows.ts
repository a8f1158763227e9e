import { type FunctionSource, functionOf } from '../../wasm/assemble.ts';
import type { Code, Local } from '../../wasm/code.ts';
import { f32x4, i32, load, set, store, when } from '../../wasm/expressions.ts';
import { loopUntil } from '../../wasm/idioms.ts';
import { type Arithmetic, arithmetic, type Complex } from './fftArithmetic.ts';
import { firstStage, pitchOf, type Stage, VECTOR } from './fftLayout.ts';
import { SET_BYTES, WEIGHTS_AT } from './fftWeights.ts';

/** Rows are transformed four columns at a time, down to blocks of 16 columns: those are transformed in registers. */
const BLOCK = 16;

/**
 * Transforms along the rows of tiles of so many columns, of two windows of a picture at once: one is the real part, the other
 * the imaginary part. Addresses, pitches and lengths are in bytes.
 *
 * - `rowsIn(a, pitchA, b, pitchB, tile, rows, weights)`: reads so many rows of the windows and transforms them.
 * - `rowsOut(tile, rows, weights, a, pitchA, lengthA, b, pitchB, lengthB, bias)`: transforms so many rows back, and writes the
 *   first bytes of each, whole vectors, to both windows, the bias added.
 *
 * @param fused multiply and add in one rounding where a product meets a sum
 */
export function rowsCode(columns: number, fused: boolean): FunctionSource[] {
  const numbers = (count: number): 'i32'[] => Array.from({ length: count }, () => 'i32');
  return [
    functionOf({
      name: 'rowsIn',
      parameters: numbers(7),
      write: (code, parameters) => rowsIn(code, arithmetic(code, fused), columns, parameters),
    }),
    functionOf({
      name: 'rowsOut',
      parameters: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'f32'],
      write: (code, [tile, rows, weights, a, pitchA, lengthA, b, pitchB, lengthB, bias]) =>
        rowsOut(
          code,
          arithmetic(code, fused),
          columns,
          [tile, rows, weights, a, pitchA, lengthA, b, pitchB, lengthB],
          bias,
        ),
    }),
  ];
}

function rowsIn(code: Code, math: Arithmetic, columns: number, parameters: readonly Local<'i32'>[]): void {
  const [a, pitchA, b, pitchB, tile, rows, weights] = parameters;
  const locals = rowLocals(code, math, columns, tile, rows, weights);
  const { at, weight } = locals;
  const [fromA, fromB] = [code.local('i32'), code.local('i32')];
  const [first, ...others] = stagesOf(columns);
  const z = locals.z.slice(0, first.radix);
  set(code, weight, i32.add(weights, WEIGHTS_AT.there.lanes + (SET_BYTES / 4) * columns));
  downColumns(code, locals, first, () => {
    set(code, fromA, a);
    set(code, fromB, b);
    return {
      row() {
        z.forEach(({ re, im }, q) => {
          const offset = q * ((4 * columns) / first.radix);
          set(code, re, load('v128.load', fromA, offset));
          set(code, im, load('v128.load', fromB, offset));
        });
        math.butterfly(z, false);
        z.forEach((member, q) => {
          if (q > 0) math.turn(member, 'v128.load', weight, (q - 1) * VECTOR, false);
          math.store(member, at, q * stepOf(first));
        });
        set(code, fromA, i32.add(fromA, pitchA));
        set(code, fromB, i32.add(fromB, pitchB));
      },
      after() {
        for (const address of [a, b]) set(code, address, i32.add(address, 16));
        set(code, weight, i32.add(weight, (first.radix - 1) * VECTOR));
      },
    };
  });
  eachRow(code, locals, () => {
    for (const stage of others) {
      eachBlock(code, locals, stage.length, () => {
        stageThere(code, math, locals, stage);
        set(code, at, i32.add(at, 3 * stepOf(stage)));
      });
    }
    eachBlock(code, locals, BLOCK, () => {
      blockThere(math, locals);
      set(code, at, i32.add(at, 4 * VECTOR));
    });
  });
}

function rowsOut(
  code: Code,
  math: Arithmetic,
  columns: number,
  addresses: readonly Local<'i32'>[],
  bias: Local<'f32'>,
): void {
  const [tile, rows, weights, a, pitchA, lengthA, b, pitchB, lengthB] = addresses;
  const locals = rowLocals(code, math, columns, tile, rows, weights);
  const { at, weight, weightOfLanes } = locals;
  const [toA, toB] = [code.local('i32'), code.local('i32')];
  const biases = code.local('v128');
  const [last, ...others] = stagesOf(columns);
  eachRow(code, locals, () => {
    set(code, weightOfLanes, i32.add(weights, WEIGHTS_AT.back.lanes + SET_BYTES * (columns / 4)));
    set(code, weight, i32.add(weights, WEIGHTS_AT.back.one + SET_BYTES * (columns / BLOCK)));
    eachBlock(code, locals, BLOCK, () => {
      blockBack(math, locals);
      set(code, at, i32.add(at, 4 * VECTOR));
      set(code, weight, i32.add(weight, SET_BYTES));
      set(code, weightOfLanes, i32.add(weightOfLanes, 4 * SET_BYTES));
    });
    for (const stage of others.toReversed()) {
      set(code, weight, i32.add(weights, WEIGHTS_AT.back.one + SET_BYTES * (columns / stage.length)));
      eachBlock(code, locals, stage.length, () => {
        stageBack(code, math, locals, stage);
        set(code, weight, i32.add(weight, SET_BYTES));
        set(code, at, i32.add(at, 3 * stepOf(stage)));
      });
    }
  });
  set(code, biases, f32x4.splat(bias));
  const z = locals.z.slice(0, last.radix);
  downColumns(code, locals, last, () => {
    set(code, toA, a);
    set(code, toB, b);
    return {
      row() {
        loadMembers(math, locals, last, z);
        math.butterfly(z, true);
        z.forEach(({ re, im }, q) => {
          const offset = q * ((4 * columns) / last.radix);
          for (const [address, length, local] of [
            [toA, lengthA, re],
            [toB, lengthB, im],
          ] as const) {
            // Columns beyond the valid ones are those where the window's end meets its beginning.
            when(code, i32.gt_s(length, offset), () => {
              store(code, 'v128.store', address, f32x4.add(local, biases), offset);
            });
          }
        });
        set(code, toA, i32.add(toA, pitchA));
        set(code, toB, i32.add(toB, pitchB));
      },
      after() {
        for (const address of [a, b]) set(code, address, i32.add(address, 16));
        for (const length of [lengthA, lengthB]) set(code, length, i32.add(length, -16));
      },
    };
  });
}

/**
 * The butterflies of a row's longest stage, all rows of a column before the next column, so that as many lines of the picture as
 * the processor can wait for are under way at a time.
 */
function downColumns(
  code: Code,
  { at, tile, rowsBytes, rows, columns }: RowLocals,
  stage: Stage,
  begin: () => { row: () => void; after: () => void },
): void {
  const column = code.local('i32');
  set(code, rowsBytes, i32.mul(rows, pitchOf(columns)));
  set(code, column, tile);
  loopUntil(code, column, tile, stepOf(stage), () => {
    const { row, after } = begin();
    set(code, at, column);
    loopUntil(code, at, column, rowsBytes, () => {
      row();
      set(code, at, i32.add(at, pitchOf(columns)));
    });
    after();
    set(code, column, i32.add(column, VECTOR));
  });
}

/** The stages of a row, the longest first, down to blocks of 16. */
function stagesOf(columns: number): Stage[] {
  const stages = [firstStage(columns)];
  for (let length = columns / stages[0].radix; length > BLOCK; length /= 4) stages.push({ length, radix: 4 });
  return stages;
}

/** Bytes from member to member of a butterfly. */
function stepOf({ length, radix }: Stage): number {
  return (length / radix / 4) * VECTOR;
}

interface RowLocals {
  readonly columns: number;
  readonly tile: Local<'i32'>;
  readonly rows: Local<'i32'>;
  readonly weights: Local<'i32'>;
  readonly rowsBytes: Local<'i32'>;
  readonly row: Local<'i32'>;
  readonly at: Local<'i32'>;
  readonly weight: Local<'i32'>;
  readonly weightOfLanes: Local<'i32'>;
  readonly z: readonly Complex[];
}

function rowLocals(
  code: Code,
  math: Arithmetic,
  columns: number,
  tile: Local<'i32'>,
  rows: Local<'i32'>,
  weights: Local<'i32'>,
): RowLocals {
  const [rowsBytes, row, at, weight, weightOfLanes] = Array.from({ length: 5 }, () => code.local('i32'));
  const z = Array.from({ length: 4 }, () => math.complex());
  return { columns, tile, rows, weights, rowsBytes, row, at, weight, weightOfLanes, z };
}

function eachRow(code: Code, { columns, row, rows, rowsBytes, tile }: RowLocals, body: () => void): void {
  set(code, rowsBytes, i32.mul(rows, pitchOf(columns)));
  set(code, row, tile);
  loopUntil(code, row, tile, rowsBytes, () => {
    body();
    set(code, row, i32.add(row, pitchOf(columns)));
  });
}

/** Runs the body, which moves `at` on by so many columns, along a row. */
function eachBlock(code: Code, { columns, row, at }: RowLocals, length: number, body: () => void): void {
  set(code, at, row);
  if (length === columns) body();
  else loopUntil(code, at, row, (columns / 4) * VECTOR, body);
}

/** One block of a stage, the lanes being neighbours in it; `at` goes from the first butterfly's first member to its second. */
function stageThere(code: Code, math: Arithmetic, locals: RowLocals, stage: Stage): void {
  const { at, weight, weights, z } = locals;
  const from = WEIGHTS_AT.there.lanes + (SET_BYTES / 4) * stage.length;
  set(code, weight, i32.add(weights, from));
  loopUntil(code, weight, weights, from + (SET_BYTES / 4) * stage.length, () => {
    loadMembers(math, locals, stage, z);
    math.butterfly(z, false);
    z.forEach((member, q) => {
      if (q > 0) math.turn(member, 'v128.load', weight, (q - 1) * VECTOR, false);
      math.store(member, at, q * stepOf(stage));
    });
    set(code, at, i32.add(at, VECTOR));
    set(code, weight, i32.add(weight, 4 * SET_BYTES));
  });
}

function stageBack(code: Code, math: Arithmetic, locals: RowLocals, stage: Stage): void {
  const { at, weight, z } = locals;
  const end = code.local('i32');
  set(code, end, i32.add(at, stepOf(stage)));
  loopUntil(code, at, end, 0, () => {
    loadMembers(math, locals, stage, z);
    math.butterfly(z, true);
    z.forEach((member, q) => {
      if (q > 0) math.turn(member, 'v128.load32_splat', weight, 8 * (q - 1), true);
      math.store(member, at, q * stepOf(stage));
    });
    set(code, at, i32.add(at, VECTOR));
  });
}

function loadMembers(math: Arithmetic, { at }: RowLocals, stage: Stage, z: readonly Complex[]): void {
  z.forEach((member, q) => math.load(member, at, q * stepOf(stage)));
}

const BLOCK_WEIGHTS: number = WEIGHTS_AT.there.lanes + (SET_BYTES / 4) * BLOCK;

/** The transform of 16 columns: butterflies of vectors that stand 4 columns apart, then of the columns of each vector. */
function blockThere(math: Arithmetic, { at, weights, z }: RowLocals): void {
  z.forEach((member, q) => math.load(member, at, q * VECTOR));
  math.butterfly(z, false);
  for (let q = 1; q < 4; q++) math.turn(z[q], 'v128.load', weights, BLOCK_WEIGHTS + (q - 1) * VECTOR, false);
  transpose(math, z);
  math.butterfly(z, false);
  z.forEach((member, q) => math.store(member, at, q * VECTOR));
}

function blockBack(math: Arithmetic, { at, weight, weightOfLanes, z }: RowLocals): void {
  z.forEach((member, q) => math.load(member, at, q * VECTOR));
  math.butterfly(z, true);
  for (let q = 1; q < 4; q++) math.turn(z[q], 'v128.load', weightOfLanes, (q - 1) * VECTOR, true);
  transpose(math, z);
  math.butterfly(z, true);
  z.forEach((member, q) => {
    if (q > 0) math.turn(member, 'v128.load32_splat', weight, 8 * (q - 1), true);
    math.store(member, at, q * VECTOR);
  });
}

function transpose(math: Arithmetic, z: readonly Complex[]): void {
  math.transpose(z.map(({ re }) => re));
  math.transpose(z.map(({ im }) => im));
}
