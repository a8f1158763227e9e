import { ExpectationError, expected } from '../planes/expected.ts';

export const REDUCTIONS = ['sum', 'mean'] as const;

/** Whether the loss is the sum over all samples or their mean. */
export type Reduction = (typeof REDUCTIONS)[number];

/** Refuses anything but a finite number above 0. */
export function expectPositive(value: unknown, where: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value) || value <= 0)
    throw expected('a number above 0', where, value);
  return value;
}

/** The error that ends a run whose loss has grown beyond all bounds. */
export function diverged(rate: number, epochs: number, smaller: number): ExpectationError {
  return new ExpectationError(
    `Expected a learningRate at which the loss falls but received ${rate}, at which it has grown beyond all bounds after ` +
      `${epochs} epoch${epochs === 1 ? '' : 's'}; a smaller one may do, such as ${Number(smaller.toPrecision(2))}`,
  );
}
