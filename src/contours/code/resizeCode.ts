import { type FunctionSource, functionOf } from '../../wasm/assemble.ts';
import type { Value } from '../../wasm/code.ts';
import { f32x4, i32, keep, lanes, load, set, shuffle, store } from '../../wasm/expressions.ts';
import { advance } from '../../wasm/idioms.ts';
import { times } from './loops.ts';

/**
 * Rows of half and of twice the size, and the way back of each.
 *
 * - `halve`: the mean of 2×2 samples, ((a + b) + (c + d))/4. Operands: the upper of two rows, the lower, bytes of a channel; the
 *   row of the result, bytes of a channel; its vectors; channels.
 * - `halveBack`: a quarter of each slope is added to the four. Operands: slopes, bytes of a channel; two rows, bytes of a channel;
 *   vectors of the slopes; channels.
 * - `double`: a row between two rows of half the size, bilinear, samples at the centres of their areas (¾ of the near one, ¼ of the
 *   far one); beyond the rim its own samples go on. Operands: the near row, the far one, bytes of a channel; the row of the result,
 *   bytes of a channel; vectors of half a row; bytes of half a row; room for half a row, rim of a vector on both sides; channels.
 * - `doubleBack`: its slopes, added to those of a row of half the size. Operands: slopes of the two near rows, of the two far ones,
 *   bytes of a channel; the row of the result, bytes of a channel; its vectors; bytes of a row of slopes; room for such a row;
 *   channels.
 */
export function resizeCode(): FunctionSource[] {
  return [halve(), halveBack(), double(), doubleBack()];
}

const EVEN = [0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27];
const ODD = EVEN.map((place) => place + 4);
const LOW = [0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23];
const HIGH = LOW.map((place) => place + 8);

function halve(): FunctionSource {
  return functionOf({
    name: 'halve',
    parameters: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'],
    write(code, [upper, lower, xPlane, y, yPlane, vectors, channels]) {
      const [channel, columns, above, below, to] = Array.from({ length: 5 }, () => code.local('i32'));
      times(code, channels, channel, () => {
        set(code, above, upper);
        set(code, below, lower);
        set(code, to, y);
        times(code, vectors, columns, () => {
          const [upperMean, lowerMean] = [above, below].map((address) => {
            const first = keep(code, load('v128.load', address, 0, 2));
            const second = keep(code, load('v128.load', address, 16, 2));
            return keep(code, f32x4.add(shuffle(first, second, EVEN), shuffle(first, second, ODD)));
          });
          store(code, 'v128.store', to, f32x4.mul(f32x4.add(upperMean, lowerMean), lanes('f32', 0.25)), 0, 2);
          for (const address of [above, below]) advance(code, address, 32);
          advance(code, to, 16);
        });
        for (const address of [upper, lower]) advance(code, address, xPlane);
        advance(code, y, yPlane);
      });
    },
  });
}

function halveBack(): FunctionSource {
  return functionOf({
    name: 'halveBack',
    parameters: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'],
    write(code, [g, gPlane, upper, lower, yPlane, vectors, channels]) {
      const [channel, columns, from, above, below] = Array.from({ length: 5 }, () => code.local('i32'));
      times(code, channels, channel, () => {
        set(code, from, g);
        set(code, above, upper);
        set(code, below, lower);
        times(code, vectors, columns, () => {
          const share = keep(code, f32x4.mul(load('v128.load', from, 0, 2), lanes('f32', 0.25)));
          const [first, second] = [LOW, HIGH].map((places) => keep(code, shuffle(share, share, places)));
          for (const address of [above, below]) {
            store(code, 'v128.store', address, f32x4.add(load('v128.load', address, 0, 2), first), 0, 2);
            store(code, 'v128.store', address, f32x4.add(load('v128.load', address, 16, 2), second), 16, 2);
            advance(code, address, 32);
          }
          advance(code, from, 16);
        });
        advance(code, g, gPlane);
        for (const address of [upper, lower]) advance(code, address, yPlane);
      });
    },
  });
}

/** ¾ of a, ¼ of b, each operation rounded. */
function blend(a: Value<'v128'>, b: Value<'v128'>): Value<'v128'> {
  return f32x4.add(f32x4.mul(a, lanes('f32', 0.75)), f32x4.mul(b, lanes('f32', 0.25)));
}

function double(): FunctionSource {
  return functionOf({
    name: 'double',
    parameters: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'],
    write(code, [near, far, xPlane, y, yPlane, vectors, bytes, room, channels]) {
      const [channel, columns, from, other, middle, to] = Array.from({ length: 6 }, () => code.local('i32'));
      const first = keep(code, i32.add(room, 16));
      const last = keep(code, i32.add(room, i32.add(bytes, 12)));
      times(code, channels, channel, () => {
        set(code, from, near);
        set(code, other, far);
        set(code, middle, first);
        times(code, vectors, columns, () => {
          store(code, 'v128.store', middle, blend(load('v128.load', from, 0, 2), load('v128.load', other, 0, 2)), 0, 2);
          for (const address of [from, other, middle]) advance(code, address, 16);
        });
        store(code, 'f32.store', i32.sub(first, 4), load('f32.load', first, 0, 2), 0, 2);
        store(code, 'f32.store', last, load('f32.load', last, 0, 2), 4, 2);
        set(code, middle, first);
        set(code, to, y);
        times(code, vectors, columns, () => {
          const at = keep(code, load('v128.load', middle, 0, 2));
          const even = keep(code, blend(at, load('v128.load', i32.sub(middle, 4), 0, 2)));
          const odd = keep(code, blend(at, load('v128.load', middle, 4, 2)));
          store(code, 'v128.store', to, shuffle(even, odd, LOW), 0, 2);
          store(code, 'v128.store', to, shuffle(even, odd, HIGH), 16, 2);
          advance(code, middle, 16);
          advance(code, to, 32);
        });
        for (const address of [near, far]) advance(code, address, xPlane);
        advance(code, y, yPlane);
      });
    },
  });
}

function doubleBack(): FunctionSource {
  return functionOf({
    name: 'doubleBack',
    parameters: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'],
    write(code, [near, next, far, beyond, gPlane, y, yPlane, vectors, bytes, room, channels]) {
      const [channel, columns, middle, to] = Array.from({ length: 4 }, () => code.local('i32'));
      const places = Array.from({ length: 4 }, () => code.local('i32'));
      const rows = [near, next, far, beyond];
      const first = keep(code, i32.add(room, 16));
      const last = keep(code, i32.add(room, i32.add(bytes, 12)));
      times(code, channels, channel, () => {
        places.forEach((place, i) => set(code, place, rows[i]));
        set(code, middle, first);
        times(code, i32.shl(vectors, 1), columns, () => {
          const [a, b, c, d] = places.map((place) => load('v128.load', place, 0, 2));
          store(code, 'v128.store', middle, blend(f32x4.add(a, b), f32x4.add(c, d)), 0, 2);
          for (const address of [...places, middle]) advance(code, address, 16);
        });
        store(code, 'f32.store', i32.sub(first, 4), load('f32.load', first, 0, 2), 0, 2);
        store(code, 'f32.store', last, load('f32.load', last, 0, 2), 4, 2);
        set(code, middle, first);
        set(code, to, y);
        times(code, vectors, columns, () => {
          const [a, b] = [0, 16].map((offset) => keep(code, load('v128.load', middle, offset, 2)));
          const before = keep(code, i32.sub(middle, 4));
          const [c, d] = [0, 16].map((offset) => keep(code, load('v128.load', before, offset, 2)));
          const [e, f] = [8, 24].map((offset) => keep(code, load('v128.load', middle, offset, 2)));
          const sum = blend(
            f32x4.add(shuffle(a, b, EVEN), shuffle(a, b, ODD)),
            f32x4.add(shuffle(c, d, EVEN), shuffle(e, f, EVEN)),
          );
          store(code, 'v128.store', to, f32x4.add(load('v128.load', to, 0, 2), sum), 0, 2);
          advance(code, middle, 32);
          advance(code, to, 16);
        });
        for (const address of rows) advance(code, address, gPlane);
        advance(code, y, yPlane);
      });
    },
  });
}
