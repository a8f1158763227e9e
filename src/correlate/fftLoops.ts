import type { Code, Local } from '../wasm/code.ts';

/** `to` = `from` + `distance` (a local or a constant). */
export function setSum(code: Code, to: Local, from: Local, distance: Local | number): void {
  code.get(from);
  if (typeof distance === 'number') code.i32(distance);
  else code.get(distance);
  code.op('i32.add');
  code.set(to);
}

/** `to` = `from`·`factor`. */
export function setProduct(code: Code, to: Local, from: Local, factor: number): void {
  code.get(from);
  code.i32(factor);
  code.op('i32.mul');
  code.set(to);
}

/** Runs the body, which moves `at` on, until `at` is `start` + `distance` (a local or a constant); at least once. */
export function loopUntil(code: Code, at: Local, start: Local, distance: Local | number, body: () => void): void {
  code.loop((again) => {
    body();
    code.get(at);
    code.get(start);
    if (typeof distance === 'number') code.i32(distance);
    else code.get(distance);
    code.op('i32.add');
    code.op('i32.ne');
    code.brIf(again);
  });
}
