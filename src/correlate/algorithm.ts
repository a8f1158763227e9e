/**
 * `deterministic`: the same bytes on every machine. `fast` may fuse and regroup sums, and is held to a relative error.
 */
export type Precision = 'deterministic' | 'fast';

export const PRECISIONS: readonly Precision[] = ['deterministic', 'fast'];

/**
 * `direct` has the definition's bits, unless the precision is `fast`; `fft` is for large kernels, `separable` for those that are a
 * column times a row; `reference` is the definition, in plain loops. `auto` takes `direct` up to a size and from there `fft`, by
 * shape alone.
 */
export type Algorithm = 'auto' | 'reference' | 'direct' | 'separable' | 'fft';

export const ALGORITHMS: readonly Algorithm[] = ['auto', 'reference', 'direct', 'separable', 'fft'];
