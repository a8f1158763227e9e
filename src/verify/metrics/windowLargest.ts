/**
 * The largest of the numbers within `reach` rows and columns of each, itself included; those beyond the rim are passed over.
 *
 * @see M. van Herk: A fast algorithm for local minimum and maximum filters on rectangular and octagonal kernels. Pattern Recognition
 *   Letters 13 (1992): a window of any size takes three comparisons a number
 */
export function windowLargest(samples: Float64Array, width: number, reach: number): Float64Array {
  if (reach === 0) return samples;
  const height = samples.length / width;
  const room = [0, 1].map(() => new Float64Array(Math.max(width, height) + 2 * reach));
  const across = new Float64Array(samples.length);
  for (let y = 0; y < height; y++) {
    alongLine(samples, across, { start: y * width, step: 1, length: width }, reach, room);
  }
  const largest = new Float64Array(samples.length);
  for (let x = 0; x < width; x++) alongLine(across, largest, { start: x, step: width, length: height }, reach, room);
  return largest;
}

interface Line {
  readonly start: number;
  readonly step: number;
  readonly length: number;
}

/** Blocks as long as the window: the largest up to each place from its block's start, and from each place to its block's end. */
function alongLine(
  from: Float64Array,
  to: Float64Array,
  { start, step, length }: Line,
  reach: number,
  [up, down]: readonly Float64Array[],
): void {
  const size = 2 * reach + 1;
  const padded = length + 2 * reach;
  down.fill(-Infinity, 0, padded);
  for (let i = 0; i < length; i++) down[reach + i] = from[start + i * step];
  for (let i = 0; i < padded; i++) up[i] = i % size === 0 ? down[i] : Math.max(up[i - 1], down[i]);
  for (let i = padded - 2; i >= 0; i--) if ((i + 1) % size !== 0) down[i] = Math.max(down[i + 1], down[i]);
  for (let i = 0; i < length; i++) to[start + i * step] = Math.max(down[i], up[i + size - 1]);
}
