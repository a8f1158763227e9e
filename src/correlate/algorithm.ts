export const PRECISIONS = ['deterministic', 'fast'] as const;

/**
 * `deterministic`: the same bytes on every machine. `fast` may fuse and regroup sums, and is held to a relative error.
 */
export type Precision = (typeof PRECISIONS)[number];

export const ALGORITHMS = ['auto', 'reference', 'direct', 'separable', 'fft'] as const;

/**
 * `direct` has the definition's bits, unless the precision is `fast`; `fft` is for large kernels, `separable` for those that are a
 * column times a row; `reference` is the definition, in plain loops. `auto` takes `direct` up to a size and from there `fft`, by
 * shape alone.
 */
export type Algorithm = (typeof ALGORITHMS)[number];
