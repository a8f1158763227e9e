import { type FunctionSource, functionOf } from '../../wasm/assemble.ts';
import type { Code, Local } from '../../wasm/code.ts';
import { f32x4, i32, keep, lanes, load, set, store } from '../../wasm/expressions.ts';
import { advance } from '../../wasm/idioms.ts';
import { times } from './loops.ts';

const VARIANTS = {
  depthwiseRectified: { adds: false, rectifies: true },
  depthwiseAdd: { adds: true, rectifies: false },
} as const;

/** Floats of a channel: its nine taps, row by row, and its bias. */
export const DEPTHWISE_FLOATS = 10;

/**
 * A 3×3 correlation of each channel by itself, over planes with a rim: y = bias + Σ w·x, taps in order, each operation rounded to
 * Float32; then what is added, or the rectifier.
 *
 * Operands: x, bytes from one channel of x to the next; y likewise; the address of what is added, in y's layout; bytes from one row
 * to the next, in all of them; rows; vectors of a row; weights, {@link DEPTHWISE_FLOATS} a channel; channels.
 */
export function depthwiseCode(): FunctionSource[] {
  return Object.entries(VARIANTS).map(([name, { adds, rectifies }]) =>
    functionOf({
      name,
      parameters: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'],
      write(code, [x, xPlane, y, yPlane, added, stride, rows, vectors, weights, channels]) {
        const [xRow, yRow, plusRow, above, at, below, to, plus] = Array.from({ length: 8 }, () => code.local('i32'));
        const [channel, row, columns] = Array.from({ length: 3 }, () => code.local('i32'));
        const taps = Array.from({ length: DEPTHWISE_FLOATS }, () => code.local('v128'));
        times(code, channels, channel, () => {
          taps.forEach((tap, i) => set(code, tap, load('v128.load32_splat', weights, 4 * i, 2)));
          set(code, xRow, x);
          set(code, yRow, y);
          set(code, plusRow, added);
          times(code, rows, row, () => {
            set(code, above, i32.sub(xRow, stride));
            set(code, at, xRow);
            set(code, below, i32.add(xRow, stride));
            set(code, to, yRow);
            set(code, plus, plusRow);
            times(code, vectors, columns, () => {
              const sum = correlate(code, [above, at, below], taps);
              if (adds) set(code, sum, f32x4.add(load('v128.load', plus, 0, 2), sum));
              store(code, 'v128.store', to, rectifies ? f32x4.pmax(sum, lanes('i8', 0)) : sum, 0, 2);
              for (const place of [above, at, below, to, plus]) advance(code, place, 16);
            });
            for (const place of [xRow, yRow, plusRow]) advance(code, place, stride);
          });
          advance(code, x, xPlane);
          for (const place of [y, added]) advance(code, place, yPlane);
          advance(code, weights, 4 * DEPTHWISE_FLOATS);
        });
      },
    }),
  );
}

function correlate(code: Code, rows: readonly Local<'i32'>[], taps: readonly Local<'v128'>[]): Local<'v128'> {
  const sum = keep(code, taps[9]);
  rows.forEach((row, u) => {
    // A row lies four samples within its memory: the address before it is its own.
    const before = keep(code, i32.sub(row, 4));
    for (const v of [0, 1, 2]) {
      set(code, sum, f32x4.add(sum, f32x4.mul(load('v128.load', before, 4 * v, 2), taps[3 * u + v])));
    }
  });
  return sum;
}

/**
 * The function `depthwiseSlopes`: Σ of slopes times samples for each tap of {@link depthwiseCode}, and Σ of slopes for the bias, as
 * vectors of four, samples of a row in turn. Operands: slopes g, bytes from one of its channels to the next; x likewise; bytes of a
 * row; rows; vectors; the sums, {@link DEPTHWISE_FLOATS} vectors a channel; channels.
 */
export function depthwiseSlopesCode(): FunctionSource {
  return functionOf({
    name: 'depthwiseSlopes',
    parameters: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'],
    write(code, [g, gPlane, x, xPlane, stride, rows, vectors, out, channels]) {
      const [gRow, xRow, at, place] = Array.from({ length: 4 }, () => code.local('i32'));
      const [channel, row, columns] = Array.from({ length: 3 }, () => code.local('i32'));
      const sums = Array.from({ length: DEPTHWISE_FLOATS }, () => code.local('v128'));
      times(code, channels, channel, () => {
        for (const sum of sums) set(code, sum, lanes('i8', 0));
        set(code, gRow, g);
        set(code, xRow, x);
        times(code, rows, row, () => {
          set(code, at, gRow);
          set(code, place, i32.sub(xRow, 4));
          times(code, vectors, columns, () => {
            const slope = keep(code, load('v128.load', at, 0, 2));
            for (const u of [0, 1, 2]) {
              const line = keep(code, u === 0 ? i32.sub(place, stride) : u === 1 ? place : i32.add(place, stride));
              for (const v of [0, 1, 2]) {
                const sum = sums[3 * u + v];
                set(code, sum, f32x4.add(sum, f32x4.mul(slope, load('v128.load', line, 4 * v, 2))));
              }
            }
            set(code, sums[9], f32x4.add(sums[9], slope));
            for (const address of [at, place]) advance(code, address, 16);
          });
          for (const address of [gRow, xRow]) advance(code, address, stride);
        });
        sums.forEach((sum, i) => store(code, 'v128.store', out, sum, 16 * i, 2));
        advance(code, g, gPlane);
        advance(code, x, xPlane);
        advance(code, out, 16 * DEPTHWISE_FLOATS);
      });
    },
  });
}
