import { whiteOf } from '../../planes/planes.ts';
import type { MapTarget } from './mapTarget.ts';

/** More samples tell no more. */
const ENOUGH = 2 ** 18;

/**
 * Whether edges are dark in a map: whether its samples fall where neighbours in the picture differ more. How bright most of a map is
 * tells nothing, as strong responses are white almost everywhere.
 */
export function isInverted({ before, map, top, left }: MapTarget): boolean {
  const white = whiteOf(before);
  const step = Math.max(1, Math.floor(Math.sqrt((map.width * map.height) / ENOUGH)));
  let [contrasts, samples, products, count] = [0, 0, 0, 0];
  for (let c = 0; c < map.channels; c++) {
    for (let row = step; row < map.height - 1; row += step) {
      for (let column = step; column < map.width - 1; column += step) {
        let contrast = 0;
        for (let own = map.channels === 1 ? 0 : c; own < before.channels; own += map.channels) {
          const at = (own * before.height + row + top) * before.width + column + left;
          contrast += Math.abs(before.data[at + 1] - before.data[at - 1]);
          contrast += Math.abs(before.data[at + before.width] - before.data[at - before.width]);
        }
        contrast /= white;
        const sample = map.data[(c * map.height + row) * map.width + column];
        contrasts += contrast;
        samples += sample;
        products += contrast * sample;
        count++;
      }
    }
  }
  return products * count < contrasts * samples;
}
