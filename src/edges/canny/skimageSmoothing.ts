import type { Precision } from '../../correlate/corr2d.ts';
import { gaussianSmooth } from '../../correlate/gaussianSmooth.ts';
import { createPlanes, type Planes } from '../../planes/planes.ts';
import type { Smoothing } from '../gradient/responses.ts';
import { maskRows } from '../lines/mask.ts';

/**
 * Smoothing as scikit-image's `canny` has it: the weighted mean of those samples under the Gaussian that are in the picture and
 * its mask. It is the smoothed picture, 0 outside, over the smoothed mask.
 */
export function skimageSmoothing(mask: Planes | undefined, precision: Precision): Smoothing {
  return (x, sigma, out) => {
    const { channels, height, width } = x;
    const size = height * width;
    const share = createPlanes(1, height, width);
    share.data.set(maskRows(mask, width, 0, height));
    const how = { border: 'zero', precision } as const;
    const smooth = gaussianSmooth(mask === undefined ? x : masked(x, share.data), sigma, { ...how, out });
    const shares = gaussianSmooth(share, sigma, how).data;
    for (let c = 0; c < channels; c++) {
      const plane = smooth.data.subarray(c * size, (c + 1) * size);
      for (let i = 0; i < size; i++) plane[i] /= shares[i] + EPSILON;
    }
    return smooth;
  };
}

function masked(x: Planes, inside: Float32Array): Planes {
  const kept = createPlanes(x.channels, x.height, x.width, x.white);
  for (let i = 0; i < kept.data.length; i++) kept.data[i] = inside[i % inside.length] === 0 ? 0 : x.data[i];
  return kept;
}

/** So that nothing is divided by 0 where the mask is far away. */
const EPSILON = 2 ** -52;
