import { checkKernel, type Kernel } from '../kernels/kernel.ts';
import { parseBorder } from '../planes/border.ts';
import { expectChoice } from '../planes/expected.ts';
import { expectOptions } from '../planes/expectOptions.ts';
import { DEFAULT_PRECISION, PRECISIONS } from './algorithm.ts';
import { type Corr2dOptions, CORRELATION_OPTIONS } from './corr2dOptions.ts';
import { expectBorderRead, type Padding, readsOutside } from './geometry.ts';
import type { FilterBorder } from './leaveRim.ts';

const FILTERED_ALPHA = ['premultiplied', 'keep'] as const;

/** What a filter does about transparency. */
export type FilteredAlpha = (typeof FILTERED_ALPHA)[number];

export interface FilterOptions extends Omit<Corr2dOptions, 'out' | 'border'> {
  /**
   * What stands outside the picture; `replicate` by default. With `leave-rim`, samples whose window leaves the picture stay as they
   * are, as by Pillow's and openEO's filters: with `same` padding and no stride.
   */
  border?: FilterBorder;
  /**
   * `premultiplied` (the default): colours count as much as they can be seen, and alpha is filtered with them. `keep`: colours
   * are filtered as they are stored, what is transparent too, and alpha stays as it is.
   */
  alpha?: FilteredAlpha;
}

export const FILTER_OPTIONS: readonly string[] = [...CORRELATION_OPTIONS, 'alpha'];

/** A kernel and how it is applied, settled once for all pictures. It is plain data, that another thread may be given. */
export interface Filtering {
  readonly kernel: Kernel;
  readonly how: Omit<Corr2dOptions, 'out' | 'padding'> & { readonly padding: Padding };
  /** Whether samples stay as they are whose window leaves the picture. */
  readonly leavesRim: boolean;
  readonly alpha: FilteredAlpha;
}

/**
 * What options of a filter come to, once for all pictures.
 *
 * @throws ExpectationError for what is no option or out of range; what depends on a picture is refused where it is filtered
 */
export function filteringOf(k: Kernel, options: FilterOptions, where = 'filterPicture'): Filtering {
  expectOptions(options, FILTER_OPTIONS, where);
  checkKernel(k);
  const { padding = 'same', border, alpha = 'premultiplied', ...others } = options;
  expectChoice(alpha, 'alpha', FILTERED_ALPHA);
  expectChoice(others.precision ?? DEFAULT_PRECISION, 'precision', PRECISIONS);
  const leavesRim = border === 'leave-rim';
  if (!leavesRim) expectBorderRead(border, padding);
  const isRead = leavesRim || readsOutside(padding);
  const outside = isRead ? { border: leavesRim ? ('replicate' as const) : parseBorder(border ?? 'replicate') } : {};
  return { kernel: k, how: { ...others, padding, ...outside }, leavesRim, alpha };
}
