import type { Code, Label, Local } from './code.ts';
import { branchIf, f32x4, i32, kept, lanes, type Operand, set, store, when } from './expressions.ts';

/** `local` moves on by so many bytes. */
export function advance(code: Code, local: Local<'i32'>, by: Operand<'i32'>): void {
  set(code, local, i32.add(local, by));
}

/** Runs the body, which moves `at` on, until `at` is `start` + `distance`; at least once. */
export function loopUntil(
  code: Code,
  at: Local<'i32'>,
  start: Local<'i32'>,
  distance: Operand<'i32'>,
  body: () => void,
): void {
  code.loop((again) => {
    body();
    branchIf(code, i32.ne(at, i32.add(start, distance)), again);
  });
}

/** Begins again until the local has been counted down to 0. */
export function countDown(code: Code, local: Local<'i32'>, again: Label): void {
  branchIf(code, kept(local, i32.sub(local, 1)), again);
}

/** sum += sample · weight: in one rounding, or in two. */
export function multiplyAdd(
  code: Code,
  sum: Local<'v128'>,
  sample: Local<'v128'>,
  weight: Local<'v128'>,
  fused: boolean,
): void {
  set(code, sum, fused ? f32x4.relaxed_madd(sample, weight, sum) : f32x4.add(sum, f32x4.mul(sample, weight)));
}

/** The next tile of columns; the last one is moved left to end where the row does. */
export function nextColumnTile(
  code: Code,
  column: Local<'i32'>,
  lastColumn: Local<'i32'>,
  tileBytes: number,
  again: Label,
): void {
  code.block((done) => {
    branchIf(code, i32.eq(column, lastColumn), done);
    advance(code, column, tileBytes);
    when(code, i32.gt_s(column, lastColumn), () => set(code, column, lastColumn));
    code.br(again);
  });
}

/** Accumulators at +0. */
export function clearSums(code: Code, sums: readonly Local<'v128'>[]): void {
  for (const sum of sums) set(code, sum, lanes('i8', 0));
}

/** Accumulators, each with the bias added, to neighbouring vectors. */
export function storeSums(code: Code, target: Local<'i32'>, sums: readonly Local<'v128'>[], bias: Local<'v128'>): void {
  sums.forEach((sum, v) => store(code, 'v128.store', target, f32x4.add(sum, bias), 16 * v, 2));
}
