import type { Layer } from './layer.ts';
import { pointwise } from './pointwise.ts';

/**
 * x² of every sample, in units of white: white stays white.
 *
 * @example
 * toNested(Square().forward(planes([[-2, 0, 3]]))) // [[[4, 0, 9]]]
 */
export function Square(): Layer {
  return pointwise('Square', { value: (x) => x * x, slope: (x) => 2 * x });
}
