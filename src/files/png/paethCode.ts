import { type FunctionSource, functionOf } from '../../wasm/assemble.ts';
import type { Code, Local, Value } from '../../wasm/code.ts';
import { i8x16, i32, keep, load, select, set, store, v128 } from '../../wasm/expressions.ts';
import { advance, loopUntil } from '../../wasm/idioms.ts';

/**
 * `paeth(row, above, out, length)`: the Paeth-filtered bytes of a row of `length` bytes, sixteen at a time. Before each row
 * stand `pixelBytes` zero bytes; up to 15 bytes beyond `out`'s last are written.
 */
export function paethCode(pixelBytes: number): FunctionSource[] {
  return [
    functionOf({
      name: 'paeth',
      parameters: ['i32', 'i32', 'i32', 'i32'],
      write(code, [row, above, out, length]) {
        const start = keep(code, row);
        // The length, rounded up to whole vectors.
        set(code, length, i32.and(i32.add(length, 15), -16));
        loopUntil(code, row, start, length, () => {
          store(code, 'v128.store', out, filtered(code, row, above, pixelBytes));
          for (const address of [row, above, out]) advance(code, address, 16);
        });
      },
    }),
  ];
}

/**
 * Sixteen filtered bytes. With a the byte to the left, b above and c above to the left, Paeth's predictor is the one nearest to
 * a + b − c, whose distances from them are |b − c|, |a − c| and |(b − c) + (a − c)|: the sum of the first two where b and a lie on
 * one side of c, else their difference. A sum that saturates at 255 is never the least.
 */
function filtered(code: Code, row: Local<'i32'>, above: Local<'i32'>, pixelBytes: number): Value<'v128'> {
  const left = keep(code, load('v128.load', i32.sub(row, pixelBytes)));
  const up = keep(code, load('v128.load', above));
  const corner = keep(code, load('v128.load', i32.sub(above, pixelBytes)));
  const toLeft = keep(code, distance(up, corner));
  const toUp = keep(code, distance(left, corner));
  const oneSide = v128.not(v128.xor(i8x16.ge_u(up, corner), i8x16.ge_u(left, corner)));
  const toCorner = keep(code, select(oneSide, i8x16.add_sat_u(toLeft, toUp), distance(toLeft, toUp)));
  const isLeft = v128.and(i8x16.le_u(toLeft, toUp), i8x16.le_u(toLeft, toCorner));
  const predictor = select(isLeft, left, select(i8x16.le_u(toUp, toCorner), up, corner));
  return i8x16.sub(load('v128.load', row), predictor);
}

/** |a − b|: of the two differences that stop at 0 one is 0. */
function distance(a: Value<'v128'>, b: Value<'v128'>): Value<'v128'> {
  return v128.or(i8x16.sub_sat_u(a, b), i8x16.sub_sat_u(b, a));
}
