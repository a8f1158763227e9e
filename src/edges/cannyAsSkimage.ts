import type { Precision } from '../correlate/corr2d.ts';
import { gaussianSmooth } from '../correlate/gaussianSmooth.ts';
import { createPlanes, type Planes } from '../planes/planes.ts';
import { givenPixels } from './mask.ts';
import type { Smoothing } from './responses.ts';

/**
 * Smoothing as scikit-image's `canny` has it: the weighted mean of those samples under the Gaussian that are in the picture and
 * its mask. It is the smoothed picture, 0 outside, over the smoothed mask.
 */
export function skimageSmoothing(mask: Planes | undefined, precision: Precision): Smoothing {
  return (x, sigma, out) => {
    const { channels, height, width } = x;
    const size = height * width;
    const share = createPlanes(1, height, width);
    share.data.set(givenPixels(mask, height, width));
    const masked = createPlanes(channels, height, width, x.white);
    for (let i = 0; i < masked.data.length; i++) masked.data[i] = share.data[i % size] === 0 ? 0 : x.data[i];
    const how = { border: 'zero', precision } as const;
    const smooth = gaussianSmooth(masked, sigma, { ...how, out });
    const shares = gaussianSmooth(share, sigma, how).data;
    for (let i = 0; i < smooth.data.length; i++) smooth.data[i] /= shares[i % size] + EPSILON;
    return smooth;
  };
}

/** So that nothing is divided by 0 where the mask is far away. */
const EPSILON = 2 ** -52;
