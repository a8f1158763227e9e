import type { Code, Local } from '../../wasm/code.ts';
import { countDown, loopUntil, setSum } from '../../wasm/idioms.ts';
import type { Arithmetic, Complex } from './fftArithmetic.ts';

/** A column of tiles times one of spectra, summed up over so many of them. */
export function sumProducts(
  code: Code,
  math: Arithmetic,
  { column, columnEnd, pitch }: Readonly<Record<'column' | 'columnEnd' | 'pitch', Local>>,
  { row, offset, tile, spectrum, left, factor, sum }: ProductLocals,
  { tiles, spectra, distance, count }: Products,
): void {
  code.i32(0);
  code.set(offset);
  setSum(code, row, column, 0);
  loopUntil(code, row, columnEnd, 0, () => {
    setSum(code, tile, tiles, offset);
    setSum(code, spectrum, spectra, offset);
    setSum(code, left, count, 0);
    math.clear(sum);
    code.loop((again) => {
      math.load(factor, tile, 0);
      math.addProduct(sum, factor, spectrum, 0);
      setSum(code, tile, tile, distance);
      setSum(code, spectrum, spectrum, distance);
      countDown(code, left, again);
    });
    math.store(sum, row, 0);
    setSum(code, offset, offset, pitch);
    setSum(code, row, row, pitch);
  });
}

interface Products {
  readonly tiles: Local;
  readonly spectra: Local;
  readonly distance: Local;
  readonly count: Local;
}

interface ProductLocals {
  readonly row: Local;
  readonly offset: Local;
  readonly tile: Local;
  readonly spectrum: Local;
  readonly left: Local;
  readonly factor: Complex;
  readonly sum: Complex;
}

/** The locals that {@link sumProducts} works with. */
export function productLocals(code: Code, math: Arithmetic): ProductLocals {
  const [row, offset, tile, spectrum, left] = Array.from({ length: 5 }, () => code.local('i32'));
  return { row, offset, tile, spectrum, left, factor: math.complex(), sum: math.complex() };
}
