import { expected } from '../../planes/expected.ts';
import { channelOf, type Planes, shapeOf, whiteOf } from '../../planes/planes.ts';
import type { Example } from '../pairs.ts';

/** A picture and its edge map, as detectors are looked for in them. */
export interface MapTarget {
  readonly before: Planes;
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
    before,
    map,
    top: Math.ceil(rows / 2),
    left: Math.ceil(columns / 2),
    stored,
    lossy,
    binary: map.data.every((sample) => sample === 0 || sample === white),
    where,
  };
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
  const [tall, wide] = [after.height / before.height, after.width / before.width];
  const alike = Math.abs(after.height - Math.round(before.height * wide)) <= 1;
  if (!alike) return sizeText(after);
  const percent = Number((100 * Math.sqrt(tall * wide)).toPrecision(3));
  return `${sizeText(after)}, which looks like a map resized to ${percent} %`;
}

function sizeText({ height, width }: Pick<Planes, 'height' | 'width'>): string {
  return `${height}×${width}`;
}
