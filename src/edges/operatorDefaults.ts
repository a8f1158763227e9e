import { type Convention } from './operators/convention.ts';
import { LOW_SHARE } from './thresholds/orderedThresholds.ts';
import { DEFAULT_HIGH } from './thresholds/threshold.ts';

/** What stands for options of `canny` that are left out; `high` of our own depends on the picture ({@link DEFAULT_HIGH}). */
export const CANNY: Readonly<Record<Convention, { sigma: number | undefined; low?: string; high?: string }>> = {
  corr2d: { sigma: 1.4 },
  opencv: { sigma: undefined, low: '100/255', high: '200/255' },
  skimage: { sigma: 1, low: '0.1', high: '0.2' },
};

/** `log` needs some width to be seen on the samples' grid. */
export const SIGMA_OF_LOG = 1.4;

/** Of `dog` and of a Gaussian's gradient. */
export const SIGMA_OF_OTHERS = 1;

/** The defaults in the words of the command's help. */
export const DEFAULTS_TOLD = {
  sigma: `none; canny ${CANNY.corr2d.sigma}, log ${SIGMA_OF_LOG}, dog and gaussian-gradient ${SIGMA_OF_OTHERS}`,
  low: `${LOW_SHARE} times high`,
  high: `canny ${DEFAULT_HIGH}${told('opencv')}${told('skimage')}`,
} as const;

function told(convention: Convention): string {
  const { low, high } = CANNY[convention];
  return `; ${convention} ${high} (low ${low})`;
}
