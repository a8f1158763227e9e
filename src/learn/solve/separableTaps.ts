import type { KernelShape } from '../kernelShape.ts';

/** Of fixed-point arithmetic: 8 bits of OpenCV's smoothing, and what others take. */
const DENOMINATORS: readonly number[] = [256, 128, 64, 1024, 4096];

/** Steps of the sigma of a bell, which people write down. */
const STEPS: readonly number[] = [0.5, 0.1, 0.05, 0.01];

/** Errors that a tap may be away from the product of its row and column. */
const AWAY = 5;

/**
 * Kernels near the given one that are products of a column and a row which sum to 1: of whole numbers over a denominator, and
 * of bells of a short sigma. None where an output channel sees several channels or is no such product.
 */
export function separableTaps(
  estimate: readonly Float64Array[],
  errors: readonly Float64Array[],
  shape: KernelShape,
): (Float64Array | undefined)[][] {
  if (shape.inChannels !== 1) return [];
  const factors = estimate.map((values, o) => factorsOf(values, errors[o], shape));
  const made = (of: (one: Float64Array) => Float64Array | undefined): (Float64Array | undefined)[] =>
    factors.map((pair, o) => {
      const [column, row] = [pair && of(pair.column), pair && of(pair.row)];
      return column && row && productOf(column, row, estimate[o]);
    });
  return [
    ...DENOMINATORS.map((denominator) => made((one) => wholeNumbers(one, denominator))),
    ...STEPS.map((step) => made((one) => bell(one, step))),
  ];
}

interface Factors {
  readonly column: Float64Array;
  readonly row: Float64Array;
}

/** Sums of rows and columns, made symmetric where they nearly are, of taps that sum to nearly 1 and are their products. */
function factorsOf(values: Float64Array, errors: Float64Array, { height, width }: KernelShape): Factors | undefined {
  const column = new Float64Array(height);
  const row = new Float64Array(width);
  let sum = 0;
  for (let i = 0; i < height * width; i++) {
    column[Math.floor(i / width)] += values[i];
    row[i % width] += values[i];
    sum += values[i];
  }
  if (!(Math.abs(sum - 1) < NEAR_ONE)) return undefined;
  for (let i = 0; i < height * width; i++) {
    const product = (column[Math.floor(i / width)] * row[i % width]) / sum;
    if (Math.abs(product - values[i]) > AWAY * Math.max(errors[i], LEAST_ERROR)) return undefined;
  }
  const [upright, across] = [symmetric(column), symmetric(row)];
  const both = upright.map((value, i) => (value + across[i]) / 2);
  const isAlike = height === width && upright.every((value, i) => Math.abs(value - across[i]) < ALIKE);
  return isAlike ? { column: scaled(both), row: scaled(both) } : { column: scaled(upright), row: scaled(across) };
}

const NEAR_ONE = 0.02;
const LEAST_ERROR = 1e-6;

/** Of sums of rows of taps. */
const ALIKE = 2e-3;

function symmetric(values: Float64Array): Float64Array {
  const last = values.length - 1;
  return values.every((value, i) => Math.abs(value - values[last - i]) < ALIKE)
    ? values.map((value, i) => (value + values[last - i]) / 2)
    : values;
}

function scaled(values: Float64Array): Float64Array {
  const sum = values.reduce((all, value) => all + value, 0);
  return values.map((value) => value / sum);
}

/** Rounded; what their sum lacks of the denominator goes to the middle, as programs do it. */
function wholeNumbers(values: Float64Array, denominator: number): Float64Array | undefined {
  const whole = values.map((value) => Math.round(value * denominator));
  whole[values.length >> 1] += denominator - whole.reduce((sum, value) => sum + value, 0);
  return whole.map((value) => value / denominator);
}

/** exp(−x²/2σ²) over its sum, σ being the nearest multiple of the step. */
function bell(values: Float64Array, step: number): Float64Array | undefined {
  const middle = (values.length - 1) / 2;
  if (!Number.isInteger(middle) || middle < 1 || !(values[middle] > values[middle + 1] && values[middle + 1] > 0))
    return undefined;
  const sigma = Math.round(Math.sqrt(1 / (2 * Math.log(values[middle] / values[middle + 1]))) / step) * step;
  if (!(sigma > 0)) return undefined;
  return scaled(values.map((_, i) => Math.exp(-((i - middle) ** 2) / (2 * sigma * sigma))));
}

/** With the estimate's bias, if it has one. */
function productOf(column: Float64Array, row: Float64Array, estimate: Float64Array): Float64Array {
  const taps = column.length * row.length;
  return estimate.map((value, i) => (i < taps ? column[Math.floor(i / row.length)] * row[i % row.length] : value));
}
