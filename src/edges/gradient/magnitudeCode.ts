import type { FunctionSource } from '../../wasm/assemble.ts';
import { advance, loopUntil } from '../../wasm/idioms.ts';
import type { MagnitudeNorm } from './magnitude.ts';

export function magnitudeName(norm: MagnitudeNorm): string {
  return `magnitude ${norm}`;
}

/**
 * The function `lengths`: √(a² + b²) or |a| + |b|, times a factor, each operation rounded. Operands: the addresses of a, b and the
 * result, bytes (a multiple of 16), and the factor.
 */
export function magnitudeCode(norm: MagnitudeNorm): FunctionSource[] {
  return [
    {
      name: 'lengths',
      parameters: ['i32', 'i32', 'i32', 'i32', 'f32'],
      write(code, [a, b, out, bytes, factor]) {
        const scale = code.local('v128');
        const start = code.local('i32');
        const value = code.local('v128');
        code.get(factor);
        code.op('f32x4.splat');
        code.set(scale);
        code.get(out);
        code.set(start);
        loopUntil(code, out, start, bytes, () => {
          code.get(out);
          for (const operand of [a, b]) {
            code.get(operand);
            code.memory('v128.load', 0, 2);
            if (norm === 'l1') code.op('f32x4.abs');
            else {
              code.tee(value);
              code.get(value);
              code.op('f32x4.mul');
            }
          }
          code.op('f32x4.add');
          if (norm === 'l2') code.op('f32x4.sqrt');
          code.get(scale);
          code.op('f32x4.mul');
          code.memory('v128.store', 0, 2);
          for (const place of [a, b, out]) advance(code, place, 16);
        });
      },
    },
  ];
}
