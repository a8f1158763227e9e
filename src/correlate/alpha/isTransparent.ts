import type { Kernel } from '../../kernels/kernel.ts';
import { type Picture, storedOf } from '../../planes/picture.ts';
import { type Planes, whiteOf } from '../../planes/planes.ts';

/** Whether a kernel mixes a picture's samples of different alpha: one of 1×1 taps mixes none, and what is hidden stays as it is. */
export function mixesAlpha(k: Kernel, picture: Picture): boolean {
  return (k.height > 1 || k.width > 1) && isTransparent(picture);
}

/** Whether a picture has an alpha that is not opaque throughout. */
export function isTransparent(x: Planes | Picture): boolean {
  const stored = storedOf(x);
  if (stored !== undefined) {
    const { samples, alphaAt, stride, white } = stored;
    return alphaAt !== undefined && !isOpaque(samples, white, alphaAt, stride);
  }
  const alpha = 'planes' in x ? x.alpha : undefined;
  return alpha !== undefined && !isOpaque(alpha.data, whiteOf(alpha), 0, 1);
}

function isOpaque(samples: ArrayLike<number>, white: number, first: number, step: number): boolean {
  for (let i = first; i < samples.length; i += step) if (!(samples[i] >= white)) return false;
  return true;
}
