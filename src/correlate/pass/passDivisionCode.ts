import type { Code, Local, Value } from '../../wasm/code.ts';
import { f32x4, keep, select, set, v128 } from '../../wasm/expressions.ts';

/** What {@link Coverage} holds, and white. */
type DivisionOperands = Readonly<Record<'opaque' | 'near' | 'toAlpha' | 'white', Local<'f32'>>>;

/** Code that divides colours by alpha, each step rounded as in `filterPremultiplied`. */
interface Division {
  /** Begins a group of pixels, with what alpha's taps answer there. */
  begin(answer: Value<'v128'>): void;
  /** The group's alpha, which may lie below 0 or above white. */
  readonly alpha: Local<'v128'>;
  /** A colour's response divided by alpha, and its bias added; 0 where nothing can be seen. */
  divided(response: Value<'v128'>, bias: Value<'v128'>): Value<'v128'>;
}

export function divisionOf(code: Code, operands: DivisionOperands): Division {
  const splat = (value: Local<'f32'> | number): Local<'v128'> => keep(code, f32x4.splat(value));
  const [opaque, near, toAlpha, white] = [operands.opaque, operands.near, operands.toAlpha, operands.white].map(splat);
  const [none, infinite] = [0, Number.POSITIVE_INFINITY].map(splat);
  const [answer, isOpaque, alpha, factor] = Array.from({ length: 4 }, () => code.local('v128'));
  return {
    begin(given) {
      set(code, answer, given);
      set(code, answer, select(f32x4.le(f32x4.abs(answer), near), none, answer));
      set(code, isOpaque, f32x4.le(f32x4.abs(f32x4.sub(answer, opaque)), near));
      set(code, alpha, select(isOpaque, white, f32x4.mul(answer, toAlpha)));
      set(code, factor, f32x4.div(opaque, select(isOpaque, opaque, answer)));
    },
    alpha,
    divided(response, bias) {
      const seen = v128.and(f32x4.gt(factor, none), f32x4.lt(factor, infinite));
      return v128.and(f32x4.add(f32x4.mul(response, factor), bias), seen);
    },
  };
}
