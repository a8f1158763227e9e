import type { FunctionSource } from '../../wasm/assemble.ts';
import type { Code, Local } from '../../wasm/code.ts';
import { advance, countDown } from '../../wasm/idioms.ts';
import { EDGE } from './hysteresis.ts';

/**
 * Four marks, from what is on the stack: four 32-bit masks of pixels that stay.
 *
 * @param strong puts four masks of those that are strong on the stack
 * @param at address of the marks
 */
export function writeMarks(code: Code, strong: () => void, at: Local, spare: Local): void {
  // −1 where a pixel stays; −1 more where it is strong.
  code.tee(spare);
  code.get(spare);
  strong();
  code.op('v128.and');
  code.op('i32x4.add');
  code.set(spare);
  code.get(at);
  constant32(code, 0);
  code.get(spare);
  code.op('i32x4.sub');
  code.tee(spare);
  code.get(spare);
  code.op('i16x8.narrow_i32x4_u');
  code.tee(spare);
  code.get(spare);
  code.op('i8x16.narrow_i16x8_u');
  code.lane('v128.store32_lane', 0, 0);
}

/** Four marks of pixels that do not stay. */
export function writeNoMarks(code: Code, at: Local): void {
  code.get(at);
  code.i32(0);
  code.memory('i32.store');
}

/** The function `finish`: 255 in place of each mark of an edge, 0 in place of the others. Operands: address and columns. */
export const FINISH: FunctionSource = {
  name: 'finish',
  parameters: ['i32', 'i32'],
  write(code, [marks, columns]) {
    inGroups(code, columns, 16, () => {
      code.get(marks);
      code.get(marks);
      code.memory('v128.load');
      code.bytes16('v128.const', new Array<number>(16).fill(EDGE));
      code.op('i8x16.eq');
      code.memory('v128.store');
      advance(code, marks, 16);
    });
  },
};

/** A body for each group of columns. */
export function inGroups(code: Code, columns: Local, group: number, body: () => void): void {
  const left = code.local('i32');
  code.get(columns);
  code.i32(Math.log2(group));
  code.op('i32.shr_u');
  code.set(left);
  code.loop((again) => {
    body();
    countDown(code, left, again);
  });
}

export function constant32(code: Code, value: number): void {
  code.bytes16('v128.const', Array.from(new Uint8Array(new Int32Array(4).fill(value).buffer)));
}
