import { corr2d } from '../../correlate/corr2d.ts';
import { createPlanes, type Planes } from '../../planes/planes.ts';
import { sumsOver, type SumTable, sumTable } from './sumTable.ts';

/** Where an after's content lies in its before. */
export interface Offset {
  /** The after's first row and column show what the before's of these numbers do; below 0 where it begins outside. */
  readonly rows: number;
  readonly columns: number;
  /** Correlation of both pictures' detail where they overlap, at most 1. */
  readonly score: number;
}

/**
 * Below this, what looks alike is chance. Of parts of five photographs under seven filters (Sobel, emboss, 9-sample motion …)
 * 100 in 105 are above it; of parts of other photographs 3 in 40 are, corners that are flat but for one edge.
 */
const LEAST_SCORE = 0.55;

/** Every place is looked at where pictures are reduced to so many samples a side, the after never below half of it. */
const SEARCHED_SIDE = 640;
const LEAST_SIDE = 48;

/** Both must share so much of the after, at every size with at least so many samples. */
const LEAST_OVERLAP = 0.5;
const LEAST_SAMPLES = 1000;

/** Where less detail than this share of a picture's mean is overlapped, chance is taken for likeness. */
const LEAST_DETAIL = 0.05;

/** Places that are looked at more closely, and how far around each. */
const CANDIDATES = 4;
const AROUND = 2;
/** Samples of the searched size between two places that are looked at. */
const APART = 8;

/** As many samples tell a place from its neighbours. */
const ENOUGH_SAMPLES = 400_000;

/**
 * Where in the before the after was taken from, or how far it is shifted: the place at which their detail (the sizes of their
 * gradients, which most filters leave where they are) is most alike, found on reduced pictures and followed to full size.
 * Under a filter that is not its own mirror image it may be a sample off, under a strong blur a few.
 *
 * @param before any channels, any size
 * @param after need be neither of the same channels nor of the same size
 * @returns none where no place is alike, or a picture has no detail
 */
export function findOffset(before: Planes, after: Planes): Offset | undefined {
  const levels = pyramid(meanOfChannels(before), meanOfChannels(after));
  const most = ({ height, width }: Planes): number => Math.max(height, width);
  const whole = levels.findIndex((level) => Math.max(most(level.before), most(level.after)) <= SEARCHED_SIDE);
  const searched = whole === -1 ? levels.length - 1 : whole;
  let places: readonly Place[] = likelyPlaces(levels[searched].before, levels[searched].after);
  for (let level = searched; level >= 0; level--) {
    const grown = level === searched ? 1 : 2;
    places = places.flatMap(({ rows, columns }) =>
      bestAround(levels[level], { rows: rows * grown, columns: columns * grown }),
    );
  }
  const [best] = places
    .map((place) => ({ ...place, score: scoreOf(levels, place) }))
    .toSorted((a, b) => b.score - a.score);
  return best !== undefined && best.score >= LEAST_SCORE ? best : undefined;
}

/** The best likeness at any size: fine detail may have been filtered away. */
function scoreOf(levels: readonly Level[], { rows, columns }: Place): number {
  const scores = levels.map(({ before, after }, level) => {
    const place = { rows: Math.round(rows / 2 ** level), columns: Math.round(columns / 2 ** level) };
    return likeness(before, after, place) ?? 0;
  });
  return Math.max(...scores);
}

function meanOfChannels(p: Planes): Planes {
  const mean = createPlanes(1, p.height, p.width);
  const size = p.height * p.width;
  for (let c = 0; c < p.channels; c++) for (let i = 0; i < size; i++) mean.data[i] += p.data[c * size + i] / p.channels;
  return mean;
}

interface Level {
  readonly before: Planes;
  readonly after: Planes;
}

/** The detail of both at full size, at half, and so on down to {@link LEAST_SIDE}. */
function pyramid(before: Planes, after: Planes): Level[] {
  const levels: Level[] = [];
  let reduced: Level = { before, after };
  for (;;) {
    levels.push({ before: detailOf(reduced.before), after: detailOf(reduced.after) });
    const least = Math.min(before.width, before.height, after.height, after.width) / 2 ** levels.length;
    if (least < LEAST_SIDE) return levels;
    reduced = { before: halve(reduced.before), after: halve(reduced.after) };
  }
}

/** |slope across| + |slope down| by central differences, which lie on the sample itself, less its mean; 0 on the rim. */
function detailOf(p: Planes): Planes {
  const detail = createPlanes(1, p.height, p.width);
  let sum = 0;
  for (let r = 1; r + 1 < p.height; r++) {
    for (let c = 1; c + 1 < p.width; c++) {
      const at = r * p.width + c;
      const size = Math.abs(p.data[at + 1] - p.data[at - 1]) + Math.abs(p.data[at + p.width] - p.data[at - p.width]);
      detail.data[at] = size;
      sum += size;
    }
  }
  const mean = sum / (Math.max(1, p.height - 2) * Math.max(1, p.width - 2));
  for (let r = 1; r + 1 < p.height; r++) {
    for (let c = 1; c + 1 < p.width; c++) detail.data[r * p.width + c] -= mean;
  }
  return detail;
}

function halve(p: Planes): Planes {
  const half = createPlanes(1, p.height >> 1, p.width >> 1);
  for (let r = 0; r < half.height; r++) {
    for (let c = 0; c < half.width; c++) {
      const at = 2 * r * p.width + 2 * c;
      half.data[r * half.width + c] =
        (p.data[at] + p.data[at + 1] + p.data[at + p.width] + p.data[at + p.width + 1]) / 4;
    }
  }
  return half;
}

type Place = Omit<Offset, 'score'>;

/** The places where one correlation of the two is highest, relative to the detail of their overlap and to its size. */
function likelyPlaces(before: Planes, after: Planes): Place[] {
  const { height, width } = after;
  const products = corr2d(
    before,
    { outChannels: 1, inChannels: 1, height, width, weights: after.data, bias: new Float32Array(1) },
    { padding: { top: height - 1, bottom: height - 1, left: width - 1, right: width - 1 }, algorithm: 'fft' },
  );
  const energy = sharedEnergy(before, after);
  const scores = Float64Array.from(products.data, (product, at) => {
    const shared = energy(placeOf(at));
    return shared > 0 ? product / shared : 0;
  });
  function placeOf(at: number): Place {
    return { rows: Math.floor(at / products.width) - height + 1, columns: (at % products.width) - width + 1 };
  }
  const apart: Place[] = [];
  while (apart.length < CANDIDATES) {
    let best = -1;
    for (let at = 0; at < scores.length; at++) {
      if (scores[at] > (scores[best] ?? 0) && apart.every((one) => away(one, placeOf(at)) > APART)) best = at;
    }
    if (best === -1) break;
    apart.push(placeOf(best));
  }
  return apart;
}

function away(a: Place, b: Place): number {
  return Math.max(Math.abs(a.rows - b.rows), Math.abs(a.columns - b.columns));
}

interface Overlap {
  /** Of the overlap, in the before. */
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

/** None where it is too small to tell anything. */
function overlapAt(before: Planes, after: Planes, { rows, columns }: Place): Overlap | undefined {
  const top = Math.max(0, rows);
  const left = Math.max(0, columns);
  const height = Math.min(before.height, rows + after.height) - top;
  const width = Math.min(before.width, columns + after.width) - left;
  if (height <= 0 || width <= 0 || height * width < LEAST_SAMPLES) return undefined;
  if (height * width < LEAST_OVERLAP * after.height * after.width) return undefined;
  return { top, left, height, width };
}

/**
 * For a place: the root of the product of both pictures' Σ detail² in the overlap, larger where the overlap is smaller, as less
 * agrees there by more chance. 0 where it is too small.
 */
function sharedEnergy(before: Planes, after: Planes): (place: Place) => number {
  const [large, part] = [sumTable(before), sumTable(after)];
  const mean = (table: SumTable, { height, width }: Planes): number =>
    sumsOver(table, { top: 0, left: 0, height, width }) / (height * width);
  const [leastLarge, leastPart] = [mean(large, before) * LEAST_DETAIL, mean(part, after) * LEAST_DETAIL];
  return (place) => {
    const overlap = overlapAt(before, after, place);
    if (overlap === undefined) return 0;
    const samples = overlap.height * overlap.width;
    const inAfter = { ...overlap, top: overlap.top - place.rows, left: overlap.left - place.columns };
    const own = Math.max(sumsOver(large, overlap), leastLarge * samples);
    const other = Math.max(sumsOver(part, inAfter), leastPart * samples);
    return Math.sqrt((own * other * after.height * after.width) / samples);
  };
}

function bestAround({ before, after }: Level, { rows, columns }: Place): Place[] {
  let best: Place | undefined;
  let most = Number.NEGATIVE_INFINITY;
  for (let r = rows - AROUND; r <= rows + AROUND; r++) {
    for (let c = columns - AROUND; c <= columns + AROUND; c++) {
      const score = likeness(before, after, { rows: r, columns: c });
      if (score === undefined || score <= most) continue;
      best = { rows: r, columns: c };
      most = score;
    }
  }
  return best === undefined ? [] : [best];
}

/** Pearson's correlation over the overlap, of every so many rows. */
function likeness(before: Planes, after: Planes, place: Place): number | undefined {
  const overlap = overlapAt(before, after, place);
  if (overlap === undefined) return undefined;
  const { top, left, height, width } = overlap;
  const step = Math.max(1, Math.floor((height * width) / ENOUGH_SAMPLES));
  let [count, x, y, xx, xy, yy] = [0, 0, 0, 0, 0, 0];
  for (let r = top; r < top + height; r += step) {
    const own = r * before.width;
    const other = (r - place.rows) * after.width - place.columns;
    for (let c = left; c < left + width; c++) {
      const a = before.data[own + c];
      const b = after.data[other + c];
      x += a;
      y += b;
      xx += a * a;
      xy += a * b;
      yy += b * b;
    }
    count += width;
  }
  const spread = Math.sqrt((xx - (x * x) / count) * (yy - (y * y) / count));
  return spread > 0 ? (xy - (x * y) / count) / spread : undefined;
}
