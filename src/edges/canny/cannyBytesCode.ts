import type { FunctionSource } from '../../wasm/assemble.ts';
import type { Code, Local } from '../../wasm/code.ts';
import { advance } from '../../wasm/idioms.ts';
import type { MagnitudeNorm } from '../gradient/magnitude.ts';
import { constant32, FINISH, inGroups, writeMarks, writeNoMarks } from '../lines/marksCode.ts';
import { SOBEL_TAPS, TANGENT } from './cannyBytesReference.ts';

/** What the code depends on. */
export interface CannyBytesSpecification {
  readonly aperture: 3 | 5 | 7;
  readonly magnitude: MagnitudeNorm;
}

export function cannyBytesName({ aperture, magnitude }: CannyBytesSpecification): string {
  return `canny u8 ${aperture} ${magnitude}`;
}

/**
 * The steps of `cannyBytes`, each on a row:
 * - `sum`: from as many rows of samples as the aperture, columns of them smoothed and sloped, as 16-bit numbers; operands: the
 *   addresses of the rows and of both results, and columns;
 * - `store`: from these, gradients (pairs of 16-bit numbers, down and across) and their lengths (32 bits); operands: four
 *   addresses, and columns; `storeLonger`: only where they are longer than those that lie there;
 * - `thin`: marks (bytes: 1 where a pixel is longest along its gradient and longer than `low`, 2 where longer than `high`, too);
 *   operands: addresses of the lengths above, here and below, of gradients and marks, columns, low and high;
 * - `finish`, of `marksCode`.
 *
 * Columns are a multiple of 16.
 */
export function cannyBytesCode(specification: CannyBytesSpecification): FunctionSource[] {
  const { aperture } = specification;
  const i32s = (count: number): 'i32'[] => new Array<'i32'>(count).fill('i32');
  return [
    { name: 'sum', parameters: i32s(aperture + 3), write: (code, operands) => writeSum(code, operands, aperture) },
    { name: 'store', parameters: i32s(5), write: (code, operands) => writeStore(code, operands, specification, false) },
    {
      name: 'storeLonger',
      parameters: i32s(5),
      write: (code, operands) => writeStore(code, operands, specification, true),
    },
    { name: 'thin', parameters: i32s(8), write: writeThin },
    FINISH,
  ];
}

function writeSum(code: Code, operands: readonly Local[], aperture: 3 | 5 | 7): void {
  const rows = operands.slice(0, aperture);
  const [smooth, slope, columns] = operands.slice(aperture);
  const samples = rows.map(() => code.local('v128'));
  const taps = SOBEL_TAPS[aperture];
  inGroups(code, columns, 8, () => {
    rows.forEach((row, i) => {
      code.get(row);
      code.memory('v128.load8x8_u');
      code.set(samples[i]);
      advance(code, row, 8);
    });
    const sample = (i: number) => (): void => code.get(samples[i]);
    storeAt(code, smooth, () => writeSymmetric(code, taps.smooth, 1, sample));
    storeAt(code, slope, () => writeSymmetric(code, taps.slope, -1, sample));
    advance(code, smooth, 16);
    advance(code, slope, 16);
  });
}

/**
 * Eight 16-bit sums of taps that are alike on both sides of the middle, or opposite: the difference or sum of each two samples is
 * taken first. The result is on the stack.
 */
function writeSymmetric(code: Code, taps: readonly number[], sign: 1 | -1, sample: (i: number) => () => void): void {
  const last = taps.length - 1;
  for (let i = last; i > last / 2; i--) {
    writePair(code, i, last - i, sign, sample);
    if (taps[i] !== 1) {
      constant16(code, [taps[i]]);
      code.op('i16x8.mul');
    }
    if (i < last) code.op('i16x8.add');
  }
  if (sign < 0) return;
  sample(last / 2)();
  constant16(code, [taps[last / 2]]);
  code.op('i16x8.mul');
  code.op('i16x8.add');
}

function writePair(code: Code, i: number, j: number, sign: 1 | -1, sample: (i: number) => () => void): void {
  sample(i)();
  sample(j)();
  code.op(sign > 0 ? 'i16x8.add' : 'i16x8.sub');
}

function writeStore(
  code: Code,
  [smooth, slope, gradients, lengths, columns]: readonly Local[],
  { aperture, magnitude }: CannyBytesSpecification,
  longer: boolean,
): void {
  const [across, down, pairs, sizes, stored] = Array.from({ length: 5 }, () => code.local('v128'));
  const half = code.local('v128');
  const at = (sums: Local) => (i: number) => (): void => {
    code.get(sums);
    code.memory('v128.load', 2 * i, 1);
  };
  const taps = SOBEL_TAPS[aperture];
  const write = (weights: readonly number[], sign: 1 | -1, sums: Local): void => {
    if (aperture === 7) writeSixteenths(code, weights, sign, at(sums), half);
    else writeSymmetric(code, weights, sign, at(sums));
  };
  inGroups(code, columns, 8, () => {
    write(taps.slope, -1, smooth);
    code.set(across);
    write(taps.smooth, 1, slope);
    code.set(down);
    for (const [part, lanes] of [LOW_HALVES, HIGH_HALVES].entries()) {
      code.get(down);
      code.get(across);
      code.bytes16('i8x16.shuffle', lanes);
      code.tee(pairs);
      if (magnitude === 'l1') {
        code.op('i16x8.abs');
        constant16(code, [1]);
      } else code.get(pairs);
      code.op('i32x4.dot_i16x8_s');
      code.set(sizes);
      if (longer) {
        code.get(lengths);
        code.memory('v128.load', 16 * part, 2);
        code.set(stored);
        code.get(pairs);
        code.get(gradients);
        code.memory('v128.load', 16 * part, 2);
        code.get(sizes);
        code.get(stored);
        code.op('i32x4.gt_s');
        code.op('v128.bitselect');
        code.set(pairs);
        code.get(sizes);
        code.get(stored);
        code.op('i32x4.max_s');
        code.set(sizes);
      }
      storeAt(code, gradients, () => code.get(pairs), 16 * part);
      storeAt(code, lengths, () => code.get(sizes), 16 * part);
    }
    advance(code, smooth, 16);
    advance(code, slope, 16);
    advance(code, gradients, 32);
    advance(code, lengths, 32);
  });
}

/** As {@link writeSymmetric}, of seven taps, in 32 bits; then a sixteenth of the sums, to the nearest, ties to even, in 16 bits again. */
function writeSixteenths(
  code: Code,
  taps: readonly number[],
  sign: 1 | -1,
  sample: (i: number) => () => void,
  sum: Local,
): void {
  const two = (first: () => void, second: () => void, lanes: readonly number[], weights: readonly number[]): void => {
    first();
    second();
    code.bytes16('i8x16.shuffle', lanes);
    constant16(code, weights);
    code.op('i32x4.dot_i16x8_s');
  };
  const pair = (i: number) => () => writePair(code, i, 6 - i, sign, sample);
  const middle = sign > 0 ? sample(3) : () => constant16(code, [0]);
  for (const lanes of [LOW_HALVES, HIGH_HALVES]) {
    two(pair(6), pair(5), lanes, [taps[6], taps[5]]);
    two(pair(4), middle, lanes, [taps[4], taps[3]]);
    code.op('i32x4.add');
    code.tee(sum);
    code.get(sum);
    code.i32(4);
    code.op('i32x4.shr_s');
    constant32(code, 1);
    code.op('v128.and');
    code.op('i32x4.add');
    constant32(code, 7);
    code.op('i32x4.add');
    code.i32(4);
    code.op('i32x4.shr_s');
  }
  code.op('i16x8.narrow_i32x4_s');
}

function writeThin(code: Code, operands: readonly Local[]): void {
  const [above, here, below, gradients, marks, columns] = operands;
  const [low, high] = operands.slice(6).map((limit) => {
    const local = code.local('v128');
    code.get(limit);
    code.op('i32x4.splat');
    code.set(local);
    return local;
  });
  const [length, longer, pairs, tilt, sideways, upright, opposite, before, after] = Array.from({ length: 9 }, () =>
    code.local('v128'),
  );
  const load = (row: Local, column: number): void => {
    code.get(row);
    // Addresses are moved one column to the left, because offsets are not below 0.
    code.memory('v128.load', 4 * (column + 1), 2);
  };
  for (const row of [above, here, below]) advance(code, row, -4);

  /** The neighbour in the gradient's direction, on one side of it. */
  const neighbour = (acrossAt: number, row: Local, falling: number, to: Local): void => {
    load(here, acrossAt);
    load(row, 0);
    load(row, -falling);
    load(row, falling);
    code.get(opposite);
    code.op('v128.bitselect');
    code.get(upright);
    code.op('v128.bitselect');
    code.get(sideways);
    code.op('v128.bitselect');
    code.set(to);
  };

  inGroups(code, columns, 4, () => {
    load(here, 0);
    code.tee(length);
    code.get(low);
    code.op('i32x4.gt_s');
    code.tee(longer);
    code.op('v128.any_true');
    code.if(
      () => {
        code.get(gradients);
        code.memory('v128.load', 0, 2);
        code.tee(pairs);
        // The sign of the product of both slopes, in the upper halves.
        code.get(pairs);
        code.i32(16);
        code.op('i32x4.shl');
        code.op('v128.xor');
        code.i32(31);
        code.op('i32x4.shr_s');
        code.set(opposite);
        code.get(pairs);
        code.op('i16x8.abs');
        code.tee(pairs);
        // Across times the tangent less down, in 32768ths.
        constant16(code, [-32_768, TANGENT]);
        code.op('i32x4.dot_i16x8_s');
        code.tee(tilt);
        constant32(code, 0);
        code.op('i32x4.gt_s');
        code.set(sideways);
        code.get(tilt);
        code.get(pairs);
        constant16(code, [0, -1]);
        code.op('v128.and');
        code.op('i32x4.add');
        code.i32(31);
        code.op('i32x4.shr_s');
        code.set(upright);
        neighbour(-1, above, -1, before);
        neighbour(1, below, 1, after);
        code.get(longer);
        code.get(length);
        code.get(before);
        code.op('i32x4.gt_s');
        code.op('v128.and');
        code.get(length);
        code.get(after);
        code.op('i32x4.gt_s');
        code.get(length);
        code.get(after);
        code.op('i32x4.eq');
        code.get(sideways);
        code.get(upright);
        code.op('v128.or');
        code.op('v128.and');
        code.op('v128.or');
        code.op('v128.and');
        const isStrong = (): void => {
          code.get(length);
          code.get(high);
          code.op('i32x4.gt_s');
        };
        writeMarks(code, isStrong, marks, before);
      },
      () => writeNoMarks(code, marks),
    );
    for (const row of [above, here, below, gradients]) advance(code, row, 16);
    advance(code, marks, 4);
  });
}

function storeAt(code: Code, address: Local, value: () => void, offset = 0): void {
  code.get(address);
  value();
  code.memory('v128.store', offset, 0);
}

/** Eight 16-bit numbers, the given ones in turn. */
function constant16(code: Code, values: readonly number[]): void {
  const lanes = Int16Array.from({ length: 8 }, (_, i) => values[i % values.length]);
  code.bytes16('v128.const', Array.from(new Uint8Array(lanes.buffer)));
}

/** Two vectors of 16-bit numbers, lane by lane in turn: their lower halves, and their upper ones. */
const LOW_HALVES = [0, 1, 16, 17, 2, 3, 18, 19, 4, 5, 20, 21, 6, 7, 22, 23];
const HIGH_HALVES = LOW_HALVES.map((byte) => byte + 8);
