/** `l2` is √(a² + b²); `l1` is |a| + |b|, faster and up to √2 larger on diagonals. */
export type MagnitudeNorm = 'l1' | 'l2';

export const MAGNITUDE_NORMS: readonly MagnitudeNorm[] = ['l1', 'l2'];
