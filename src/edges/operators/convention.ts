/**
 * Whose scale, border and rules: our own, or those of OpenCV or scikit-image (SciPy for Gaussian derivatives), so that
 * answers agree with theirs.
 */
export type Convention = 'corr2d' | 'opencv' | 'skimage';

export const CONVENTIONS: readonly Convention[] = ['corr2d', 'opencv', 'skimage'];

/** For messages. */
export const NAMES_OF_CONVENTIONS: Readonly<Record<Convention, string>> = {
  corr2d: 'corr2d',
  opencv: 'OpenCV',
  skimage: 'scikit-image',
};
