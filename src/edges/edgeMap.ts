import {
  expectStored,
  type ResponseRows,
  storeResponse,
  storeRows,
  type StoreOptions,
} from '../correlate/pass/storeResponse.ts';
import type { InterleavedPicture } from '../planes/picture.ts';
import { placeRows } from '../planes/pictureRows.ts';
import { createPlanes, type Planes, planes, whiteOf } from '../planes/planes.ts';
import { whiteOfDepth } from '../planes/samples.ts';
import type { Edges } from './options.ts';

/** What is found in a picture, before it is known whether numbers or stored samples are wanted. */
export interface FoundEdges extends Omit<Edges, 'map' | 'orientation'> {
  readonly map: EdgeMap;
  /** Angles where they were asked for, once the map was gone through. */
  readonly angles?: () => Planes | undefined;
}

/** Edges in black and white (255 and 0, for each channel), responses that are computed as often as they are gone through, or planes. */
export type EdgeMap = { readonly marked: readonly Uint8Array[] } | ResponseRows | Planes;

type Shape = Omit<Planes, 'data'>;

/** A map as numbers. */
export function planesOfMap(map: EdgeMap, picture: Shape): Planes {
  if ('data' in map) return map;
  if ('marked' in map) return planesOfMarks(map.marked, picture);
  const { channels, height, width, white, eachRows } = map;
  const made = createPlanes(channels, height, width, white);
  eachRows((rows, from) => placeRows(rows, from, made));
  return made;
}

function planesOfMarks(channels: readonly Uint8Array[], picture: Shape): Planes {
  const map = createPlanes(channels.length, picture.height, picture.width, picture.white);
  const white = whiteOf(picture);
  const size = picture.height * picture.width;
  channels.forEach((samples, c) => {
    const plane = map.data.subarray(c * size, (c + 1) * size);
    for (let i = 0; i < size; i++) if (samples[i] !== 0) plane[i] = white;
  });
  return map;
}

/** A map as stored samples. */
export function samplesOfMap(map: EdgeMap, picture: Shape, store: Required<StoreOptions>): InterleavedPicture {
  if ('data' in map) return storeResponse(map, undefined, store);
  return 'marked' in map ? samplesOfMarks(map.marked, picture, store) : storeRows(map, store);
}

/** Black and white as responses are stored: what the map makes of 0 and white. */
function samplesOfMarks(
  channels: readonly Uint8Array[],
  { height, width, white = 1 }: Shape,
  { map, rounding, depth }: Required<StoreOptions>,
): InterleavedPicture {
  const stride = channels.length;
  expectStored({ channels: stride, height, width });
  const levels = [0, white].filter((_, i) => map !== 'minmax' || channels.some((plane) => plane.includes(255 * i)));
  const stored = storeResponse(planes([levels], white), undefined, { map, rounding, depth }).samples;
  const [black = 0] = stored;
  const bright = stored[stored.length - 1];
  const shape = { height, width, stride, channels: stride, white: whiteOfDepth(depth) };
  if (stride === 1 && depth === 8 && black === 0 && bright === 255) return { ...shape, samples: channels[0] };
  const size = height * width * stride;
  const samples = depth === 8 ? new Uint8Array(size) : new Uint16Array(size);
  channels.forEach((plane, c) => {
    for (let i = 0, at = c; i < plane.length; i++, at += stride) samples[at] = plane[i] === 0 ? black : bright;
  });
  return { ...shape, samples };
}
