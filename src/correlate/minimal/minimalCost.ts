import { formatKernelShape, type Kernel } from '../../kernels/kernel.ts';
import { ExpectationError } from '../../planes/expected.ts';
import type { Geometry } from '../geometry.ts';

/** Whether two rows of results can share products: three rows of taps, and nothing between the samples that they see. */
export function isMinimal({ height }: Kernel, { rows, columns }: Geometry): boolean {
  return height === 3 && [rows, columns].every(({ stride, dilation }) => stride === 1 && dilation === 1);
}

/** @throws ExpectationError where minimal filtering cannot be */
export function expectMinimal(k: Kernel, at: Geometry): void {
  if (isMinimal(k, at)) return;
  const { rows, columns } = at;
  throw new ExpectationError(
    'Expected three rows of taps, a stride and a dilation of 1 for algorithm minimal but received ' +
      `${formatKernelShape(k)} taps, a stride of ${rows.stride}, ${columns.stride} and a dilation of ${rows.dilation}, ${columns.dilation}`,
  );
}

/**
 * About how long it takes: four products for six, all taps among them, and what goes to and from memory beside. Fitted to 17 kernels from
 * 1 to 1 to 64 to 64 channels.
 *
 * @param rate multiply-adds of emitted code in a nanosecond
 */
export function minimalNanoseconds(k: Kernel, { rows, columns }: Geometry, rate: number): number {
  const products = (2 / 3) * (k.weights.length / rate);
  const inputs = k.inChannels * (k.groups ?? 1);
  return rows.output * columns.output * (products + SPLIT * inputs + SUMS * k.outChannels);
}

/** Nanoseconds that a sample of an input channel takes to be split, and a result to be summed in memory. */
const SPLIT = 0.3;
const SUMS = 0.12;
