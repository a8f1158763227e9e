import { expected } from '../planes/expected.ts';
import { type Picture, pictureFrom } from '../planes/picture.ts';
import type { Planes } from '../planes/planes.ts';
import { toInterleaved } from '../planes/samples.ts';
import type { EdgePicture } from './detectEdges.ts';
import type { Detection } from './detection.ts';
import { turns } from './gradient/orientation.ts';
import { operatorEdges } from './operatorEdges.ts';
import { seenRows } from './seenRows.ts';

/**
 * The directions of a picture's gradients as samples of 16 bits, strip by strip: {@link turns} of the angles that {@link detectEdges}
 * gives. They take 2 bytes a pixel, where angles take 4.
 *
 * @param detection with `orientation`
 * @throws ExpectationError where the operator has no directions
 */
export function turnsOf(x: Planes | Picture, detection: Detection): Pick<EdgePicture, 'map' | 'alpha'> {
  if (detection.kind !== 'operator') throw expected('an operator of two directions', 'operator', detection.kind);
  const { colours, beside, alpha } = seenRows(x, detection.settings);
  const { height, width } = colours;
  let samples = new Uint16Array();
  let channels = 0;
  const onAngles = (angles: Planes, from: number): void => {
    if (channels === 0) {
      channels = angles.channels;
      samples = new Uint16Array(height * width * channels);
    }
    samples.set(toInterleaved([turns(angles)], 16), from * width * channels);
  };
  const { map } = operatorEdges(colours, detection.settings, { onAngles, beside });
  if ('eachRows' in map) map.eachRows(() => {});
  return {
    map: pictureFrom({ samples, height, width, stride: channels, channels, white: 65_535 }),
    ...(alpha && { alpha }),
  };
}
