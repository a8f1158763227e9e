import type { Code, Local } from '../../wasm/code.ts';
import { loopUntil, setProduct, setSum } from '../emit.ts';
import type { Arithmetic, Complex } from './fftArithmetic.ts';
import type { Stage, TileLayout } from './fftLayout.ts';

/** Bytes of the weights of one radix-4 butterfly: three complex numbers, each for all lanes. */
const WEIGHTS = 24;

/** See `columnsIn` in {@link fftCode}. */
export function columnsIn(code: Code, math: Arithmetic, layout: TileLayout, parameters: readonly Local[]): void {
  const [a, pitchA, b, pitchB, tile, weights] = parameters;
  const [column, row, weight, quarterA, quarterB] = Array.from({ length: 5 }, () => code.local('i32'));
  const sources = Array.from({ length: 4 }, () => [code.local('i32'), code.local('i32')]);
  const z = Array.from({ length: 4 }, () => math.complex());
  const [first, ...others] = layout.columnStages;
  const quarter = layout.rows / 4;
  setProduct(code, quarterA, pitchA, quarter);
  setProduct(code, quarterB, pitchB, quarter);

  setSum(code, column, tile, 0);
  loopUntil(code, column, tile, (layout.columns / 4) * layout.vector, () => {
    setSum(code, row, column, 0);
    setSum(code, weight, weights, first.weights);
    setSum(code, sources[0][0], a, 0);
    setSum(code, sources[0][1], b, 0);
    loopUntil(code, weight, weights, first.weights + quarter * WEIGHTS, () => {
      for (let q = 1; q < 4; q++) {
        setSum(code, sources[q][0], sources[q - 1][0], quarterA);
        setSum(code, sources[q][1], sources[q - 1][1], quarterB);
      }
      z.forEach(({ re, im }, q) => {
        for (const [part, local] of [re, im].entries()) {
          code.get(sources[q][part]);
          code.memory('v128.load');
          code.set(local);
        }
      });
      math.butterfly4(z, false);
      storeTurned(math, z, row, quarter * layout.pitch, weight);
      setSum(code, sources[0][0], sources[0][0], pitchA);
      setSum(code, sources[0][1], sources[0][1], pitchB);
      setSum(code, row, row, layout.pitch);
      setSum(code, weight, weight, WEIGHTS);
    });
    for (const stage of others) inPlace(code, math, layout, stage, false, { column, row, weight, weights, z });
    for (const source of [a, b]) setSum(code, source, source, 16);
    setSum(code, column, column, layout.vector);
  });
}

/** See `columnsOut` in {@link fftCode}. */
export function columnsOut(code: Code, math: Arithmetic, layout: TileLayout, parameters: readonly Local[]): void {
  const [tile, weights, a, pitchA, b, pitchB, rows, end, bias] = parameters;
  const [column, row, weight, quarterA, quarterB, count] = Array.from({ length: 6 }, () => code.local('i32'));
  const targets = Array.from({ length: 4 }, () => [code.local('i32'), code.local('i32')]);
  const biases = code.local('v128');
  const z = Array.from({ length: 4 }, () => math.complex());
  const [last, ...others] = layout.columnStages;
  const quarter = layout.rows / 4;
  setProduct(code, quarterA, pitchA, quarter);
  setProduct(code, quarterB, pitchB, quarter);
  code.get(bias);
  code.op('f32x4.splat');
  code.set(biases);

  setSum(code, column, tile, 0);
  loopUntil(code, column, tile, end, () => {
    for (const stage of others.toReversed()) {
      inPlace(code, math, layout, stage, true, { column, row, weight, weights, z });
    }
    setSum(code, row, column, 0);
    setSum(code, weight, weights, last.weights);
    setSum(code, targets[0][0], a, 0);
    setSum(code, targets[0][1], b, 0);
    setSum(code, count, rows, 0);
    loopUntil(code, weight, weights, last.weights + quarter * WEIGHTS, () => {
      for (let q = 1; q < 4; q++) {
        setSum(code, targets[q][0], targets[q - 1][0], quarterA);
        setSum(code, targets[q][1], targets[q - 1][1], quarterB);
      }
      loadTurned(math, z, row, quarter * layout.pitch, weight);
      math.butterfly4(z, true);
      z.forEach(({ re, im }, q) => {
        // Rows beyond the valid ones are those where the window's end meets its beginning.
        code.get(count);
        code.i32(q * quarter);
        code.op('i32.gt_s');
        code.if(() => {
          for (const [part, local] of [re, im].entries()) {
            code.get(targets[q][part]);
            code.get(local);
            code.get(biases);
            code.op('f32x4.add');
            code.memory('v128.store');
          }
        });
      });
      setSum(code, targets[0][0], targets[0][0], pitchA);
      setSum(code, targets[0][1], targets[0][1], pitchB);
      setSum(code, row, row, layout.pitch);
      setSum(code, weight, weight, WEIGHTS);
      setSum(code, count, count, -1);
    });
    for (const target of [a, b]) setSum(code, target, target, 16);
    setSum(code, column, column, layout.vector);
  });
}

interface ColumnLocals {
  /** Address of the first row of the columns. */
  readonly column: Local;
  readonly row: Local;
  readonly weight: Local;
  readonly weights: Local;
  readonly z: readonly Complex[];
}

/** One stage of a transform along columns, block by block. */
function inPlace(
  code: Code,
  math: Arithmetic,
  { pitch, rows }: TileLayout,
  stage: Stage,
  inverse: boolean,
  { column, row, weight, weights, z }: ColumnLocals,
): void {
  const { length, radix } = stage;
  const step = (length / radix) * pitch;
  setSum(code, row, column, 0);
  loopUntil(code, row, column, rows * pitch, () => {
    if (length === radix) {
      const members = z.slice(0, radix);
      members.forEach((member, q) => math.load(member, row, q * step));
      if (radix === 4) math.butterfly4(members, inverse);
      else math.butterfly2(members);
      members.forEach((member, q) => math.store(member, row, q * step));
      setSum(code, row, row, length * pitch);
      return;
    }
    setSum(code, weight, weights, stage.weights);
    loopUntil(code, weight, weights, stage.weights + (length / 4) * WEIGHTS, () => {
      if (inverse) {
        loadTurned(math, z, row, step, weight);
        math.butterfly4(z, true);
        z.forEach((member, q) => math.store(member, row, q * step));
      } else {
        z.forEach((member, q) => math.load(member, row, q * step));
        math.butterfly4(z, false);
        storeTurned(math, z, row, step, weight);
      }
      setSum(code, row, row, pitch);
      setSum(code, weight, weight, WEIGHTS);
    });
    setSum(code, row, row, (length - length / 4) * pitch);
  });
}

function storeTurned(math: Arithmetic, z: readonly Complex[], row: Local, step: number, weight: Local): void {
  z.forEach((member, q) => {
    if (q > 0) math.turn(member, 'v128.load32_splat', weight, 8 * (q - 1), false);
    math.store(member, row, q * step);
  });
}

function loadTurned(math: Arithmetic, z: readonly Complex[], row: Local, step: number, weight: Local): void {
  z.forEach((member, q) => {
    math.load(member, row, q * step);
    if (q > 0) math.turn(member, 'v128.load32_splat', weight, 8 * (q - 1), true);
  });
}
