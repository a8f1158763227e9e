import { type FunctionSource, functionOf } from '../../wasm/assemble.ts';
import type { Code, Local, Value } from '../../wasm/code.ts';
import { f32x4, keep, lanes, load, select, set, v128, when } from '../../wasm/expressions.ts';
import { advance } from '../../wasm/idioms.ts';
import { inGroups, neighbours, writeMarks, writeNoMarks } from './marksCode.ts';

export const THIN_MARKS_NAME = 'thin marks';

/**
 * The function `thin`, which marks a row of pixels: 1 where a length is above `low` and, interpolated, the largest along its gradient; 2
 * where it is above `high`, too. Operands: addresses of the lengths above, here and below (a 0 beside each row), of the gradient across
 * and down, and of the marks; columns, a multiple of 16; low and high.
 */
export function thinMarksCode(): FunctionSource[] {
  return [THIN];
}

const THIN: FunctionSource = functionOf({
  name: 'thin',
  parameters: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'f32', 'f32'],
  write(code, [above, here, below, across, down, marks, columns, lowest, highest]) {
    const [low, high] = [lowest, highest].map((limit) => keep(code, f32x4.splat(limit)));
    const [length, longer] = [code.local('v128'), code.local('v128')];
    for (const row of [above, here, below]) advance(code, row, -4);
    inGroups(code, columns, 4, () => {
      set(code, length, neighbours(here, 0));
      set(code, longer, f32x4.gt(length, low));
      when(
        code,
        v128.any_true(longer),
        () => {
          const direction = directionOf(code, load('v128.load', across, 0, 2), load('v128.load', down, 0, 2));
          const before = notBelow(length, here, above, -1, direction);
          const after = notBelow(length, here, below, 1, direction);
          writeMarks(code, v128.and(v128.and(longer, before), after), f32x4.gt(length, high), marks);
        },
        () => writeNoMarks(code, marks),
      );
      for (const row of [above, here, below, across, down]) advance(code, row, 16);
      advance(code, marks, 4);
    });
  },
});

/** Where gradients point. */
interface Direction {
  /** Mask of where the slope down is no smaller than the one across. */
  readonly steep: Value<'v128'>;
  /** Mask of where slopes have opposite signs: the picture rises towards the upper right or the lower left. */
  readonly rising: Value<'v128'>;
  /** The smaller slope as a share of the larger one, and what is left of 1. */
  readonly weight: Value<'v128'>;
  readonly rest: Value<'v128'>;
}

function directionOf(code: Code, across: Value<'v128'>, down: Value<'v128'>): Direction {
  const zero = lanes('f32', 0);
  const [a, b] = [keep(code, across), keep(code, down)];
  const falls = v128.and(f32x4.lt(a, zero), f32x4.gt(b, zero));
  const climbs = v128.and(f32x4.gt(a, zero), f32x4.lt(b, zero));
  const rising = keep(code, v128.or(falls, climbs));
  for (const slope of [a, b]) set(code, slope, f32x4.abs(slope));
  const steep = keep(code, f32x4.ge(b, a));
  const weight = keep(code, f32x4.div(select(steep, a, b), select(steep, b, a)));
  const rest = keep(code, f32x4.sub(f32x4.splat(1), weight));
  return { steep, rising, weight, rest };
}

/** Where a length is no smaller than that between its two neighbours on one side: in the row above (−1) or below (1). */
function notBelow(
  length: Value<'v128'>,
  here: Local<'i32'>,
  row: Local<'i32'>,
  side: 1 | -1,
  { steep, rising, weight, rest }: Direction,
): Value<'v128'> {
  const straight = select(steep, neighbours(row, 0), select(rising, neighbours(here, -side), neighbours(here, side)));
  const diagonal = select(rising, neighbours(row, -side), neighbours(row, side));
  const between = f32x4.add(f32x4.mul(straight, rest), f32x4.mul(diagonal, weight));
  return v128.not(f32x4.gt(between, length));
}
