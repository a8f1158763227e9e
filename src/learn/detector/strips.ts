import { cutPlanes } from '../../planes/cut.ts';
import type { Planes } from '../../planes/planes.ts';
import type { MapTarget } from './mapTarget.ts';

/** A part of a picture, and the samples of its map in one row of it. */
export interface Strip {
  readonly before: Planes;
  /** The same in the picture's own units, where the map has others. */
  readonly picture: Planes;
  /** Of the strip's rows the one whose samples are compared. */
  readonly row: number;
  /** The first of the strip's columns that are compared. */
  readonly column: number;
  /** Of each of the map's channels. */
  readonly samples: readonly Float32Array[];
}

/** What every smoothing and kernel that is known by a name reaches at most. */
const REACH = 16;
const WIDEST = 480;

/**
 * Rows of the map in which most is to be seen, each with the picture around it, so that a few hundred samples tell most detectors apart;
 * fewer, or none, of a picture that is hardly larger than windows.
 */
export function stripsOf(target: MapTarget, most: number): Strip[] {
  const { before, map, top, left } = target;
  const reach = Math.min(REACH, Math.floor((Math.min(before.height, before.width) - 1) / 4));
  const first = Math.max(reach - top, 0);
  const last = Math.min(before.height - reach - top, map.height) - 1;
  const firstColumn = Math.max(reach - left, 0);
  const columns = Math.min(before.width - reach - left, map.width) - firstColumn;
  if (last < first || columns < 1) return [];
  const rows = Array.from(
    { length: Math.min(64, last - first + 1) },
    (_, i) => first + Math.floor((i * (last - first + 1)) / Math.min(64, last - first + 1)),
  );
  const lively = rows
    .map((row) => ({ row, spread: spreadOf(map, row, firstColumn, columns) }))
    .sort((a, b) => b.spread - a.spread)
    .slice(0, most);
  const count = Math.min(WIDEST, columns);
  return lively.map(({ row }) => {
    const from = firstColumn + liveliest(map, row, firstColumn, columns, count);
    const y = row + top;
    const x = from + left;
    const cut = (p: Planes): Planes => cutPlanes(p, y - reach, x - reach, 2 * reach + 1, count + 2 * reach);
    const strip = cut(before);
    const samples = Array.from({ length: map.channels }, (_, c) => {
      const start = (c * map.height + row) * map.width + from;
      return map.data.slice(start, start + count);
    });
    const own = target.picture === before ? strip : cut(target.picture);
    return { before: strip, picture: own, row: reach, column: reach, samples };
  });
}

/**
 * So many of a strip's columns, and the picture around them: what tells most detectors apart from it at a fraction of its cost. Those of
 * which most samples lie between 0 and white; nothing where fewer than half of any do, as these bound no factor.
 */
export function narrowed(strip: Strip, columns: number, white: number): Strip | undefined {
  const { samples } = strip;
  const { length } = samples[0];
  let [best, most] = [0, 0];
  for (let start = 0; start + columns <= length; start += columns >> 1) {
    const between = samples.map((own) =>
      own.subarray(start, start + columns).reduce((count, one) => count + Number(one > 0 && one < white), 0),
    );
    const least = Math.min(...between);
    if (least > most) [best, most] = [start, least];
  }
  return 2 * most < columns ? undefined : part(strip, best, columns);
}

/** So many of a strip's columns, those in which the map turns from black to bright or back most often; nothing of a strip of no more. */
export function partOfLines(strip: Strip, columns: number): Strip | undefined {
  const [samples] = strip.samples;
  let [best, most] = [0, -1];
  for (let start = 0; start + columns < samples.length; start += columns >> 1) {
    let turns = 0;
    for (let j = start + 1; j < start + columns; j++) if (samples[j] > 0 !== samples[j - 1] > 0) turns++;
    if (turns > most) [best, most] = [start, turns];
  }
  return most < 0 ? undefined : part(strip, best, columns);
}

function part({ before, picture, row, column, samples }: Strip, from: number, columns: number): Strip {
  const cut = (p: Planes): Planes => cutPlanes(p, 0, from, p.height, columns + 2 * column);
  const strip = cut(before);
  return {
    before: strip,
    picture: picture === before ? strip : cut(picture),
    row,
    column,
    samples: samples.map((own) => own.subarray(from, from + columns)),
  };
}

/** Levels that differ from their neighbours tell something, most where they are neither 0 nor white. */
function spreadOf({ data, width, white = 1 }: Planes, row: number, from: number, count: number): number {
  let spread = 0;
  for (let j = from + 1; j < from + count; j++) {
    const sample = data[row * width + j];
    const step = Math.abs(sample - data[row * width + j - 1]);
    spread += sample > 0 && sample < white ? Math.min(step, white / 16) : Math.min(step, white / 64);
  }
  return spread;
}

function liveliest(map: Planes, row: number, from: number, columns: number, count: number): number {
  let best = 0;
  let most = -1;
  for (let start = 0; start + count <= columns; start += Math.max(1, count >> 1)) {
    const spread = spreadOf(map, row, from + start, count);
    if (spread > most) {
      most = spread;
      best = start;
    }
  }
  return best;
}
