import type { KernelDetector } from '../../../edges/detector/detector.ts';
import { type Found, isWithin, simplestBetween, stepsOf } from './found.ts';

const FILTERS: Readonly<Record<string, string>> = {
  'sobel3 l2': 'sobel',
  'prewitt l2': 'prewitt',
  'scharr of 47 l2': 'scharr',
  'roberts of ffmpeg l2': 'roberts',
  'kirsch of ffmpeg strongest': 'kirsch',
};

/** FFmpeg's filters of 3×3 windows, which mirror differently before the picture and behind it, and truncate. */
export function ffmpegCandidates(found: Found): KernelDetector[] {
  const { core, input, truncate } = found;
  const filter = FILTERS[`${core.name} ${core.response}`];
  const { grey, blur } = input;
  if (filter === undefined || core.parts !== undefined || truncate === undefined || blur.smoothing !== undefined)
    return [];
  if (!['grey', 'each', 'swscale'].includes(grey.name)) return [];
  const scale = isWithin(truncate, 1) ? 1 : simplestBetween(truncate);
  const chain = [
    ...(grey.name === 'swscale' ? ['format=gray'] : []),
    scale === 1 ? filter : `${filter}=scale=${scale}`,
    ...(found.inverted ? ['negate'] : []),
  ];
  const call = `ffmpeg -i before.png -vf ${chain.join(',')} after.png`;
  const border = ['reflect101', 'symmetric'] as const;
  // Its lengths are sums and roots of Float32; Kirsch's are whole.
  const arithmetic = core.response === 'l2' ? ({ arithmetic: 'float32' } as const) : {};
  return [{ ...stepsOf(found), ...arithmetic, scale, border, rounding: 'truncate', from: { program: 'FFmpeg', call } }];
}
