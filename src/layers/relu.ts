import type { Layer } from './layer.ts';
import { pointwise } from './pointwise.ts';

/**
 * max(x, 0) of every sample; the slope at 0 is 0.
 *
 * @example
 * toNested(ReLU().forward(planes([[-2, 0, 3]]))) // [[[0, 0, 3]]]
 */
export function ReLU(): Layer {
  return pointwise('ReLU', {
    // Written so that what is not a number stays so.
    value: (x) => (x <= 0 ? 0 : x),
    slope: (x) => (x > 0 ? 1 : 0),
  });
}
