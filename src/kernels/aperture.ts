/** Rows and columns of Sobel's windows. */
export const APERTURES = [3, 5, 7] as const;

export type Aperture = (typeof APERTURES)[number];
