export const CONVENTIONS = ['corr2d', 'opencv', 'skimage'] as const;

/**
 * Whose scale, border and rules: our own, or those of OpenCV or scikit-image (SciPy for Gaussian derivatives), so that
 * answers agree with theirs.
 */
export type Convention = (typeof CONVENTIONS)[number];

/** For messages. */
export const NAMES_OF_CONVENTIONS: Readonly<Record<Convention, string>> = {
  corr2d: 'corr2d',
  opencv: 'OpenCV',
  skimage: 'scikit-image',
};
