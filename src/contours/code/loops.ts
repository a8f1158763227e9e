import type { Code, Local } from '../../wasm/code.ts';
import { branchIf, i32, type Operand, set } from '../../wasm/expressions.ts';

/** The body so many times, none where the count is 0; `left` counts down. */
export function times(code: Code, count: Operand<'i32'>, left: Local<'i32'>, body: () => void): void {
  set(code, left, count);
  repeat(code, left, 1, body);
}

/** The body while at least `step` are left, so many being done each time. */
export function repeat(code: Code, left: Local<'i32'>, step: number, body: () => void): void {
  code.block((done) => {
    code.loop((again) => {
      branchIf(code, i32.lt_s(left, step), done);
      body();
      set(code, left, i32.sub(left, step));
      code.br(again);
    });
  });
}
