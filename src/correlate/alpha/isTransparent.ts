import type { Kernel } from '../../kernels/kernel.ts';
import type { InterleavedPicture, Picture } from '../../planes/picture.ts';
import { whiteOf } from '../../planes/planes.ts';

/** Whether a kernel mixes a picture's samples of different alpha: one of 1×1 taps mixes none, and what is hidden stays as it is. */
export function mixesAlpha(k: Kernel, picture: Pick<Picture, 'alpha'> | InterleavedPicture): boolean {
  return (k.height > 1 || k.width > 1) && isTransparent(picture);
}

/** Whether a picture has an alpha that is not opaque throughout. */
export function isTransparent(picture: Pick<Picture, 'alpha'> | InterleavedPicture): boolean {
  if (!('samples' in picture)) {
    const { alpha } = picture;
    return alpha !== undefined && !isOpaque(alpha.data, whiteOf(alpha), 0, 1);
  }
  const { samples, alphaAt, stride, white } = picture;
  return alphaAt !== undefined && !isOpaque(samples, white, alphaAt, stride);
}

function isOpaque(samples: ArrayLike<number>, white: number, first: number, step: number): boolean {
  for (let i = first; i < samples.length; i += step) if (!(samples[i] >= white)) return false;
  return true;
}
