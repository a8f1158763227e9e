import { type FunctionSource, functionOf } from '../../wasm/assemble.ts';
import type { Value } from '../../wasm/code.ts';
import { f32x4, keep, lanes, load, set, store, v128 } from '../../wasm/expressions.ts';
import { advance } from '../../wasm/idioms.ts';
import { times } from './loops.ts';

/**
 * - `rectifyPlanes`: y = max(x, 0); `addRectified`: y = max(y + x, 0). Operands: x, bytes of a channel; y likewise; bytes of a row,
 *   in both; rows; vectors of a row; channels.
 * - `maskBelow`: slopes where what was made is not above 0 become 0. Operands: slopes, what was made, vectors.
 */
export function rectifyCode(): FunctionSource[] {
  return [
    rectify('rectifyPlanes', (x) => x),
    rectify('addRectified', (x, y) => f32x4.add(y, x)),
    functionOf({
      name: 'maskBelow',
      parameters: ['i32', 'i32', 'i32'],
      write(code, [slopes, made, vectors]) {
        const left = code.local('i32');
        times(code, vectors, left, () => {
          const passed = keep(code, f32x4.gt(load('v128.load', made, 0, 2), lanes('i8', 0)));
          store(code, 'v128.store', slopes, v128.and(load('v128.load', slopes, 0, 2), passed), 0, 2);
          for (const place of [slopes, made]) advance(code, place, 16);
        });
      },
    }),
  ];
}

function rectify(name: string, sum: (x: Value<'v128'>, y: Value<'v128'>) => Value<'v128'>): FunctionSource {
  return functionOf({
    name,
    parameters: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'],
    write(code, [x, xPlane, y, yPlane, stride, rows, vectors, channels]) {
      const [channel, row, columns, xRow, yRow, from, to] = Array.from({ length: 7 }, () => code.local('i32'));
      times(code, channels, channel, () => {
        set(code, xRow, x);
        set(code, yRow, y);
        times(code, rows, row, () => {
          set(code, from, xRow);
          set(code, to, yRow);
          times(code, vectors, columns, () => {
            const value = sum(load('v128.load', from, 0, 2), load('v128.load', to, 0, 2));
            store(code, 'v128.store', to, f32x4.pmax(value, lanes('i8', 0)), 0, 2);
            for (const place of [from, to]) advance(code, place, 16);
          });
          for (const place of [xRow, yRow]) advance(code, place, stride);
        });
        advance(code, x, xPlane);
        advance(code, y, yPlane);
      });
    },
  });
}
