import { type FunctionSource, functionOf } from '../../wasm/assemble.ts';
import type { Value } from '../../wasm/code.ts';
import { f32x4, i32x4, lanes, load, once, store } from '../../wasm/expressions.ts';
import { advance } from '../../wasm/idioms.ts';
import { times } from './loops.ts';

/** e^x beyond these is 0 or more than Float32 holds. */
const LEAST = -87;
const MOST = 87;

/**
 * The function `sigmoid`: 1/(1 + e^−x), each operation rounded to Float32, so that it is the same on every machine. The error is
 * below 2e-7. Operands: x, the result, vectors.
 *
 * e^r by its Taylor polynomial of degree 6, |r| ≤ ln 2 / 2, ln 2 in two parts as Cody and Waite have it (Software Manual for the
 * Elementary Functions, 1980).
 */
export function sigmoidCode(): FunctionSource[] {
  return [
    functionOf({
      name: 'sigmoid',
      parameters: ['i32', 'i32', 'i32'],
      write(code, [x, y, vectors]) {
        const left = code.local('i32');
        times(code, vectors, left, () => {
          const power = exponential(f32x4.neg(load('v128.load', x, 0, 2)));
          store(code, 'v128.store', y, f32x4.div(lanes('f32', 1), f32x4.add(lanes('f32', 1), power)), 0, 2);
          for (const place of [x, y]) advance(code, place, 16);
        });
      },
    }),
  ];
}

function exponential(x: Value<'v128'>): Value<'v128'> {
  const bounded = f32x4.max(f32x4.min(x, lanes('f32', MOST)), lanes('f32', LEAST));
  return once(bounded, (kept) =>
    once(f32x4.nearest(f32x4.mul(kept, lanes('f32', Math.LOG2E))), (n) => {
      const high = f32x4.sub(kept, f32x4.mul(n, lanes('f32', 0.693359375)));
      const rest = f32x4.sub(high, f32x4.mul(n, lanes('f32', -2.1219444e-4)));
      const scale = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), lanes('i32', 127)), 23);
      return f32x4.mul(
        once(rest, (r) => {
          let sum: Value<'v128'> = lanes('f32', 1 / 720);
          for (const term of [1 / 120, 1 / 24, 1 / 6, 1 / 2, 1, 1])
            sum = f32x4.add(f32x4.mul(sum, r), lanes('f32', term));
          return sum;
        }),
        scale,
      );
    }),
  );
}
