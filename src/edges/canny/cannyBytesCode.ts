import type { Aperture } from '../../kernels/aperture.ts';
import { type FunctionSource, functionOf } from '../../wasm/assemble.ts';
import type { Code, Local, Value } from '../../wasm/code.ts';
import {
  i16x8,
  i32x4,
  keep,
  lanes,
  load,
  once,
  select,
  set,
  shuffle,
  store,
  v128,
  when,
} from '../../wasm/expressions.ts';
import { advance } from '../../wasm/idioms.ts';
import type { MagnitudeNorm } from '../gradient/magnitudeNorm.ts';
import { inGroups, neighbours, writeMarks, writeNoMarks } from '../lines/marksCode.ts';
import { SOBEL_TAPS, TANGENT } from './cannyBytesReference.ts';

/** What the code depends on. */
interface CannyBytesSpecification {
  readonly aperture: Aperture;
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
 *   operands: addresses of the lengths above, here and below, of gradients and marks, columns, low and high.
 *
 * Columns are a multiple of 16.
 */
export function cannyBytesCode(specification: CannyBytesSpecification): FunctionSource[] {
  const { aperture } = specification;
  return [sumCode(aperture), storeCode(specification, false), storeCode(specification, true), THIN];
}

function sumCode(aperture: Aperture): FunctionSource {
  const taps = SOBEL_TAPS[aperture];
  return functionOf({
    name: 'sum',
    parameters: new Array<'i32'>(aperture + 3).fill('i32'),
    write(code, operands) {
      const rows = operands.slice(0, aperture);
      const [smooth, slope, columns] = operands.slice(aperture);
      inGroups(code, columns, 8, () => {
        const samples = rows.map((row) => {
          const sample = keep(code, load('v128.load8x8_u', row));
          advance(code, row, 8);
          return sample;
        });
        store(code, 'v128.store', smooth, symmetric(taps.smooth, 1, samples));
        store(code, 'v128.store', slope, symmetric(taps.slope, -1, samples));
        advance(code, smooth, 16);
        advance(code, slope, 16);
      });
    },
  });
}

/**
 * Eight 16-bit sums of taps that are alike on both sides of the middle, or opposite: the difference or sum of each two samples is
 * taken first.
 */
function symmetric(taps: readonly number[], sign: 1 | -1, samples: readonly Value<'v128'>[]): Value<'v128'> {
  const middle = (taps.length - 1) / 2;
  const times = (value: Value<'v128'>, tap: number): Value<'v128'> =>
    tap === 1 ? value : i16x8.mul(value, lanes('i16', tap));
  const terms = taps
    .map((tap, i) => (i > middle ? times(pairOf(samples, i, sign), tap) : times(samples[i], tap)))
    .slice(sign > 0 ? middle : middle + 1)
    .toReversed();
  return terms.reduce((sum, term) => i16x8.add(sum, term));
}

/** A sample and the one that is as far from the other end: their sum or difference. */
function pairOf(samples: readonly Value<'v128'>[], i: number, sign: 1 | -1): Value<'v128'> {
  const other = samples[samples.length - 1 - i];
  return sign > 0 ? i16x8.add(samples[i], other) : i16x8.sub(samples[i], other);
}

function storeCode({ aperture, magnitude }: CannyBytesSpecification, longer: boolean): FunctionSource {
  const taps = SOBEL_TAPS[aperture];
  const gradient = aperture === 7 ? sixteenths : symmetric;
  const along = (sums: Local<'i32'>): Value<'v128'>[] =>
    Array.from({ length: aperture }, (_, i) => load('v128.load', sums, 2 * i, 1));
  return functionOf({
    name: longer ? 'storeLonger' : 'store',
    parameters: ['i32', 'i32', 'i32', 'i32', 'i32'],
    write(code, [smooth, slope, gradients, lengths, columns]) {
      inGroups(code, columns, 8, () => {
        const across = keep(code, gradient(taps.slope, -1, along(smooth)));
        const down = keep(code, gradient(taps.smooth, 1, along(slope)));
        for (const [part, places] of [LOW_HALVES, HIGH_HALVES].entries()) {
          const pairs = keep(code, shuffle(down, across, places));
          const sizes = keep(
            code,
            magnitude === 'l1' ? i32x4.dot_i16x8_s(i16x8.abs(pairs), lanes('i16', 1)) : i32x4.dot_i16x8_s(pairs, pairs),
          );
          if (longer) {
            const stored = keep(code, load('v128.load', lengths, 16 * part, 2));
            const storedPairs = load('v128.load', gradients, 16 * part, 2);
            set(code, pairs, select(i32x4.gt_s(sizes, stored), pairs, storedPairs));
            set(code, sizes, i32x4.max_s(sizes, stored));
          }
          store(code, 'v128.store', gradients, pairs, 16 * part);
          store(code, 'v128.store', lengths, sizes, 16 * part);
        }
        advance(code, smooth, 16);
        advance(code, slope, 16);
        advance(code, gradients, 32);
        advance(code, lengths, 32);
      });
    },
  });
}

/** As {@link symmetric}, of seven taps, in 32 bits; then a sixteenth of the sums, to the nearest, ties to even, in 16 bits again. */
function sixteenths(taps: readonly number[], sign: 1 | -1, samples: readonly Value<'v128'>[]): Value<'v128'> {
  const pair = (i: number): Value<'v128'> => pairOf(samples, i, sign);
  const middle = sign > 0 ? samples[3] : lanes('i16', 0);
  const [low, high] = [LOW_HALVES, HIGH_HALVES].map((places) => {
    const outer = i32x4.dot_i16x8_s(shuffle(pair(6), pair(5), places), lanes('i16', taps[6], taps[5]));
    const inner = i32x4.dot_i16x8_s(shuffle(pair(4), middle, places), lanes('i16', taps[4], taps[3]));
    return sixteenth(i32x4.add(outer, inner));
  });
  return i16x8.narrow_i32x4_s(low, high);
}

function sixteenth(value: Value<'v128'>): Value<'v128'> {
  return once(value, (sum) => {
    const odd = v128.and(i32x4.shr_s(sum, 4), lanes('i32', 1));
    return i32x4.shr_s(i32x4.add(i32x4.add(sum, odd), lanes('i32', 7)), 4);
  });
}

const THIN: FunctionSource = functionOf({
  name: 'thin',
  parameters: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'],
  write(code, [above, here, below, gradients, marks, columns, lowest, highest]) {
    const [low, high] = [lowest, highest].map((limit) => keep(code, i32x4.splat(limit)));
    const [length, longer] = [code.local('v128'), code.local('v128')];
    for (const row of [above, here, below]) advance(code, row, -4);
    inGroups(code, columns, 4, () => {
      set(code, length, neighbours(here, 0));
      set(code, longer, i32x4.gt_s(length, low));
      when(
        code,
        v128.any_true(longer),
        () => {
          const sector = sectorOf(code, load('v128.load', gradients, 0, 2));
          const before = keep(code, alongGradient(here, -1, above, -1, sector));
          const after = keep(code, alongGradient(here, 1, below, 1, sector));
          // Of equals across or down the first stays.
          const straight = v128.or(sector.sideways, sector.upright);
          const notAfter = v128.or(i32x4.gt_s(length, after), v128.and(i32x4.eq(length, after), straight));
          const stays = v128.and(v128.and(longer, i32x4.gt_s(length, before)), notAfter);
          writeMarks(code, stays, i32x4.gt_s(length, high), marks);
        },
        () => writeNoMarks(code, marks),
      );
      for (const row of [above, here, below, gradients]) advance(code, row, 16);
      advance(code, marks, 4);
    });
  },
});

/** Masks of where gradients point: across, down, or else along the diagonal of opposite slopes. */
interface Sector {
  readonly sideways: Value<'v128'>;
  readonly upright: Value<'v128'>;
  readonly opposite: Value<'v128'>;
}

function sectorOf(code: Code, gradients: Value<'v128'>): Sector {
  const pairs = keep(code, gradients);
  // The sign of the product of both slopes, in the upper halves.
  const opposite = keep(code, i32x4.shr_s(v128.xor(pairs, i32x4.shl(pairs, 16)), 31));
  set(code, pairs, i16x8.abs(pairs));
  // Across times the tangent less down, in 32768ths.
  const tilt = keep(code, i32x4.dot_i16x8_s(pairs, lanes('i16', -32_768, TANGENT)));
  const sideways = keep(code, i32x4.gt_s(tilt, lanes('i32', 0)));
  const upright = keep(code, i32x4.shr_s(i32x4.add(tilt, v128.and(pairs, lanes('i16', 0, -1))), 31));
  return { sideways, upright, opposite };
}

/** The neighbour in the gradient's direction, on one side of it. */
function alongGradient(
  here: Local<'i32'>,
  across: number,
  row: Local<'i32'>,
  falling: number,
  { sideways, upright, opposite }: Sector,
): Value<'v128'> {
  const diagonal = select(opposite, neighbours(row, -falling), neighbours(row, falling));
  return select(sideways, neighbours(here, across), select(upright, neighbours(row, 0), diagonal));
}

/** Two vectors of 16-bit numbers, lane by lane in turn: their lower halves, and their upper ones. */
const LOW_HALVES = [0, 1, 16, 17, 2, 3, 18, 19, 4, 5, 20, 21, 6, 7, 22, 23];
const HIGH_HALVES = LOW_HALVES.map((byte) => byte + 8);
