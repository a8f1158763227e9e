import type { Code, Local, Value } from '../../wasm/code.ts';
import { i8x16, i16x8, i32, i32x4, keep, lanes, load, set, store, storeLane, v128 } from '../../wasm/expressions.ts';
import { countDown } from '../../wasm/idioms.ts';

/**
 * Four marks, of four 32-bit masks of pixels that stay and of those that are strong.
 *
 * @param at address of the marks
 */
export function writeMarks(code: Code, stays: Value<'v128'>, strong: Value<'v128'>, at: Local<'i32'>): void {
  // −1 where a pixel stays; −1 more where it is strong.
  const negative = keep(code, stays);
  set(code, negative, i32x4.add(negative, v128.and(negative, strong)));
  const marks = keep(code, i32x4.sub(lanes('i32', 0), negative));
  const halves = keep(code, i16x8.narrow_i32x4_u(marks, marks));
  storeLane(code, 'v128.store32_lane', at, i8x16.narrow_i16x8_u(halves, halves), 0);
}

/** Four marks of pixels that do not stay. */
export function writeNoMarks(code: Code, at: Local<'i32'>): void {
  store(code, 'i32.store', at, 0);
}

/** A body for each group of columns. */
export function inGroups(code: Code, columns: Local<'i32'>, group: number, body: () => void): void {
  const left = keep(code, i32.shr_u(columns, Math.log2(group)));
  code.loop((again) => {
    body();
    countDown(code, left, again);
  });
}

/** The vector that begins so many 32-bit columns from an address that was moved one column to the left: offsets are not below 0. */
export function neighbours(row: Local<'i32'>, column: number): Value<'v128'> {
  return load('v128.load', row, 4 * (column + 1), 2);
}
