import { type FunctionSource, functionOf } from '../../wasm/assemble.ts';
import { f32x4, i32, keep, lanes, load, set, store } from '../../wasm/expressions.ts';
import { advance } from '../../wasm/idioms.ts';
import { repeat, times } from './loops.ts';

/**
 * `pointwiseSlopes`: Σ over all samples of g[o]·x[i], the slopes of a 1×1 correlation's weights; and `planeSums`: Σ of g[o], those
 * of its biases. Sums are kept as vectors of four, samples of a row in turn, and are stored so, O×I and O of them.
 *
 * Operands of the first: slopes g, bytes from one channel of g to the next; x likewise; bytes of a row, in both; rows; vectors of a
 * row; sums; input and output channels. Of the second: g, bytes of a channel and a row, rows, vectors, sums, channels.
 */
export function pointwiseSlopesCode(): FunctionSource[] {
  return [pointwiseSlopes(), planeSums()];
}

function pointwiseSlopes(): FunctionSource {
  return functionOf({
    name: 'pointwiseSlopes',
    parameters: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'],
    write(code, [g, gPlane, x, xPlane, stride, rows, vectors, out, inputs, outputs]) {
      const [outputsLeft, inputsLeft, row, columns, xGroup, sumsAt] = Array.from({ length: 6 }, () =>
        code.local('i32'),
      );
      /** The sums of `down` output channels by `across` input channels. */
      const sumsOf = (down: number, across: number): void => {
        const sums = Array.from({ length: down * across }, () => keep(code, lanes('i8', 0)));
        const gRows = planesFrom(down, g, gPlane);
        const xRows = planesFrom(across, xGroup, xPlane);
        times(code, rows, row, () => {
          const gAt = gRows.map((address) => keep(code, address));
          const xAt = xRows.map((address) => keep(code, address));
          times(code, vectors, columns, () => {
            const samples = xAt.map((address) => keep(code, load('v128.load', address, 0, 2)));
            gAt.forEach((address, o) => {
              const slope = keep(code, load('v128.load', address, 0, 2));
              samples.forEach((sample, i) => {
                const sum = sums[o * across + i];
                set(code, sum, f32x4.add(sum, f32x4.mul(slope, sample)));
              });
            });
            for (const address of [...gAt, ...xAt]) advance(code, address, 16);
          });
          for (const address of [...gRows, ...xRows]) advance(code, address, stride);
        });
        const rowOfSums = keep(code, sumsAt);
        for (let o = 0; o < down; o++) {
          for (let i = 0; i < across; i++) store(code, 'v128.store', rowOfSums, sums[o * across + i], 16 * i, 2);
          advance(code, rowOfSums, i32.shl(inputs, 4));
        }
      };
      const planesFrom = (count: number, first: typeof g, plane: typeof gPlane): (typeof g)[] =>
        Array.from({ length: count }, (_, i) => keep(code, i32.add(first, i32.mul(plane, i))));

      set(code, outputsLeft, outputs);
      for (const down of [4, 1]) {
        repeat(code, outputsLeft, down, () => {
          set(code, inputsLeft, inputs);
          set(code, xGroup, x);
          set(code, sumsAt, out);
          for (const across of [2, 1]) {
            repeat(code, inputsLeft, across, () => {
              sumsOf(down, across);
              advance(code, sumsAt, 16 * across);
              advance(code, xGroup, i32.mul(xPlane, across));
            });
          }
          advance(code, g, i32.mul(gPlane, down));
          advance(code, out, i32.shl(i32.mul(inputs, down), 4));
        });
      }
    },
  });
}

function planeSums(): FunctionSource {
  return functionOf({
    name: 'planeSums',
    parameters: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'],
    write(code, [g, gPlane, stride, rows, vectors, out, channels]) {
      const [channel, row, columns, line, at] = Array.from({ length: 5 }, () => code.local('i32'));
      const sum = code.local('v128');
      times(code, channels, channel, () => {
        set(code, sum, lanes('i8', 0));
        set(code, line, g);
        times(code, rows, row, () => {
          set(code, at, line);
          times(code, vectors, columns, () => {
            set(code, sum, f32x4.add(sum, load('v128.load', at, 0, 2)));
            advance(code, at, 16);
          });
          advance(code, line, stride);
        });
        store(code, 'v128.store', out, sum, 0, 2);
        advance(code, g, gPlane);
        advance(code, out, 16);
      });
    },
  });
}
