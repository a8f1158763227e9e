import type { FunctionSource } from '../../wasm/assemble.ts';
import type { Code, Local } from '../../wasm/code.ts';
import { loopUntil, setProduct, setSum } from '../../wasm/idioms.ts';
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
    {
      name: 'rowsIn',
      parameters: numbers(7),
      write: (code, parameters) => rowsIn(code, arithmetic(code, fused), columns, parameters),
    },
    {
      name: 'rowsOut',
      parameters: [...numbers(9), 'f32'],
      write: (code, parameters) => rowsOut(code, arithmetic(code, fused), columns, parameters),
    },
  ];
}

function rowsIn(code: Code, math: Arithmetic, columns: number, parameters: readonly Local[]): void {
  const [a, pitchA, b, pitchB, tile, rows, weights] = parameters;
  const locals = rowLocals(code, math, columns, tile, rows, weights);
  const { at, weight } = locals;
  const [fromA, fromB] = [code.local('i32'), code.local('i32')];
  const [first, ...others] = stagesOf(columns);
  const z = locals.z.slice(0, first.radix);
  setSum(code, weight, weights, WEIGHTS_AT.there.lanes + (SET_BYTES / 4) * columns);
  downColumns(code, locals, first, () => {
    setSum(code, fromA, a, 0);
    setSum(code, fromB, b, 0);
    return {
      row() {
        z.forEach(({ re, im }, q) => {
          for (const [address, local] of [
            [fromA, re],
            [fromB, im],
          ]) {
            code.get(address);
            code.memory('v128.load', q * ((4 * columns) / first.radix));
            code.set(local);
          }
        });
        math.butterfly(z, false);
        z.forEach((member, q) => {
          if (q > 0) math.turn(member, 'v128.load', weight, (q - 1) * VECTOR, false);
          math.store(member, at, q * stepOf(first));
        });
        setSum(code, fromA, fromA, pitchA);
        setSum(code, fromB, fromB, pitchB);
      },
      after() {
        for (const address of [a, b]) setSum(code, address, address, 16);
        setSum(code, weight, weight, (first.radix - 1) * VECTOR);
      },
    };
  });
  eachRow(code, locals, () => {
    for (const stage of others) {
      eachBlock(code, locals, stage.length, () => {
        stageThere(code, math, locals, stage);
        setSum(code, at, at, 3 * stepOf(stage));
      });
    }
    eachBlock(code, locals, BLOCK, () => {
      blockThere(math, locals);
      setSum(code, at, at, 4 * VECTOR);
    });
  });
}

function rowsOut(code: Code, math: Arithmetic, columns: number, parameters: readonly Local[]): void {
  const [tile, rows, weights, a, pitchA, lengthA, b, pitchB, lengthB, bias] = parameters;
  const locals = rowLocals(code, math, columns, tile, rows, weights);
  const { at, weight, weightOfLanes } = locals;
  const [toA, toB] = [code.local('i32'), code.local('i32')];
  const biases = code.local('v128');
  const [last, ...others] = stagesOf(columns);
  eachRow(code, locals, () => {
    setSum(code, weightOfLanes, weights, WEIGHTS_AT.back.lanes + SET_BYTES * (columns / 4));
    setSum(code, weight, weights, WEIGHTS_AT.back.one + SET_BYTES * (columns / BLOCK));
    eachBlock(code, locals, BLOCK, () => {
      blockBack(math, locals);
      setSum(code, at, at, 4 * VECTOR);
      setSum(code, weight, weight, SET_BYTES);
      setSum(code, weightOfLanes, weightOfLanes, 4 * SET_BYTES);
    });
    for (const stage of others.toReversed()) {
      setSum(code, weight, weights, WEIGHTS_AT.back.one + SET_BYTES * (columns / stage.length));
      eachBlock(code, locals, stage.length, () => {
        stageBack(code, math, locals, stage);
        setSum(code, weight, weight, SET_BYTES);
        setSum(code, at, at, 3 * stepOf(stage));
      });
    }
  });
  code.get(bias);
  code.op('f32x4.splat');
  code.set(biases);
  const z = locals.z.slice(0, last.radix);
  downColumns(code, locals, last, () => {
    setSum(code, toA, a, 0);
    setSum(code, toB, b, 0);
    return {
      row() {
        loadMembers(math, locals, last, z);
        math.butterfly(z, true);
        z.forEach(({ re, im }, q) => {
          const offset = q * ((4 * columns) / last.radix);
          for (const [address, length, local] of [
            [toA, lengthA, re],
            [toB, lengthB, im],
          ]) {
            // Columns beyond the valid ones are those where the window's end meets its beginning.
            code.get(length);
            code.i32(offset);
            code.op('i32.gt_s');
            code.if(() => {
              code.get(address);
              code.get(local);
              code.get(biases);
              code.op('f32x4.add');
              code.memory('v128.store', offset);
            });
          }
        });
        setSum(code, toA, toA, pitchA);
        setSum(code, toB, toB, pitchB);
      },
      after() {
        for (const address of [a, b]) setSum(code, address, address, 16);
        for (const length of [lengthA, lengthB]) setSum(code, length, length, -16);
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
  setProduct(code, rowsBytes, rows, pitchOf(columns));
  setSum(code, column, tile, 0);
  loopUntil(code, column, tile, stepOf(stage), () => {
    const { row, after } = begin();
    setSum(code, at, column, 0);
    loopUntil(code, at, column, rowsBytes, () => {
      row();
      setSum(code, at, at, pitchOf(columns));
    });
    after();
    setSum(code, column, column, VECTOR);
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
  readonly tile: Local;
  readonly rows: Local;
  readonly weights: Local;
  readonly rowsBytes: Local;
  readonly row: Local;
  readonly at: Local;
  readonly weight: Local;
  readonly weightOfLanes: Local;
  readonly z: readonly Complex[];
}

function rowLocals(code: Code, math: Arithmetic, columns: number, tile: Local, rows: Local, weights: Local): RowLocals {
  const [rowsBytes, row, at, weight, weightOfLanes] = Array.from({ length: 5 }, () => code.local('i32'));
  const z = Array.from({ length: 4 }, () => math.complex());
  return { columns, tile, rows, weights, rowsBytes, row, at, weight, weightOfLanes, z };
}

function eachRow(code: Code, { columns, row, rows, rowsBytes, tile }: RowLocals, body: () => void): void {
  setProduct(code, rowsBytes, rows, pitchOf(columns));
  setSum(code, row, tile, 0);
  loopUntil(code, row, tile, rowsBytes, () => {
    body();
    setSum(code, row, row, pitchOf(columns));
  });
}

/** Runs the body, which moves `at` on by so many columns, along a row. */
function eachBlock(code: Code, { columns, row, at }: RowLocals, length: number, body: () => void): void {
  setSum(code, at, row, 0);
  if (length === columns) body();
  else loopUntil(code, at, row, (columns / 4) * VECTOR, body);
}

/** One block of a stage, the lanes being neighbours in it; `at` goes from the first butterfly's first member to its second. */
function stageThere(code: Code, math: Arithmetic, locals: RowLocals, stage: Stage): void {
  const { at, weight, weights, z } = locals;
  const from = WEIGHTS_AT.there.lanes + (SET_BYTES / 4) * stage.length;
  setSum(code, weight, weights, from);
  loopUntil(code, weight, weights, from + (SET_BYTES / 4) * stage.length, () => {
    loadMembers(math, locals, stage, z);
    math.butterfly(z, false);
    z.forEach((member, q) => {
      if (q > 0) math.turn(member, 'v128.load', weight, (q - 1) * VECTOR, false);
      math.store(member, at, q * stepOf(stage));
    });
    setSum(code, at, at, VECTOR);
    setSum(code, weight, weight, 4 * SET_BYTES);
  });
}

function stageBack(code: Code, math: Arithmetic, locals: RowLocals, stage: Stage): void {
  const { at, weight, z } = locals;
  const end = code.local('i32');
  setSum(code, end, at, stepOf(stage));
  loopUntil(code, at, end, 0, () => {
    loadMembers(math, locals, stage, z);
    math.butterfly(z, true);
    z.forEach((member, q) => {
      if (q > 0) math.turn(member, 'v128.load32_splat', weight, 8 * (q - 1), true);
      math.store(member, at, q * stepOf(stage));
    });
    setSum(code, at, at, VECTOR);
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
