import type { Code, Label, Local } from './code.ts';

/** `local` moves on by so many bytes (a local or a constant). */
export function advance(code: Code, local: Local, by: Local | number): void {
  setSum(code, local, local, by);
}

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

/** Begins again until the local has been counted down to 0. */
export function countDown(code: Code, local: Local, again: Label): void {
  code.get(local);
  code.i32(1);
  code.op('i32.sub');
  code.tee(local);
  code.brIf(again);
}

/** sum += sample · weight: in one rounding, or in two. */
export function multiplyAdd(code: Code, sum: Local, sample: Local, weight: Local, fused: boolean): void {
  if (fused) {
    code.get(sample);
    code.get(weight);
    code.get(sum);
    code.op('f32x4.relaxed_madd');
  } else {
    code.get(sum);
    code.get(sample);
    code.get(weight);
    code.op('f32x4.mul');
    code.op('f32x4.add');
  }
  code.set(sum);
}

/** The next tile of columns; the last one is moved left to end where the row does. */
export function nextColumnTile(code: Code, column: Local, lastColumn: Local, tileBytes: number, again: Label): void {
  code.block((done) => {
    code.get(column);
    code.get(lastColumn);
    code.op('i32.eq');
    code.brIf(done);
    advance(code, column, tileBytes);
    code.get(column);
    code.get(lastColumn);
    code.op('i32.gt_s');
    code.if(() => {
      code.get(lastColumn);
      code.set(column);
    });
    code.br(again);
  });
}

/** Accumulators at +0. */
export function clearSums(code: Code, sums: readonly Local[]): void {
  for (const sum of sums) {
    code.bytes16('v128.const', ZERO);
    code.set(sum);
  }
}

const ZERO: readonly number[] = new Array<number>(16).fill(0);

/** Accumulators, each with the bias added, to neighbouring vectors. */
export function storeSums(code: Code, target: Local, sums: readonly Local[], bias: Local): void {
  sums.forEach((sum, v) => {
    code.get(target);
    code.get(sum);
    code.get(bias);
    code.op('f32x4.add');
    code.memory('v128.store', 16 * v, 2);
  });
}
