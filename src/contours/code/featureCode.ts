import { type FunctionSource, functionOf } from '../../wasm/assemble.ts';
import type { Code, Local, Value } from '../../wasm/code.ts';
import { f32x4, i32, keep, lanes, load, set, store } from '../../wasm/expressions.ts';
import { advance } from '../../wasm/idioms.ts';
import { times } from './loops.ts';

/** σ of the Gaussian whose derivative the gradients are, in samples of the level. */
const SIGMA = 0.9;

/** The gradients' factor: with it they and the colours are about equally large. */
const SCALE = 2;

/** Keeps the roots' slopes finite. */
const FLOOR = 1e-4;

/** The Gaussian of five taps, its sum 1, and its derivative, which answers a ramp of slope 1 with {@link SCALE}: centre first. */
const { smooth: SMOOTH, slope: SLOPE } = taps();

function taps(): { smooth: readonly number[]; slope: readonly number[] } {
  const gauss = [0, 1, 2].map((x) => Math.exp((-x * x) / (2 * SIGMA * SIGMA)));
  const sum = gauss[0] + 2 * gauss[1] + 2 * gauss[2];
  const moment = 2 * (gauss[1] + 4 * gauss[2]);
  return { smooth: gauss.map((g) => g / sum), slope: gauss.map((g, x) => (SCALE * x * g) / moment) };
}

/** Planes of a level that its weights see: three colours, their gradients, their magnitudes, and the contrast. */
export const FEATURES = 13;

/** Samples on all sides of a picture that its own samples continue, for the features' sake. */
export const FEATURE_RIM = 4;

/**
 * What a net sees of a picture, by fixed filters.
 *
 * - `opponents`: (r + g + b)/3, r − g and (r + g)/2 − b of samples times a factor less each channel's mean. Operands: a row of r,
 *   bytes to g's and to b's; the row of the result, bytes of a channel; vectors; the factor; three means.
 * - `rims`: rows continued by their last samples, a vector on either side. Operands: the first row, bytes of a row, rows, bytes of
 *   its samples.
 * - `gradients`: of three colours the derivatives of a Gaussian across and down, and √(across² + down² + 1e-4), written to the
 *   planes behind them: six and three; the root of all six squares goes to a plane of its own. Operands: the first row of the first
 *   colour, bytes of a plane, bytes of a row, rows, vectors, the first row of the roots, room for three rows with rims.
 * - `contrast`: those roots over their mean in a window of 9×9 and a tenth. Operands: the first row of the roots, bytes of a row,
 *   rows, vectors, the first row of the result, room for a row with rims.
 */
export function featureCode(): FunctionSource[] {
  return [opponents(), rims(), gradients(), contrast()];
}

function opponents(): FunctionSource {
  return functionOf({
    name: 'opponents',
    parameters: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'f32', 'f32', 'f32', 'f32'],
    write(code, [red, toGreen, toBlue, out, plane, vectors, factor, meanRed, meanGreen, meanBlue]) {
      const columns = code.local('i32');
      const scale = keep(code, f32x4.splat(factor));
      const means = [meanRed, meanGreen, meanBlue].map((mean) => keep(code, f32x4.splat(mean)));
      times(code, vectors, columns, () => {
        const places = [red, i32.add(red, toGreen), i32.add(red, toBlue)];
        const [r, g, b] = places.map((place, c) =>
          keep(code, f32x4.sub(f32x4.mul(load('v128.load', place, 0, 2), scale), means[c])),
        );
        const both = keep(code, f32x4.add(r, g));
        const colours = [
          f32x4.mul(f32x4.add(both, b), lanes('f32', 1 / 3)),
          f32x4.sub(r, g),
          f32x4.sub(f32x4.mul(both, lanes('f32', 0.5)), b),
        ];
        const to = keep(code, out);
        for (const colour of colours) {
          store(code, 'v128.store', to, colour, 0, 2);
          advance(code, to, plane);
        }
        for (const place of [red, out]) advance(code, place, 16);
      });
    },
  });
}

function rims(): FunctionSource {
  return functionOf({
    name: 'rims',
    parameters: ['i32', 'i32', 'i32', 'i32'],
    write(code, [first, stride, rows, bytes]) {
      const row = code.local('i32');
      times(code, rows, row, () => {
        store(code, 'v128.store', i32.sub(first, 16), load('v128.load32_splat', first, 0, 2), 0, 2);
        const end = keep(code, i32.add(first, bytes));
        store(code, 'v128.store', end, load('v128.load32_splat', i32.sub(end, 4), 0, 2), 0, 2);
        advance(code, first, stride);
      });
    },
  });
}

function gradients(): FunctionSource {
  return functionOf({
    name: 'gradients',
    parameters: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'],
    write(code, [colours, plane, stride, rows, vectors, roots, room]) {
      const [row, columns] = [0, 1].map(() => code.local('i32'));
      const bytes = keep(code, i32.add(i32.shl(vectors, 4), 32));
      const smoothed = room;
      const sloped = keep(code, i32.add(room, bytes));
      const squares = keep(code, i32.add(sloped, bytes));
      times(code, rows, row, () => {
        const colour = keep(code, colours);
        const across = keep(code, i32.add(colours, i32.mul(plane, 3)));
        const magnitude = keep(code, i32.add(colours, i32.mul(plane, 9)));
        for (const c of [0, 1, 2]) {
          downwards(code, colour, { stride, columns, vectors, smoothed, sloped });
          const [s, d, q] = [smoothed, sloped, squares].map((start) => keep(code, i32.add(start, 16)));
          const [x, y, m] = [across, i32.add(across, plane), magnitude].map((start) => keep(code, start));
          const root = c === 2 ? keep(code, roots) : undefined;
          times(code, vectors, columns, () => {
            const gx = keep(
              code,
              derivative((k) => load('v128.load', i32.add(s, 4 * k), 0, 2)),
            );
            const gy = keep(
              code,
              smoothing((k) => load('v128.load', i32.add(d, 4 * k), 0, 2)),
            );
            const square = keep(code, f32x4.add(f32x4.mul(gx, gx), f32x4.mul(gy, gy)));
            store(code, 'v128.store', x, gx, 0, 2);
            store(code, 'v128.store', y, gy, 0, 2);
            store(code, 'v128.store', m, rootOf(square), 0, 2);
            const sum = c === 0 ? square : f32x4.add(load('v128.load', q, 0, 2), square);
            if (root === undefined) store(code, 'v128.store', q, sum, 0, 2);
            else store(code, 'v128.store', root, rootOf(sum), 0, 2);
            for (const place of [s, d, q, x, y, m, ...(root === undefined ? [] : [root])]) advance(code, place, 16);
          });
          advance(code, colour, plane);
          advance(code, across, i32.shl(plane, 1));
          advance(code, magnitude, plane);
        }
        for (const place of [colours, roots]) advance(code, place, stride);
      });
    },
  });
}

/** A row smoothed and derived downwards, its rims too. */
function downwards(
  code: Code,
  colour: Local<'i32'>,
  at: Record<'stride' | 'columns' | 'vectors' | 'smoothed' | 'sloped', Local<'i32'>>,
): void {
  const { stride, columns, vectors, smoothed, sloped } = at;
  const places = [-2, -1, 0, 1, 2].map((k) => keep(code, i32.add(i32.sub(colour, 16), i32.mul(stride, k))));
  const [s, d] = [smoothed, sloped].map((start) => keep(code, start));
  times(code, i32.add(vectors, 2), columns, () => {
    const samples = places.map((place) => keep(code, load('v128.load', place, 0, 2)));
    store(
      code,
      'v128.store',
      s,
      smoothing((k) => samples[k + 2]),
      0,
      2,
    );
    store(
      code,
      'v128.store',
      d,
      derivative((k) => samples[k + 2]),
      0,
      2,
    );
    for (const place of [...places, s, d]) advance(code, place, 16);
  });
}

function smoothing(at: (k: number) => Value<'v128'>): Value<'v128'> {
  const near = f32x4.add(f32x4.mul(at(0), lanes('f32', SMOOTH[0])), pair(f32x4.add(at(-1), at(1)), SMOOTH[1]));
  return f32x4.add(near, pair(f32x4.add(at(-2), at(2)), SMOOTH[2]));
}

function derivative(at: (k: number) => Value<'v128'>): Value<'v128'> {
  return f32x4.add(pair(f32x4.sub(at(1), at(-1)), SLOPE[1]), pair(f32x4.sub(at(2), at(-2)), SLOPE[2]));
}

function pair(value: Value<'v128'>, tap: number): Value<'v128'> {
  return f32x4.mul(value, lanes('f32', tap));
}

function rootOf(square: Value<'v128'>): Value<'v128'> {
  return f32x4.sqrt(f32x4.add(square, lanes('f32', FLOOR)));
}

function contrast(): FunctionSource {
  return functionOf({
    name: 'contrast',
    parameters: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32'],
    write(code, [roots, stride, rows, vectors, out, room]) {
      const [row, columns] = [0, 1].map(() => code.local('i32'));
      times(code, rows, row, () => {
        const above = keep(code, i32.sub(i32.sub(roots, 16), i32.shl(stride, 2)));
        const to = keep(code, room);
        times(code, i32.add(vectors, 2), columns, () => {
          const at = keep(code, above);
          const sum = keep(code, load('v128.load', at, 0, 2));
          for (let k = 1; k < 9; k++) {
            advance(code, at, stride);
            set(code, sum, f32x4.add(sum, load('v128.load', at, 0, 2)));
          }
          store(code, 'v128.store', to, sum, 0, 2);
          for (const place of [above, to]) advance(code, place, 16);
        });
        const [from, centre, result] = [room, roots, out].map((place) => keep(code, place));
        times(code, vectors, columns, () => {
          const sum = keep(code, load('v128.load', from, 0, 2));
          for (let k = 1; k < 9; k++) set(code, sum, f32x4.add(sum, load('v128.load', from, 4 * k, 2)));
          const mean = f32x4.add(f32x4.mul(sum, lanes('f32', 1 / 81)), lanes('f32', 0.1));
          store(code, 'v128.store', result, f32x4.div(load('v128.load', centre, 0, 2), mean), 0, 2);
          for (const place of [from, centre, result]) advance(code, place, 16);
        });
        for (const place of [roots, out]) advance(code, place, stride);
      });
    },
  });
}
