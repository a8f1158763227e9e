import { checkKernel, type Kernel } from './kernel.ts';
import { sumOf } from './recipe.ts';

/** A kernel as two, applied one after the other: `column` (kh×1), then `row` (1×kw), which carries the bias. */
export interface SeparatedKernel {
  readonly column: Kernel;
  readonly row: Kernel;
}

/**
 * The column and the row whose product a kernel's taps are, or undefined where they are no such product (their rank is above 1).
 * Kernels of whole numbers are tested exactly and give whole numbers; of others, every tap may differ from the product by the
 * Float32 rounding of a product of Float32s. Every output must see one input channel: a kernel of 1×1 channels, or one repeated.
 *
 * @example
 * separateKernel(namedKernel('sobel-x')).row.weights.join(' ') // "-1 0 1"
 */
export function separateKernel(k: Kernel): SeparatedKernel | undefined {
  checkKernel(k);
  if (k.inChannels !== 1) return undefined;
  const { outChannels, height, width } = k;
  const column = new Float32Array(outChannels * height);
  const row = new Float32Array(outChannels * width);
  for (let output = 0; output < outChannels; output++) {
    const taps = k.weights.subarray(output * height * width, (output + 1) * height * width);
    const pair = separate(taps, width);
    if (pair === undefined) return undefined;
    column.set(pair.column, output * height);
    row.set(pair.row, output * width);
  }
  return {
    column: { ...k, width: 1, weights: column, bias: new Float32Array(outChannels) },
    // The column kernel's outputs are the row kernel's inputs, each by itself.
    row: { ...k, height: 1, weights: row, groups: outChannels },
  };
}

/**
 * Whether a kernel is the product of a column and a row; {@link separateKernel} gives them.
 *
 * @example
 * isSeparable(namedKernel('sobel-x')) // true
 */
export function isSeparable(k: Kernel): boolean {
  return separateKernel(k) !== undefined;
}

/** Four Float32s, each with a relative error of up to 2^-24, stand in the comparison of two products; twice that. */
const TOLERANCE = 2 ** -21;

function separate(taps: Float32Array, width: number): { column: Float64Array; row: Float64Array } | undefined {
  const height = taps.length / width;
  const at = taps.reduce((largest, tap, i) => (Math.abs(tap) > Math.abs(taps[largest]) ? i : largest), 0);
  const pivotRow = Float64Array.from(taps.subarray(at - (at % width), at - (at % width) + width));
  const pivotColumn = Float64Array.from({ length: height }, (_, r) => taps[r * width + (at % width)]);
  const pivot = taps[at];
  if (pivot === 0) return { column: pivotColumn, row: pivotRow };
  const whole = taps.every(Number.isInteger);
  // Products of two Float32s are exact in Float64.
  const tolerance = whole ? 0 : TOLERANCE;
  for (let i = 0; i < taps.length; i++) {
    const own = taps[i] * pivot;
    const crossed = pivotColumn[Math.floor(i / width)] * pivotRow[i % width];
    if (Math.abs(own - crossed) > tolerance * Math.abs(own)) return undefined;
  }
  // Where all taps are whole numbers, so are the column's, once the row is in lowest terms.
  const unit = Math.abs(whole ? pivotRow.reduce(commonDivisor) : pivot);
  const divisor = sumOf(pivotRow) < 0 || (sumOf(pivotRow) === 0 && sumOf(pivotColumn) * pivot < 0) ? -unit : unit;
  // + 0 turns −0 into 0.
  return {
    column: pivotColumn.map((tap) => tap / (pivot / divisor) + 0),
    row: pivotRow.map((tap) => tap / divisor + 0),
  };
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? Math.abs(a) : commonDivisor(b, a % b);
}
