import { expected } from '../../planes/expected.ts';
import type { Picture } from '../../planes/picture.ts';
import { createPlanes, type Planes, shapeOf, whiteOf } from '../../planes/planes.ts';
import { type Rounding, roundSample } from '../../planes/samples.ts';
import type { Filtering } from '../filtering.ts';
import { filtered } from '../filterPicture.ts';
import { luma } from '../luma.ts';

/**
 * A kernel applied to the luma of a picture alone, as of YCbCr: colours (Cb and Cr) stay as they are, so that all three channels change
 * by what luma does. Luma is rounded before and after where samples are whole numbers, as a picture of YCbCr holds it. Alpha stays.
 *
 * @param filtering of a kernel of one channel, whose results stand where samples do
 * @throws ExpectationError for another kernel, or a picture of neither one nor three channels
 */
export function filterLuma(picture: Picture, filtering: Filtering, rounding: Rounding): Picture {
  const { planes, depth } = picture;
  const { outChannels, inChannels } = filtering.kernel;
  if (outChannels !== 1 || inChannels !== 1) {
    throw expected('a kernel of one channel, which luma is,', 'luma alone', `${outChannels}×${inChannels} channels`);
  }
  const isWhole = depth !== 32;
  const before = isWhole ? rounded(luma(planes), 'nearest') : luma(planes);
  const response = filtered({ planes: before, depth, lossy: false, metadata: {} }, filtering).planes;
  if (shapeOf(response) !== shapeOf(before)) {
    throw expected(`results of ${shapeOf(before)}, where samples stand,`, 'luma alone', shapeOf(response));
  }
  const after = isWhole ? rounded(response, rounding) : response;
  const size = planes.height * planes.width;
  const result = createPlanes(planes.channels, planes.height, planes.width, planes.white);
  for (let i = 0; i < result.data.length; i++) {
    result.data[i] = planes.data[i] + after.data[i % size] - before.data[i % size];
  }
  return { ...picture, planes: result };
}

/** As stored, black and white being the ends. */
export function rounded(x: Planes, rounding: Rounding): Planes {
  const white = whiteOf(x);
  return { ...x, data: x.data.map((value) => roundSample(value, white, rounding)) };
}
