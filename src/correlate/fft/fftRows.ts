import type { Code, Local } from '../../wasm/code.ts';
import { loopUntil, setSum } from '../emit.ts';
import type { Arithmetic, Complex } from './fftArithmetic.ts';
import type { Stage, TileLayout } from './fftLayout.ts';

/** Rows are transformed four columns at a time, down to blocks of 16 columns: those are transformed in registers. */
const BLOCK = 16;

/** See `rowsThrough` in {@link fftCode}. */
export function rowsThrough(code: Code, math: Arithmetic, layout: TileLayout, parameters: readonly Local[]): void {
  const [tile, weights, spectrum] = parameters;
  const locals = rowLocals(code, math, weights);
  const product = code.local('i32');
  setSum(code, product, spectrum, 0);
  eachRow(code, layout, tile, locals.row, () => {
    for (const stage of layout.rowStages) inPlace(code, math, layout, stage, false, locals);
    eachBlock(code, layout, locals, () => {
      blockIn(math, layout, locals);
      locals.z.forEach((member, q) => math.turn(member, 'v128.load', product, q * layout.vector, false));
      blockOut(math, layout, locals);
      setSum(code, product, product, (BLOCK / 4) * layout.vector);
    });
    for (const stage of layout.rowStages.toReversed()) inPlace(code, math, layout, stage, true, locals);
    setSum(code, product, product, layout.pitch - (layout.columns / 4) * layout.vector);
  });
}

/** See `rowsIn` in {@link fftCode}. */
export function rowsIn(code: Code, math: Arithmetic, layout: TileLayout, parameters: readonly Local[]): void {
  const [tile, weights] = parameters;
  const locals = rowLocals(code, math, weights);
  eachRow(code, layout, tile, locals.row, () => {
    for (const stage of layout.rowStages) inPlace(code, math, layout, stage, false, locals);
    eachBlock(code, layout, locals, () => {
      blockIn(math, layout, locals);
      locals.z.forEach((member, q) => math.store(member, locals.at, q * layout.vector));
    });
  });
}

/** See `rowsOut` in {@link fftCode}. */
export function rowsOut(code: Code, math: Arithmetic, layout: TileLayout, parameters: readonly Local[]): void {
  const [tile, weights] = parameters;
  const locals = rowLocals(code, math, weights);
  eachRow(code, layout, tile, locals.row, () => {
    eachBlock(code, layout, locals, () => {
      locals.z.forEach((member, q) => math.load(member, locals.at, q * layout.vector));
      blockOut(math, layout, locals);
    });
    for (const stage of layout.rowStages.toReversed()) inPlace(code, math, layout, stage, true, locals);
  });
}

/** See `addProduct` in {@link fftCode}. */
export function addProduct(code: Code, math: Arithmetic, layout: TileLayout, parameters: readonly Local[]): void {
  const [sum, tile, spectrum] = parameters;
  const [row, at, to, product] = Array.from({ length: 4 }, () => code.local('i32'));
  const [z, total] = [math.complex(), math.complex()];
  setSum(code, to, sum, 0);
  setSum(code, product, spectrum, 0);
  eachRow(code, layout, tile, row, () => {
    setSum(code, at, row, 0);
    loopUntil(code, at, row, (layout.columns / 4) * layout.vector, () => {
      math.load(z, at, 0);
      math.turn(z, 'v128.load', product, 0, false);
      math.load(total, to, 0);
      math.add(total, z);
      math.store(total, to, 0);
      for (const address of [at, to, product]) setSum(code, address, address, layout.vector);
    });
    for (const address of [to, product]) {
      setSum(code, address, address, layout.pitch - (layout.columns / 4) * layout.vector);
    }
  });
}

interface RowLocals {
  readonly row: Local;
  readonly at: Local;
  readonly weight: Local;
  readonly weights: Local;
  readonly z: readonly Complex[];
}

function rowLocals(code: Code, math: Arithmetic, weights: Local): RowLocals {
  const [row, at, weight] = Array.from({ length: 3 }, () => code.local('i32'));
  return { row, at, weight, weights, z: Array.from({ length: 4 }, () => math.complex()) };
}

function eachRow(code: Code, { bytes, pitch }: TileLayout, tile: Local, row: Local, body: () => void): void {
  setSum(code, row, tile, 0);
  loopUntil(code, row, tile, bytes, () => {
    body();
    setSum(code, row, row, pitch);
  });
}

function eachBlock(code: Code, { columns, vector }: TileLayout, { row, at }: RowLocals, body: () => void): void {
  setSum(code, at, row, 0);
  loopUntil(code, at, row, (columns / 4) * vector, () => {
    body();
    setSum(code, at, at, (BLOCK / 4) * vector);
  });
}

/** The transform of 16 columns: butterflies of vectors that stand 4 columns apart, then of the columns of each vector. */
function blockIn(math: Arithmetic, { vector, blockWeights }: TileLayout, { at, weights, z }: RowLocals): void {
  z.forEach((member, q) => math.load(member, at, q * vector));
  math.butterfly4(z, false);
  for (let q = 1; q < 4; q++) math.turn(z[q], 'v128.load', weights, blockWeights + (q - 1) * 32, false);
  transposed(math, z);
  math.butterfly4(z, false);
}

function blockOut(math: Arithmetic, { vector, blockWeights }: TileLayout, { at, weights, z }: RowLocals): void {
  math.butterfly4(z, true);
  transposed(math, z);
  for (let q = 1; q < 4; q++) math.turn(z[q], 'v128.load', weights, blockWeights + (q - 1) * 32, true);
  math.butterfly4(z, true);
  z.forEach((member, q) => math.store(member, at, q * vector));
}

function transposed(math: Arithmetic, z: readonly Complex[]): void {
  math.transpose(z.map(({ re }) => re));
  math.transpose(z.map(({ im }) => im));
}

/** One stage of a transform along a row, block by block; the lanes are neighbours in a block. */
function inPlace(
  code: Code,
  math: Arithmetic,
  { columns, vector }: TileLayout,
  { length, radix, weights: table }: Stage,
  inverse: boolean,
  { row, at, weight, weights, z }: RowLocals,
): void {
  const step = (length / radix / 4) * vector;
  const members = z.slice(0, radix);
  const butterfly = (): void => {
    if (radix === 4) math.butterfly4(members, inverse);
    else math.butterfly2(members);
  };
  setSum(code, at, row, 0);
  loopUntil(code, at, row, (columns / 4) * vector, () => {
    setSum(code, weight, weights, table);
    loopUntil(code, weight, weights, table + (length / radix / 4) * (radix - 1) * vector, () => {
      if (inverse) {
        members.forEach((member, q) => {
          math.load(member, at, q * step);
          if (q > 0) math.turn(member, 'v128.load', weight, (q - 1) * vector, true);
        });
        butterfly();
        members.forEach((member, q) => math.store(member, at, q * step));
      } else {
        members.forEach((member, q) => math.load(member, at, q * step));
        butterfly();
        members.forEach((member, q) => {
          if (q > 0) math.turn(member, 'v128.load', weight, (q - 1) * vector, false);
          math.store(member, at, q * step);
        });
      }
      setSum(code, at, at, vector);
      setSum(code, weight, weight, (radix - 1) * vector);
    });
    setSum(code, at, at, (length / 4) * vector - step);
  });
}
