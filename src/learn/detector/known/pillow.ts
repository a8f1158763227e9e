import type { KernelDetector } from '../../../edges/detector/detector.ts';
import { type Found, isWithin, stepsOf } from './found.ts';

/** Pillow's `FIND_EDGES`, whose rim is the picture's own. */
export function pillowCandidates(found: Found): KernelDetector[] {
  const { core, input, nearest, inverted } = found;
  if (
    core.name !== 'all neighbours 3' ||
    core.response !== 'clamp' ||
    !isWithin(nearest, 1) ||
    inverted ||
    found.white !== 255
  )
    return [];
  const { grey, blur } = input;
  if (blur.smoothing !== undefined || !['grey', 'each', 'pillow'].includes(grey.name)) return [];
  const picture = grey.name === 'pillow' ? "before.convert('L')" : 'before';
  const call = `${picture}.filter(ImageFilter.FIND_EDGES)`;
  return [{ ...stepsOf(found), border: 'copied', rounding: 'nearest', from: { program: 'Pillow', call } }];
}
