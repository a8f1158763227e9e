import { type Kernel, kernel, repeatKernel } from '../kernels/kernel.ts';
import type { Picture } from '../planes/picture.ts';
import type { Planes } from '../planes/planes.ts';
import { type Corr2dOptions, corr2d } from './corr2d.ts';

/**
 * A kernel applied to a picture's colour planes; alpha is not filtered, only sampled where the result's samples stand.
 * A kernel of one channel is applied to each channel by itself. The result is the response as it is, signed and unclamped.
 *
 * @param options those of {@link corr2d}; padding is `same` and border `replicate` where left out
 * @throws ExpectationError where the kernel's channels do not fit the picture's
 */
export function filterPicture(picture: Picture, k: Kernel, options: Omit<Corr2dOptions, 'out'> = {}): Picture {
  const how: Corr2dOptions = { padding: 'same', border: 'replicate', ...options };
  const single = k.outChannels === 1 && k.inChannels === 1;
  const planes = corr2d(picture.planes, single ? repeatKernel(k, picture.planes.channels) : k, how);
  if (picture.alpha === undefined) return { ...picture, planes };
  return { ...picture, planes, alpha: sampleAt(picture.alpha, k, how) };
}

/** The samples under the kernel's centre: a correlation with a single tap of 1, so that strides and paddings mean the same. */
function sampleAt(alpha: Planes, k: Kernel, how: Corr2dOptions): Planes {
  // In a side of even length the centre is where `same` padding aligns result and picture: the chapter pads the top and left first.
  const upper = how.padding === 'same-upper';
  const centre = (length: number): number => (upper ? Math.floor((length - 1) / 2) : Math.ceil((length - 1) / 2));
  const taps = Array.from({ length: k.height }, (_, row) =>
    Array.from({ length: k.width }, (_, column) => (row === centre(k.height) && column === centre(k.width) ? 1 : 0)),
  );
  return corr2d(alpha, kernel(taps), { ...how, border: 'replicate' });
}
