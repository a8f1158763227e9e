export const MAGNITUDE_NORMS = ['l1', 'l2'] as const;

/** `l2` is √(a² + b²); `l1` is |a| + |b|, faster and up to √2 larger on diagonals. */
export type MagnitudeNorm = (typeof MAGNITUDE_NORMS)[number];
