import { expected } from '../planes/expected.ts';
import { expectInterleaved, type InterleavedPicture } from '../planes/picture.ts';
import { toInterleaved } from '../planes/samples.ts';
import type { DetectSamplesOptions, EdgeSamples } from './detectEdgesOfSamples.ts';
import { type Detection, detectionOf } from './detection.ts';
import { findEdges } from './findEdges.ts';
import { turns } from './gradient/orientation.ts';
import { seenRows } from './seenRows.ts';

/**
 * The directions of a picture's gradients as samples of 16 bits, strip by strip: {@link turns} of the angles that {@link detectEdges}
 * gives. They take 2 bytes a pixel, where angles take 4.
 *
 * @param picture of one channel or three
 * @throws ExpectationError where an option does not fit, or the operator has no directions
 * @example
 * const column = { samples: Uint8Array.of(0, 0, 200), height: 3, width: 1, stride: 1, channels: 1, white: 255 }
 * Array.from(turnsOfSamples(column).map.samples) // [0, 16384, 16384]
 */
export function turnsOfSamples(
  picture: InterleavedPicture,
  { linear = false, ...options }: Pick<DetectSamplesOptions, keyof TurnsOptions> = {},
): EdgeSamples {
  return turnsBy(picture, detectionOf({ ...options, orientation: true }), linear);
}

/** {@link turnsOfSamples} by options that were settled before. */
export function turnsBy(picture: InterleavedPicture, detection: Detection, linear: boolean): EdgeSamples {
  expectInterleaved(picture, 'the picture');
  if (detection.kind !== 'operator') throw expected('an operator of two directions', 'operator', detection.kind);
  const { settings } = detection;
  const { colours, beside, alpha } = seenRows(picture, settings, linear);
  const { height, width } = picture;
  let samples = new Uint16Array();
  let channels = 0;
  const onAngles: NonNullable<Parameters<typeof findEdges>[2]>['onAngles'] = (angles, from) => {
    if (channels === 0) {
      channels = angles.channels;
      samples = new Uint16Array(height * width * channels);
    }
    samples.set(toInterleaved([turns(angles)], 16), from * width * channels);
  };
  const { map } = findEdges(colours, settings, { onAngles, beside });
  if ('eachRows' in map) map.eachRows(() => {});
  return {
    map: { samples, height, width, stride: channels, channels, white: 65_535 },
    ...(alpha && { alpha }),
  };
}

export interface TurnsOptions extends Pick<
  DetectSamplesOptions,
  'operator' | 'linear' | 'convention' | 'aperture' | 'sigma' | 'color' | 'magnitude' | 'border' | 'precision' | 'alpha'
> {}
