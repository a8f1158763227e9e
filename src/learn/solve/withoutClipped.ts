import { fitted } from '../../correlate/channels.ts';
import { corr2d } from '../../correlate/corr2d.ts';
import type { Kernel } from '../../kernels/kernel.ts';
import { whiteOf } from '../../planes/planes.ts';
import { originInAfter } from '../kernelShape.ts';
import type { Example } from '../pairs.ts';

/** Of white: a response this near to 0 or white may have been clipped before losses moved it. */
const MARGIN = 1 / 64;

/**
 * The pair with samples at 0 or white where a kernel's responses are beyond, so that they are bounds: a coder that loses something
 * moves clipped samples away from there, where they would be taken for equations.
 */
export function withoutClipped(example: Example, k: Kernel): Example {
  const { before, after } = example;
  const [top, left] = originInAfter(example, k);
  const response = corr2d(before, fitted(k, before.channels), { precision: 'fast' });
  const scale = 1 / whiteOf(before);
  const white = whiteOf(after);
  const data = after.data.slice();
  let from = 0;
  for (let c = 0; c < response.channels; c++) {
    for (let row = 0; row < response.height; row++) {
      const start = (c * after.height + top + row) * after.width + left;
      for (let i = start; i < start + response.width; i++, from++) {
        const value = response.data[from] * scale;
        if (value < MARGIN) data[i] = 0;
        else if (value > 1 - MARGIN) data[i] = white;
      }
    }
  }
  return { ...example, after: { ...after, data } };
}
