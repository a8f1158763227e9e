import type { KernelDetector } from '../../../edges/detector/detector.ts';
import { type Found, isWithin, stepsOf } from './found.ts';

const CALLS: Readonly<Record<string, string>> = {
  'all neighbours 3 clamp': '-edge 1',
  'all neighbours 5 clamp': '-edge 2',
  'all neighbours 7 clamp': '-edge 3',
  'sobel3-x clamp': '-morphology Convolve Sobel',
  '-sobel3-x clamp': '-morphology Convolve Sobel:180',
  'sobel3-y clamp': '-morphology Convolve Sobel:90',
  '-sobel3-y clamp': '-morphology Convolve Sobel:270',
  'prewitt-x clamp': '-morphology Convolve Prewitt',
  '-laplacian clamp': '-morphology Convolve Laplacian:1',
  'sobel3 max': "-define morphology:compose=Lighten -morphology Convolve 'Sobel:>'",
  'prewitt max': "-define morphology:compose=Lighten -morphology Convolve 'Prewitt:>'",
  'kirsch strongest': "-define morphology:compose=Lighten -morphology Convolve 'Kirsch:@'",
  'robinson 5 strongest': "-define morphology:compose=Lighten -morphology Convolve 'Sobel:@'",
};

/** ImageMagick's convolutions: of each channel, or of its grey; negative responses are 0. */
export function imagemagickCandidates(found: Found): KernelDetector[] {
  const { core, input, nearest } = found;
  const call = CALLS[`${core.name} ${core.response}`];
  const { grey, blur } = input;
  if (call === undefined || core.parts !== undefined || !isWithin(nearest, 1) || blur.smoothing !== undefined)
    return [];
  if (!['grey', 'each', 'imagemagick rounded', 'imagemagick'].includes(grey.name)) return [];
  const words = [
    'convert before.png',
    ...(grey.name.startsWith('imagemagick') ? ['-colorspace gray'] : []),
    call,
    ...(found.inverted ? ['-negate'] : []),
    'after.png',
  ];
  return [
    {
      ...stepsOf(found),
      border: 'replicate',
      rounding: 'nearest',
      from: { program: 'ImageMagick', call: words.join(' ') },
    },
  ];
}
