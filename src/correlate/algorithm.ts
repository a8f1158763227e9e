export const PRECISIONS = ['deterministic', 'fast'] as const;

/** What is taken where none is stated. */
export const DEFAULT_PRECISION = 'deterministic';

/**
 * `deterministic`: the same bytes on every machine. `fast` may fuse and regroup sums, and is held to a relative error.
 */
export type Precision = (typeof PRECISIONS)[number];

export const ALGORITHMS = ['auto', 'reference', 'direct', 'minimal', 'separable', 'fft'] as const;

/**
 * `direct` has the definition's bits, unless the precision is `fast`; `minimal` makes two rows of results of three rows of taps with four
 * products for six (Winograd 1980), which pays for sums over channels; `fft` is for large kernels, `separable` for those that are a column
 * times a row; `reference` is the definition, in plain loops. `auto` takes `direct` up to a size and from there `fft`, and where the
 * precision is `fast` whichever of them and `minimal` is expected to take least, by shape alone.
 */
export type Algorithm = (typeof ALGORITHMS)[number];
