import { expected } from '../../planes/expected.ts';
import type { Picture } from '../../planes/picture.ts';
import { shapeOf, whiteOf } from '../../planes/planes.ts';
import type { Filtering } from '../filtering.ts';
import { filtered } from '../filterPicture.ts';

/**
 * A kernel applied where it changes a sample by more than a threshold; other samples stay as they are. So programs leave noise
 * alone when they sharpen.
 *
 * @param filtering whose results stand where samples do
 * @param threshold in units of white
 * @throws ExpectationError where results are of another size or other channels
 */
export function filterBeyond(picture: Picture, filtering: Filtering, threshold: number): Picture {
  const { planes } = picture;
  const made = filtered(picture, filtering);
  if (shapeOf(made.planes) !== shapeOf(planes)) {
    throw expected(`results of ${shapeOf(planes)}, where samples stand,`, 'a threshold', shapeOf(made.planes));
  }
  const most = threshold * whiteOf(planes);
  const data = made.planes.data.map((value, i) => (Math.abs(value - planes.data[i]) > most ? value : planes.data[i]));
  return { ...made, planes: { ...made.planes, data } };
}
