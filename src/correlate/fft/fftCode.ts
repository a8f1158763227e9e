import type { FunctionSource } from '../../wasm/assemble.ts';
import type { Code, Local } from '../../wasm/code.ts';
import type { ValueType } from '../../wasm/opcodes.ts';
import { type Arithmetic, arithmetic } from './fftArithmetic.ts';
import { columnsIn, columnsOut } from './fftColumns.ts';
import { type TileLayout, type TileSize, tileLayout } from './fftLayout.ts';
import { addProduct, rowsIn, rowsOut, rowsThrough } from './fftRows.ts';

export interface FftSpecification extends TileSize {
  /** Whether spectra are multiplied and added up, or multiplied alone. */
  readonly sums: boolean;
  /** Multiply and add in one rounding (`f32x4.relaxed_madd`). */
  readonly fused: boolean;
}

/** Writes a function for tiles of one layout. */
export type TileCode = (code: Code, math: Arithmetic, layout: TileLayout, parameters: readonly Local[]) => void;

/** The name says everything that the code depends on. */
export function fftName({ rows, columns, sums, fused }: FftSpecification): string {
  return `fft f32 ${rows}x${columns} ${sums ? 'sums' : 'product'}${fused ? ' fused' : ''}`;
}

/**
 * Fourier transforms of tiles, each of two windows of a picture: one is the real part, the other the imaginary part. Decimation
 * in frequency there, decimation in time back, each in place, so that frequencies stand in an order of their own, which is
 * every spectrum's. Addresses and pitches are in bytes.
 *
 * - `columnsIn(a, pitchA, b, pitchB, tile, weights)`: reads the windows and transforms along columns.
 * - `rowsThrough(tile, weights, spectrum)`: transforms along rows, multiplies by a spectrum, and transforms back along rows.
 * - `rowsIn(tile, weights)`, `addProduct(sum, tile, spectrum)`, `rowsOut(tile, weights)`: the same in parts, for sums.
 * - `columnsOut(tile, weights, outA, pitchA, outB, pitchB, rows, end, bias)`: transforms back along columns, those that begin
 *   before `end` bytes of a row, and writes so many rows of both windows, the bias added.
 */
export function fftCode({ fused, sums, ...size }: FftSpecification): FunctionSource[] {
  const layout = tileLayout(size);
  return [...ALWAYS, ...(sums ? FOR_SUMS : FOR_ONE)].map(({ name, parameters, write }) => ({
    name,
    parameters,
    write: (code, locals) => write(code, arithmetic(code, fused), layout, locals),
  }));
}

const addresses = (count: number): ValueType[] => Array.from({ length: count }, () => 'i32');

type TileFunction = { name: string; parameters: readonly ValueType[]; write: TileCode };

const ALWAYS: readonly TileFunction[] = [
  { name: 'columnsIn', parameters: addresses(6), write: columnsIn },
  { name: 'rowsIn', parameters: addresses(2), write: rowsIn },
  { name: 'columnsOut', parameters: [...addresses(8), 'f32'], write: columnsOut },
];

const FOR_ONE: readonly TileFunction[] = [{ name: 'rowsThrough', parameters: addresses(3), write: rowsThrough }];

const FOR_SUMS: readonly TileFunction[] = [
  { name: 'addProduct', parameters: addresses(3), write: addProduct },
  { name: 'rowsOut', parameters: addresses(2), write: rowsOut },
];
