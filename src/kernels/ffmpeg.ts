import { expected } from '../planes/expected.ts';
import { type Fractions, fractionsOf } from './fractions.ts';
import { formatKernelShape, type Kernel } from './kernel.ts';
import { centreOf, expectOnePlane, padKernel } from './notation.ts';
import { shortest } from './numbers.ts';

/** The filter works on 8-bit samples here, its offset in those. */
const WHITE = 255;
/** It takes 3×3 too, but those it mirrors in one way on the left and top and in another on the right and bottom. */
const SIDES = [5, 7];

/**
 * A filter graph for FFmpeg's `-vf`: its `convolution` correlates planes of 8-bit grey, RGB or RGB with alpha (which it leaves as
 * it is) with whole numbers times one factor, takes samples beyond the rim from inside (`reflect101`), and rounds halves up.
 *
 * Some versions (5.1) ignore the factor that is stated and take one over the taps' sum, or 1 where that is 0: there only kernels
 * whose taps sum to 1, or are whole and sum to 0, come out right.
 *
 * Taps that are no fractions of a common divisor are written as multiples of the smallest unit for which sums of products fit
 * 32 bits: for taps whose absolute values sum to 1 that is some 10⁻⁷.
 *
 * @throws ExpectationError for channels, for sides above 7, and for a bias below 0
 */
export function formatFfmpeg(k: Kernel): string {
  expectOnePlane(k, 'ffmpeg');
  const [bias] = k.bias;
  if (bias < 0) throw expected('a bias of at least 0', 'the ffmpeg notation', bias);
  const { numerators, divisor } = wholeTaps(padToSquare(k));
  const offset = shortest(bias, bias * WHITE, (written) => written / WHITE);
  const settings = [0, 1, 2].map((plane) =>
    [
      `${plane}m='${numerators.join(' ')}'`,
      `${plane}rdiv=${1 / divisor}`,
      ...(bias === 0 ? [] : [`${plane}bias=${offset}`]),
    ].join(':'),
  );
  return `format=gray|gbrp|gbrap,convolution=${settings.join(':')}\n`;
}

function padToSquare(k: Kernel): Kernel {
  const side = SIDES.find((one) => one >= Math.max(k.height, k.width));
  if (side === undefined) throw expected('sides of at most 7', 'the ffmpeg notation', formatKernelShape(k));
  const top = centreOf(side) - centreOf(k.height);
  const left = centreOf(side) - centreOf(k.width);
  return padKernel(k, { top, bottom: side - k.height - top, left, right: side - k.width - left });
}

/** Sums of 8-bit samples times numerators that add up to more overflow the filter's 32 bits. */
const MOST_IN_ALL = Math.floor((2 ** 31 - 1) / WHITE);

function wholeTaps({ weights }: Kernel): Fractions {
  const exact = fractionsOf({ weights });
  if (exact !== undefined && exact.numerators.reduce((sum, one) => sum + Math.abs(one), 0) <= MOST_IN_ALL) return exact;
  const total = weights.reduce((sum, tap) => sum + Math.abs(tap), 0);
  // A half for the rounding of each.
  const divisor = Math.floor((MOST_IN_ALL - weights.length / 2) / total);
  if (divisor < 1) throw expected('smaller taps', 'the ffmpeg notation', `taps whose sizes sum to ${total}`);
  return { numerators: Array.from(weights, (tap) => Math.round(tap * divisor) + 0), divisor };
}
