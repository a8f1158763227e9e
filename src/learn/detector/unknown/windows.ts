import { seededRandom } from '../../../layers/random.ts';
import { type Planes, whiteOf } from '../../../planes/planes.ts';
import type { MapTarget } from '../mapTarget.ts';

/** Windows of pictures, and the samples of their maps. */
export interface Windows {
  readonly count: number;
  /** Rows and columns of a window, odd; its middle lies under the map's sample. */
  readonly side: number;
  /** Channels that a window holds. */
  readonly channels: number;
  /** Count × channels × side × side, in the picture's samples. */
  readonly samples: Float64Array;
  /** In the map's samples. */
  readonly answers: Float64Array;
}

/** Kinds of strength that take turns, so that few strong edges are not lost among many faint ones. */
const BINS = 24;

/**
 * Windows that lie wholly in the pictures, drawn evenly among strengths of edges; without those whose samples are 0 or white in a stored
 * map, which are bounds.
 *
 * @param each whether every channel of a picture is one of its own, with its own map
 * @param inverted whether maps are turned about
 */
export function drawWindows(
  targets: readonly MapTarget[],
  side: number,
  most: number,
  { each, inverted, seed }: { readonly each: boolean; readonly inverted: boolean; readonly seed: number },
): Windows {
  const places = placesOf(targets, side, each);
  const random = seededRandom(seed);
  const bins = Array.from({ length: BINS }, (): number[] => []);
  const answerOf = (place: number): number => {
    const { target, at } = places.of(place);
    const sample = target.map.data[at];
    return inverted ? whiteOf(target.map) - sample : sample;
  };
  // Enough to choose from, wherever they lie.
  const tries = Math.min(places.count, 12 * most);
  const all = tries === places.count;
  for (let i = 0; i < tries; i++) {
    const place = all ? i : Math.floor(random.uniform(0, places.count));
    const { target } = places.of(place);
    const answer = answerOf(place);
    const white = whiteOf(target.map);
    if (target.stored && (answer <= 0 || answer >= white)) continue;
    bins[Math.min(BINS - 1, Math.floor(BINS * Math.sqrt(Math.abs(answer) / white)))].push(place);
  }
  const drawn = new Set<number>();
  const left = bins.filter((bin) => bin.length > 0);
  while (left.length > 0 && drawn.size < most) {
    for (let b = left.length - 1; b >= 0 && drawn.size < most; b--) {
      const bin = left[b];
      const i = Math.floor(random.uniform(0, bin.length));
      drawn.add(bin[i]);
      bin[i] = bin[bin.length - 1];
      bin.pop();
      if (bin.length === 0) left.splice(b, 1);
    }
  }
  const chosen = [...drawn].sort((a, b) => a - b);
  const channels = each ? 1 : targets[0].before.channels;
  const size = channels * side * side;
  const samples = new Float64Array(chosen.length * size);
  const answers = new Float64Array(chosen.length);
  chosen.forEach((place, i) => {
    const { target, row, column, channel } = places.of(place);
    answers[i] = answerOf(place);
    fillWindow(target.before, row, column, side, each ? channel : 0, channels, samples, i * size);
  });
  return { count: chosen.length, side, channels, samples, answers };
}

interface Place {
  readonly target: MapTarget;
  readonly channel: number;
  /** Of the window's first sample in the picture. */
  readonly row: number;
  readonly column: number;
  /** Of the sample in the map's data. */
  readonly at: number;
}

function placesOf(
  targets: readonly MapTarget[],
  side: number,
  each: boolean,
): { count: number; of(place: number): Place } {
  const reach = (side - 1) / 2;
  const parts = targets.flatMap((target) => {
    const { before, map, top, left } = target;
    const first = Math.max(0, reach - top);
    const firstColumn = Math.max(0, reach - left);
    const rows = Math.min(map.height, before.height - reach - top) - first;
    const columns = Math.min(map.width, before.width - reach - left) - firstColumn;
    if (rows < 1 || columns < 1) return [];
    return Array.from({ length: each ? map.channels : 1 }, (_, channel) => ({
      target,
      channel,
      first,
      firstColumn,
      rows,
      columns,
    }));
  });
  const count = parts.reduce((sum, { rows, columns }) => sum + rows * columns, 0);
  return {
    count,
    of(place) {
      let rest = place;
      for (const { target, channel, first, firstColumn, rows, columns } of parts) {
        if (rest >= rows * columns) {
          rest -= rows * columns;
          continue;
        }
        const y = first + Math.floor(rest / columns);
        const x = firstColumn + (rest % columns);
        const { map, top, left } = target;
        return {
          target,
          channel,
          row: y + top - reach,
          column: x + left - reach,
          at: (channel * map.height + y) * map.width + x,
        };
      }
      throw new RangeError(`There is no place ${place} among ${count}`);
    },
  };
}

function fillWindow(
  { data, height, width }: Planes,
  row: number,
  column: number,
  side: number,
  channel: number,
  channels: number,
  into: Float64Array,
  at: number,
): void {
  let to = at;
  for (let c = channel; c < channel + channels; c++) {
    for (let r = 0; r < side; r++) {
      const from = (c * height + row + r) * width + column;
      for (let q = 0; q < side; q++) into[to++] = data[from + q];
    }
  }
}

/** The windows of a mixture of their channels. */
export function mixWindows(windows: Windows, weights: readonly number[]): Windows {
  const { count, side, channels } = windows;
  const size = side * side;
  const samples = new Float64Array(count * size);
  for (let i = 0; i < count; i++) {
    for (let c = 0; c < channels; c++) {
      const from = (i * channels + c) * size;
      for (let j = 0; j < size; j++) samples[i * size + j] += weights[c] * windows.samples[from + j];
    }
  }
  return { ...windows, channels: 1, samples };
}
