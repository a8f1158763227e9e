import { whiteOf } from '../../planes/planes.ts';
import type { MapTarget } from './mapTarget.ts';

/** Of white: how far from black or white a coder leaves samples beside lines at the most. */
const AWAY = 1 / 8;

/** The largest share of samples that may be farther away. */
const MOST_AWAY = 0.005;

/**
 * Maps of black and white as they were before a coder (JPEG or the like) made greys of them: above half of white is white. Nothing where a
 * map holds more greys than a coder leaves.
 */
export function blackAndWhiteAgain(targets: readonly MapTarget[]): MapTarget[] | undefined {
  if (!targets.every(isNearlyBinary)) return undefined;
  return targets.map((target) => {
    const { map } = target;
    const white = whiteOf(map);
    const data = map.data.map((sample) => (2 * sample > white ? white : 0));
    return { ...target, map: { ...map, data }, binary: true };
  });
}

function isNearlyBinary({ map, stored }: MapTarget): boolean {
  const white = whiteOf(map);
  const { data } = map;
  let [away, bright] = [0, 0];
  for (let i = 0; i < data.length; i++) {
    if (2 * data[i] > white) bright++;
    if (data[i] > AWAY * white && data[i] < (1 - AWAY) * white) away++;
  }
  return stored && away <= MOST_AWAY * data.length && bright > 0 && bright < data.length;
}
