import type { Layer } from './layer.ts';
import { pointwise } from './pointwise.ts';

/**
 * 1 / (1 + e^−x) of every sample, in units of white. The exponential is the machine's own, in Float64: two machines may differ
 * in its last bit, which rounding to Float32 takes away but for one sample in some hundred millions.
 *
 * @example
 * toNested(Sigmoid().forward(planes([[-1000, 0, 1000]]))) // [[[0, 0.5, 1]]]
 */
export function Sigmoid(): Layer {
  return pointwise('Sigmoid', { value: (x) => 1 / (1 + Math.exp(-x)), slope });
}

/** σ(x)·σ(−x): in this form neither factor is a difference of two numbers near 1, nor does the exponential overflow. */
function slope(x: number): number {
  const e = Math.exp(-Math.abs(x));
  return e / (1 + e) ** 2;
}
