import { type FunctionSource, functionOf } from '../../wasm/assemble.ts';
import type { Code, Local } from '../../wasm/code.ts';
import { f32x4, keep, lanes, load, set, store } from '../../wasm/expressions.ts';
import { advance } from '../../wasm/idioms.ts';
import { repeat, times } from './loops.ts';

/** What becomes of a sum: stored as it is or at least 0, what stands at `add` added to it first or not. */
const VARIANTS = {
  pointwise: { adds: false, rectifies: false },
  pointwiseAdd: { adds: true, rectifies: false },
  pointwiseRectified: { adds: false, rectifies: true },
  pointwiseAddRectified: { adds: true, rectifies: true },
} as const;

/**
 * A 1×1 correlation of planes: y[o] = bias[o] + Σᵢ w[o][i]·x[i], inputs in order, each operation rounded to Float32; then what is
 * added, then the rectifier. Weights lie in groups of four outputs, the last ones alone: the biases of a group, then for each
 * input one weight an output.
 *
 * Operands: x, bytes from one channel of x to the next and from one row to the next; y likewise; the address of what is added, in
 * y's layout; rows; vectors of a row; weights; input and output channels.
 */
export function pointwiseCode(): FunctionSource[] {
  return Object.entries(VARIANTS).map(([name, { adds, rectifies }]) =>
    functionOf({
      name,
      parameters: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'],
      write(code, [x, xPlane, xRow, y, yPlane, yRow, added, rows, vectors, weights, inputs, outputs]) {
        const [from, to, plus, seen, weight] = [0, 1, 2, 3, 4].map(() => code.local('i32'));
        const [xAt, yAt, plusAt] = [0, 1, 2].map(() => code.local('i32'));
        const left = code.local('i32');
        const tile = (across: number): void => {
          set(code, weight, weights);
          set(code, to, yAt);
          if (adds) set(code, plus, plusAt);
          set(code, left, outputs);
          for (const down of [4, 1]) {
            repeat(code, left, down, () => {
              const sums = sumsOf(code, weight, down, across);
              set(code, from, xAt);
              advance(code, weight, 4 * down);
              times(code, inputs, seen, () => {
                const samples = eachOf(across, (v) => keep(code, load('v128.load', from, 16 * v, 2)));
                sums.forEach((row, o) => {
                  const factor = keep(code, load('v128.load32_splat', weight, 4 * o, 2));
                  row.forEach((sum, v) => set(code, sum, f32x4.add(sum, f32x4.mul(samples[v], factor))));
                });
                advance(code, from, xPlane);
                advance(code, weight, 4 * down);
              });
              for (const row of sums) {
                row.forEach((sum, v) => {
                  if (adds) set(code, sum, f32x4.add(load('v128.load', plus, 16 * v, 2), sum));
                  store(code, 'v128.store', to, rectifies ? f32x4.pmax(sum, lanes('i8', 0)) : sum, 16 * v, 2);
                });
                advance(code, to, yPlane);
                if (adds) advance(code, plus, yPlane);
              }
            });
          }
          for (const at of [xAt, yAt, plusAt]) advance(code, at, 16 * across);
        };
        const columns = code.local('i32');
        const row = code.local('i32');
        times(code, rows, row, () => {
          set(code, xAt, x);
          set(code, yAt, y);
          set(code, plusAt, added);
          set(code, columns, vectors);
          for (const across of [2, 1]) repeat(code, columns, across, () => tile(across));
          advance(code, x, xRow);
          for (const at of [y, added]) advance(code, at, yRow);
        });
      },
    }),
  );
}

/** Accumulators of so many outputs and vectors, at the outputs' biases. */
function sumsOf(code: Code, biases: Local<'i32'>, down: number, across: number): Local<'v128'>[][] {
  return eachOf(down, (o) => {
    const bias = keep(code, load('v128.load32_splat', biases, 4 * o, 2));
    return eachOf(across, () => keep(code, bias));
  });
}

function eachOf<T>(count: number, make: (i: number) => T): T[] {
  return Array.from({ length: count }, (_, i) => make(i));
}

/** The bytes that the packed weights of so many inputs and outputs take. */
export function packedBytes(inputs: number, outputs: number): number {
  return 4 * (inputs + 1) * outputs;
}

/**
 * Weights O×I and biases as the code reads them.
 *
 * @param transposed whether the weights are I×O, the outputs' being columns: the way back of a 1×1 correlation
 */
export function packPointwise(
  packed: Float32Array,
  weights: Float32Array,
  bias: Float32Array | undefined,
  inputs: number,
  outputs: number,
  transposed = false,
): void {
  let to = 0;
  for (let o = 0; o < outputs;) {
    const group = outputs - o >= 4 ? 4 : 1;
    for (let k = 0; k < group; k++) packed[to++] = bias?.[o + k] ?? 0;
    for (let i = 0; i < inputs; i++) {
      for (let k = 0; k < group; k++) packed[to++] = weights[transposed ? i * outputs + o + k : (o + k) * inputs + i];
    }
    o += group;
  }
}
