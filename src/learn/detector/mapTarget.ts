import { expected } from '../../planes/expected.ts';
import { channelOf, type Planes, shapeOf, whiteOf } from '../../planes/planes.ts';
import type { Example } from '../pairs.ts';

/** A picture and its edge map, as detectors are looked for in them. */
export interface MapTarget {
  /** In the map's samples: where the picture has another white, multiplied to the map's. */
  readonly before: Planes;
  /** As it is stored. */
  readonly picture: Planes;
  /** One channel, or as many as the before has where each has a map of its own. */
  readonly map: Planes;
  /** Where the map's first sample stands in the before: [0, 0] unless it is smaller. */
  readonly top: number;
  readonly left: number;
  /** Whether samples are whole numbers that were rounded. */
  readonly stored: boolean;
  readonly lossy: boolean;
  /** Whether every sample is 0 or white. */
  readonly binary: boolean;
  readonly where: string;
}

/** A window leaves less than this of each side: a smaller map is something else. */
const WIDEST_RIM = 62;

/**
 * @throws ExpectationError for a map that is flat, or of a size or of channels that no detector gives
 */
export function mapTarget({ before, after, stored, lossy, where }: Example): MapTarget {
  const rows = before.height - after.height;
  const columns = before.width - after.width;
  const isInner = rows >= 0 && columns >= 0 && rows <= WIDEST_RIM && columns <= WIDEST_RIM;
  if (!isInner)
    throw expected(
      `a map of ${sizeText(before)}, as its picture, or smaller by a window's sides less 1,`,
      where,
      sizeFault(before, after),
    );
  if (before.channels !== 1 && before.channels !== 3) {
    throw expected('a picture of one channel or three', `${where}.before`, shapeOf(before));
  }
  const map = oneChannel(after);
  if (map.channels !== 1 && map.channels !== before.channels) {
    throw expected(`a map of one channel, or of ${before.channels} as its picture,`, where, shapeOf(after));
  }
  const [first] = map.data;
  if (map.data.every((sample) => sample === first)) {
    throw expected('a map in which something is to be seen', where, `one whose samples are all ${first}`);
  }
  const white = whiteOf(map);
  return {
    before: inUnitsOf(white, before),
    picture: before,
    map,
    top: Math.ceil(rows / 2),
    left: Math.ceil(columns / 2),
    stored,
    lossy,
    binary: map.data.every((sample) => sample === 0 || sample === white),
    where,
  };
}

/** Whether a map holds numbers, or samples of another depth than its picture's: answers that were not rounded to the picture's samples. */
export function isUnrounded({ picture, map, stored }: MapTarget): boolean {
  return !stored || whiteOf(picture) !== whiteOf(map);
}

/** Detectors answer in proportion: what is found of a picture in other units is true of the picture. */
function inUnitsOf(white: number, before: Planes): Planes {
  const own = whiteOf(before);
  if (own === white) return before;
  return { ...before, white, data: before.data.map((sample) => (sample * white) / own) };
}

/** A grey map that was stored in three equal channels. */
function oneChannel(after: Planes): Planes {
  if (after.channels !== 3) return after;
  const [red, green, blue] = [0, 1, 2].map((c) => channelOf(after, c));
  const { data } = red;
  for (let i = 0; i < data.length; i++) if (data[i] !== green.data[i] || data[i] !== blue.data[i]) return after;
  return red;
}

/** What became of the size: told apart from a valid response where the picture looks as if it was resized. */
function sizeFault(before: Planes, after: Planes): string {
  const scale = scaleOfMap(before, after);
  if (scale === undefined) return sizeText(after);
  return `${sizeText(after)}, which looks like a map resized to ${Number((100 * scale).toPrecision(3))} %`;
}

/** What a map of another size looks resized by: its sides are in the picture's proportion, and differ by more than a window's. */
export function scaleOfMap(before: Planes, after: Planes): number | undefined {
  const [tall, wide] = [after.height / before.height, after.width / before.width];
  if (
    Math.abs(before.height - after.height) <= WIDEST_RIM &&
    Math.abs(before.width - after.width) <= WIDEST_RIM &&
    tall <= 1 &&
    wide <= 1
  )
    return undefined;
  return Math.abs(after.height - Math.round(before.height * wide)) <= 1 ? Math.sqrt(tall * wide) : undefined;
}

function sizeText({ height, width }: Pick<Planes, 'height' | 'width'>): string {
  return `${height}×${width}`;
}
