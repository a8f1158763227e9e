import { type FunctionSource, functionOf } from '../../wasm/assemble.ts';
import type { Value } from '../../wasm/code.ts';
import { f32x4, keep, load, once, store } from '../../wasm/expressions.ts';
import { advance, loopUntil } from '../../wasm/idioms.ts';
import type { MagnitudeNorm } from './magnitudeNorm.ts';

export function magnitudeName(norm: MagnitudeNorm): string {
  return `magnitude ${norm}`;
}

/**
 * The function `lengths`: √(a² + b²) or |a| + |b|, times a factor, each operation rounded. Operands: the addresses of a, b and the
 * result, bytes (a multiple of 16), and the factor.
 */
export function magnitudeCode(norm: MagnitudeNorm): FunctionSource[] {
  return [
    functionOf({
      name: 'lengths',
      parameters: ['i32', 'i32', 'i32', 'i32', 'f32'],
      write(code, [a, b, out, bytes, factor]) {
        const scale = keep(code, f32x4.splat(factor));
        const start = keep(code, out);
        loopUntil(code, out, start, bytes, () => {
          const [across, down] = [a, b].map((address) => load('v128.load', address, 0, 2));
          const length =
            norm === 'l1'
              ? f32x4.add(f32x4.abs(across), f32x4.abs(down))
              : f32x4.sqrt(f32x4.add(squared(across), squared(down)));
          store(code, 'v128.store', out, f32x4.mul(length, scale), 0, 2);
          for (const place of [a, b, out]) advance(code, place, 16);
        });
      },
    }),
  ];
}

function squared(value: Value<'v128'>): Value<'v128'> {
  return once(value, (kept) => f32x4.mul(kept, kept));
}
