import { expectChoice, expectInteger } from '../planes/expected.ts';

export const LIMIT_PIXELS: number = 16383 ** 2;

export const LIMIT_BYTES: number = 2 ** 31;

/** From which fault on a damaged picture is refused, mildest first. */
export const FAIL_ON = ['none', 'truncated', 'error', 'warning'] as const;
export type FailOn = (typeof FAIL_ON)[number];
/** What viewers show whole is read, and what they do not is refused: data that ends too soon, or does not fit its checksums. */
export const DEFAULT_FAIL_ON: FailOn = 'error';

/** What is refused of a file that is to be read. */
export interface ReadLimits {
  readonly limitPixels: number;
  readonly failOn: FailOn;
}

/** The limits as a caller states them, checked. */
export function readLimits(options: { readonly limitPixels?: number; readonly failOn?: FailOn }): ReadLimits {
  return {
    limitPixels: expectInteger(options.limitPixels ?? LIMIT_PIXELS, 'limitPixels', 1),
    failOn: expectChoice(options.failOn ?? DEFAULT_FAIL_ON, 'failOn', FAIL_ON),
  };
}
