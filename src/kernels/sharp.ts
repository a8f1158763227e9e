import { expected, expectInteger } from '../planes/expected.ts';
import { checkKernel, type Kernel, LARGEST_SIDE } from './kernel.ts';
import { centreOf, expectFields, expectOnePlane, padKernel } from './notation.ts';
import { shortest } from './numbers.ts';
import { sumOf } from './recipe.ts';

/** sharp adds its offset to 8-bit samples. */
const WHITE = 255;
/** The sides sharp takes. */
const SHARP_LEAST = 3;
const SHARP_MOST = 1001;

/**
 * A kernel from what sharp's `convolve` takes: `{ width, height, kernel, scale, offset }`. Every tap is divided by the scale,
 * which is the taps' sum by default, and 1 where that is below 1; the offset, in 8-bit samples, becomes a bias of
 * offset/255. sharp replaces a scale or offset that is not a whole number, and a scale below 1, without a word: here they are
 * refused.
 *
 * sharp does not rotate the kernel: it correlates. It repeats the outermost samples (`replicate`) and cuts off decimals
 * (rounding `truncate`), which a kernel does not say.
 */
export function parseSharp(fields: object): Kernel {
  expectFields(fields, ['width', 'height', 'kernel', 'scale', 'offset'], 'the kernel');
  const { width, height, kernel, scale, offset = 0 } = fields as Record<string, unknown>;
  const columns = expectInteger(width, 'width', 1, LARGEST_SIDE);
  const rows = expectInteger(height, 'height', 1, LARGEST_SIDE);
  if (!Array.isArray(kernel)) throw expected('a list of taps', 'kernel', kernel);
  if (kernel.length !== rows * columns)
    throw expected(`width·height = ${rows * columns} taps`, 'kernel', kernel.length);
  const taps = kernel.map((tap: unknown, i) => {
    if (typeof tap !== 'number' || !Number.isFinite(Math.fround(tap))) {
      throw expected('a number that is finite in Float32', `kernel[${i}]`, tap);
    }
    return tap;
  });
  const divisor = scale === undefined ? Math.max(1, sumOf(taps)) : expectInteger(scale, 'scale', 1);
  const bias = expectInteger(offset, 'offset', Number.MIN_SAFE_INTEGER) / WHITE;
  return checkKernel({
    outChannels: 1,
    inChannels: 1,
    height: rows,
    width: columns,
    weights: Float32Array.from(taps, (tap) => tap / divisor),
    bias: Float32Array.of(bias),
  });
}

/**
 * JSON with scale 1. Sides below 3, which sharp does not take, get zeros around them.
 *
 * @throws ExpectationError for channels, for sides above 1001, and for a bias that is not a whole number of 8-bit samples.
 */
export function formatSharp(k: Kernel): string {
  expectOnePlane(k, 'sharp');
  const { width, height, weights, bias } = padToThree(k);
  if (width > SHARP_MOST || height > SHARP_MOST) {
    throw expected(`sides of at most ${SHARP_MOST}`, 'the sharp notation', `${height}×${width}`);
  }
  const offset = Math.round(bias[0] * WHITE);
  if (Math.fround(offset / WHITE) !== bias[0]) {
    throw expected('a bias of whole 255ths', 'the sharp notation', `${bias[0]}`);
  }
  const taps = Array.from(weights, (tap) => shortest(tap)).join(', ');
  return `{ "width": ${width}, "height": ${height}, "kernel": [${taps}], "scale": 1, "offset": ${offset} }\n`;
}

function padToThree(k: Kernel): Kernel {
  const across = linesToThree(k.width);
  const down = linesToThree(k.height);
  return padKernel(k, { top: down.before, bottom: down.after, left: across.before, right: across.after });
}

/** The centre stays where it is: sharp, too, takes ⌊side/2⌋. */
function linesToThree(side: number): { before: number; after: number } {
  if (side >= SHARP_LEAST) return { before: 0, after: 0 };
  const before = centreOf(SHARP_LEAST) - centreOf(side);
  return { before, after: SHARP_LEAST - side - before };
}
