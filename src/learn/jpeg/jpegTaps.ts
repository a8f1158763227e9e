import { whiteOf } from '../../planes/planes.ts';
import type { KernelShape } from '../kernelShape.ts';
import type { Example } from '../pairs.ts';
import { type CodedRows, codedRows } from './codedBlocks.ts';
import { excessOf, fitIntervals, type IntervalFit } from './fitIntervals.ts';

interface JpegTaps {
  /** In the order of the moments' unknowns. */
  readonly unknowns: Float64Array;
  /** All taps are whole numbers over this, and the picture tells them from others; absent where it does not. */
  readonly denominator?: number;
}

interface JpegFit {
  readonly taps?: JpegTaps;
  /** What the best of all taps leave outside of the coefficients' intervals: root mean square, in levels. */
  readonly outside: number;
}

/**
 * The taps of a kernel that all channels share from afters that were coded as JPEG: each coefficient of the luma's cosine transform
 * was rounded to a multiple of its quantiser's step, so that it may have been anything within half a step. Taps that keep these
 * intervals as well as they can are closer than those of least squares wherever coefficients were quantised to 0, but leave a
 * little more error in the decoded picture (unless they come out as short numbers, and are the very ones).
 *
 * @param examples with 8-bit afters as a JPEG was decoded, uncut
 * @returns nothing for kernels of other shapes, and where no picture shows the grid of a JPEG in enough blocks; no taps where it does in few
 *   frequencies
 */
export function jpegTaps(examples: readonly Example[], shape: KernelShape): JpegFit | undefined {
  if (shape.sharing !== 'shared') return undefined;
  const rows = codedRows(examples, shape);
  if (rows === undefined) return undefined;
  const white = whiteOf(examples[0].after);
  const taps = shape.height * shape.width;
  const fit = fitIntervals(rows);
  const short = shortest(rows, fit, taps);
  const outside = Math.sqrt(fit.excess / rows.count);
  if (short === undefined && rows.frequencies < LEAST_FREQUENCIES) return { outside };
  const { unknowns, denominator } = short ?? { unknowns: fit.unknowns, denominator: undefined };
  const found: JpegTaps = {
    unknowns: unknowns.map((value, i) => (i < taps ? value : value / white)),
    ...(denominator === undefined ? {} : { denominator }),
  };
  return { taps: found, outside };
}

/**
 * With fewer of the 64 frequencies (of blurred pictures, whose fine detail is gone) least squares is as close: 0.003 off against
 * 0.005 for a 5×5 box, 0.012 against 0.008 for a binomial.
 */
const LEAST_FREQUENCIES = 32;

/** As people write kernels: integers, shares of powers of 2 and 10, and of the taps of boxes and lines. */
const DENOMINATORS: readonly number[] = [
  1, 2, 4, 8, 10, 16, 32, 64, 100, 128, 256, 3, 5, 6, 7, 9, 11, 12, 13, 15, 20, 25, 49, 81,
];

/** Chance is ruled out at one in so many. */
const SURE = 1000;

/** What the true taps stick out more than the ones that stick out least: up to a third more, on photographs of all kinds. */
const AS_GOOD = 1.4;

/** Whole numbers over the first denominator that the taps are nearer to than chance would have it, if they do as well. */
function shortest(
  rows: CodedRows,
  { unknowns, excess }: IntervalFit,
  taps: number,
): { unknowns: Float64Array; denominator: number } | undefined {
  for (const [place, denominator] of DENOMINATORS.entries()) {
    const over = unknowns.map((value, i) => (i < taps ? Math.round(value * denominator) / denominator + 0 : value));
    const farthest = over.reduce((most, value, i) => Math.max(most, Math.abs(value - unknowns[i])), 0) * denominator;
    if ((2 * farthest) ** Math.max(1, taps - 1) * (place + 1) * SURE >= 1) continue;
    // An offset that a coder's rounding leaves open is none, or a whole level.
    const offsets = taps < over.length ? [0, Math.round(over[taps]), over[taps]] : [undefined];
    for (const offset of offsets) {
      const tried = offset === undefined ? over : Float64Array.of(...over.subarray(0, taps), offset);
      if (excessOf(rows, tried) <= AS_GOOD * excess) return { unknowns: tried, denominator };
    }
  }
  return undefined;
}
