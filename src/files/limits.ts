export const LIMIT_PIXELS: number = 16383 ** 2;

export const LIMIT_BYTES: number = 2 ** 31;

/** From which fault on a damaged picture is refused, mildest first. */
export const FAIL_ON = ['none', 'truncated', 'error', 'warning'] as const;
export type FailOn = (typeof FAIL_ON)[number];
/** What viewers show whole is read, and what they do not is refused: data that ends too soon, or does not fit its checksums. */
export const DEFAULT_FAIL_ON: FailOn = 'error';
