import type { Layer } from './layer.ts';
import { pointwise } from './pointwise.ts';

/**
 * |x| of every sample; the slope at 0 is 0.
 *
 * @example
 * toNested(Abs().forward(planes([[-2, 0, 3]]))) // [[[2, 0, 3]]]
 */
export function Abs(): Layer {
  return pointwise('Abs', { value: Math.abs, slope: Math.sign });
}
