import type { FunctionSource } from '../../wasm/assemble.ts';
import type { Code, Local } from '../../wasm/code.ts';
import { advance, loopUntil } from '../../wasm/idioms.ts';

/**
 * `paeth(row, above, out, length)`: the Paeth-filtered bytes of a row of `length` bytes, sixteen at a time. Before each row
 * stand `pixelBytes` zero bytes; up to 15 bytes beyond `out`'s last are written.
 */
export function paethCode(pixelBytes: number): FunctionSource[] {
  return [
    {
      name: 'paeth',
      parameters: ['i32', 'i32', 'i32', 'i32'],
      write(code, [row, above, out, length]) {
        const start = code.local('i32');
        code.get(row);
        code.set(start);
        roundUp(code, length);
        loopUntil(code, row, start, length, () => {
          filterSixteen(code, { row, above, out, pixelBytes });
          for (const address of [row, above, out]) advance(code, address, 16);
        });
      },
    },
  ];
}

function roundUp(code: Code, length: Local): void {
  code.get(length);
  code.i32(15);
  code.op('i32.add');
  code.i32(-16);
  code.op('i32.and');
  code.set(length);
}

interface Places {
  readonly row: Local;
  readonly above: Local;
  readonly out: Local;
  readonly pixelBytes: number;
}

/**
 * With a the byte to the left, b above and c above to the left, Paeth's predictor is the one nearest to a + b − c, whose
 * distances from them are |b − c|, |a − c| and |(b − c) + (a − c)|: the sum of the first two where b and a lie on one side of c,
 * else their difference. A sum that saturates at 255 is never the least.
 */
function filterSixteen(code: Code, { row, above, out, pixelBytes }: Places): void {
  const left = loaded(code, row, -pixelBytes);
  const up = loaded(code, above, 0);
  const corner = loaded(code, above, -pixelBytes);
  const toLeft = distance(code, up, corner);
  const toUp = distance(code, left, corner);
  const toCorner = code.local('v128');
  code.get(toLeft);
  code.get(toUp);
  code.op('i8x16.add_sat_u');
  code.get(distance(code, toLeft, toUp));
  compare(code, 'i8x16.ge_u', up, corner);
  compare(code, 'i8x16.ge_u', left, corner);
  code.op('v128.xor');
  code.op('v128.not');
  code.op('v128.bitselect');
  code.set(toCorner);

  code.get(out);
  code.get(row);
  code.memory('v128.load');
  code.get(left);
  code.get(up);
  code.get(corner);
  compare(code, 'i8x16.le_u', toUp, toCorner);
  code.op('v128.bitselect');
  compare(code, 'i8x16.le_u', toLeft, toUp);
  compare(code, 'i8x16.le_u', toLeft, toCorner);
  code.op('v128.and');
  code.op('v128.bitselect');
  code.op('i8x16.sub');
  code.memory('v128.store');
}

function loaded(code: Code, address: Local, distance: number): Local {
  const bytes = code.local('v128');
  code.get(address);
  if (distance !== 0) {
    code.i32(distance);
    code.op('i32.add');
  }
  code.memory('v128.load');
  code.set(bytes);
  return bytes;
}

/** |a − b|: of the two differences that stop at 0 one is 0. */
function distance(code: Code, a: Local, b: Local): Local {
  const bytes = code.local('v128');
  compare(code, 'i8x16.sub_sat_u', a, b);
  compare(code, 'i8x16.sub_sat_u', b, a);
  code.op('v128.or');
  code.set(bytes);
  return bytes;
}

function compare(code: Code, opcode: string, a: Local, b: Local): void {
  code.get(a);
  code.get(b);
  code.op(opcode);
}
