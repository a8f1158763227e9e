import { type KernelShape } from '../kernelShape.ts';
import { squaredError } from './momentAlgebra.ts';
import type { Moments } from './moments.ts';

/**
 * What a filter changed: the sum of the squares of after − before, less its mean, over the samples that the moments are of, in units of
 * white squared. A kernel that explains much of an after may explain nothing of this, as an after is mostly its before.
 *
 * @param moments of each output channel, with a bias
 * @returns undefined where befores and afters have other channels
 */
export function changeOf(moments: readonly Moments[], shape: KernelShape): number | undefined {
  const { sharing, inChannels, outChannels, height, width } = shape;
  if (sharing === 'full' && inChannels !== outChannels) return undefined;
  const middle = Math.ceil((height - 1) / 2) * width + Math.ceil((width - 1) / 2);
  return moments.reduce((sum, m, o) => {
    const at = (sharing === 'full' ? o * height * width : 0) + middle;
    const unknowns = new Float64Array(m.unknowns);
    unknowns[at] = 1;
    const last = m.unknowns - 1;
    unknowns[last] = (m.total - m.gram[at * m.unknowns + last]) / Math.max(1, m.samples);
    return sum + squaredError(m, unknowns);
  }, 0);
}
