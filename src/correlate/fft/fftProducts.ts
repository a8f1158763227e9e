import type { Code, Local } from '../../wasm/code.ts';
import { i32, set } from '../../wasm/expressions.ts';
import { countDown, loopUntil } from '../../wasm/idioms.ts';
import type { Arithmetic, Complex } from './fftArithmetic.ts';

/** A column of tiles times one of spectra, summed up over so many of them. */
export function sumProducts(
  code: Code,
  math: Arithmetic,
  { column, columnEnd, pitch }: Readonly<Record<'column' | 'columnEnd' | 'pitch', Local<'i32'>>>,
  { row, offset, tile, spectrum, left, factor, sum }: ProductLocals,
  { tiles, spectra, distance, count }: Products,
): void {
  set(code, offset, 0);
  set(code, row, column);
  loopUntil(code, row, columnEnd, 0, () => {
    set(code, tile, i32.add(tiles, offset));
    set(code, spectrum, i32.add(spectra, offset));
    set(code, left, count);
    math.clear(sum);
    code.loop((again) => {
      math.load(factor, tile, 0);
      math.addProduct(sum, factor, spectrum, 0);
      set(code, tile, i32.add(tile, distance));
      set(code, spectrum, i32.add(spectrum, distance));
      countDown(code, left, again);
    });
    math.store(sum, row, 0);
    set(code, offset, i32.add(offset, pitch));
    set(code, row, i32.add(row, pitch));
  });
}

interface Products {
  readonly tiles: Local<'i32'>;
  readonly spectra: Local<'i32'>;
  readonly distance: Local<'i32'>;
  readonly count: Local<'i32'>;
}

interface ProductLocals {
  readonly row: Local<'i32'>;
  readonly offset: Local<'i32'>;
  readonly tile: Local<'i32'>;
  readonly spectrum: Local<'i32'>;
  readonly left: Local<'i32'>;
  readonly factor: Complex;
  readonly sum: Complex;
}

/** The locals that {@link sumProducts} works with. */
export function productLocals(code: Code, math: Arithmetic): ProductLocals {
  const [row, offset, tile, spectrum, left] = Array.from({ length: 5 }, () => code.local('i32'));
  return { row, offset, tile, spectrum, left, factor: math.complex(), sum: math.complex() };
}
