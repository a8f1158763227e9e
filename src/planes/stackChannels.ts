import { ExpectationError } from './expected.ts';
import { createPlanes, type Planes, shapeOf } from './planes.ts';

/**
 * The channels of several pictures of one size, one after the other; the white is the first one's.
 *
 * @throws ExpectationError where heights or widths differ
 * @example
 * toNested(stackChannels([planes([[1, 2]]), planes([[3, 4]])])) // [[[1, 2]], [[3, 4]]]
 */
export function stackChannels(pictures: readonly [Planes, ...Planes[]]): Planes {
  const [first] = pictures;
  const channels = pictures.reduce((sum, picture) => sum + picture.channels, 0);
  const stacked = createPlanes(channels, first.height, first.width, first.white);
  let at = 0;
  for (const picture of pictures) {
    if (picture.height !== first.height || picture.width !== first.width) {
      throw new ExpectationError(`Expected pictures of ${shapeOf(first)} to stack but received ${shapeOf(picture)}`);
    }
    stacked.data.set(picture.data, at);
    at += picture.data.length;
  }
  return stacked;
}
