import type { Geometry } from '../correlate/geometry.ts';
import type { Kernel } from '../kernels/kernel.ts';
import type { Planes } from '../planes/planes.ts';

/**
 * `weightGradient` of small kernels: as loops, products added up in Float64, row by row.
 *
 * @param padded the correlation's picture, continued by the border
 */
export function loopedWeightGradient(
  padded: Planes,
  gradient: Planes,
  k: Kernel,
  { rows, columns }: Geometry,
): Float64Array {
  const groups = k.groups ?? 1;
  const outputs = k.outChannels / groups;
  const size = k.height * k.width;
  const stack = k.inChannels * size;
  const slopes = new Float64Array(k.weights.length);
  for (let channel = 0; channel < padded.channels; channel++) {
    const firstOutput = Math.floor(channel / k.inChannels) * outputs;
    const firstTap = (channel % k.inChannels) * size;
    for (let row = 0; row < rows.output; row++) {
      for (let r = 0; r < k.height; r++) {
        const line = (channel * padded.height + row * rows.stride + r * rows.dilation) * padded.width;
        for (let q = 0; q < k.width; q++) {
          const seen = line + q * columns.dilation;
          const tap = firstTap + r * k.width + q;
          for (let o = firstOutput; o < firstOutput + outputs; o++) {
            const from = (o * rows.output + row) * columns.output;
            slopes[o * stack + tap] += products(gradient.data, from, padded.data, seen, columns.stride, columns.output);
          }
        }
      }
    }
  }
  return slopes;
}

/** The sum of `count` products, in four parts that do not wait for each other. */
function products(a: Float32Array, atA: number, b: Float32Array, atB: number, step: number, count: number): number {
  let first = 0;
  let second = 0;
  let third = 0;
  let fourth = 0;
  const whole = count - (count % 4);
  let i = 0;
  for (let j = atB; i < whole; i += 4, j += 4 * step) {
    first += a[atA + i] * b[j];
    second += a[atA + i + 1] * b[j + step];
    third += a[atA + i + 2] * b[j + 2 * step];
    fourth += a[atA + i + 3] * b[j + 3 * step];
  }
  for (; i < count; i++) first += a[atA + i] * b[atB + i * step];
  return first + second + (third + fourth);
}
