import { fitted } from '../../correlate/channels.ts';
import { geometry } from '../../correlate/geometry.ts';
import { type Loans, openLoans } from '../../correlate/loans.ts';
import { planCorrelation } from '../../correlate/plan.ts';
import { stripRows } from '../../correlate/stripRows.ts';
import type { Border } from '../../planes/border.ts';
import { cutRows, type Lend, type PictureRows } from '../../planes/pictureRows.ts';
import type { Planes } from '../../planes/planes.ts';
import { skimageSmoothing } from '../canny/skimageSmoothing.ts';
import { type RespondOptions, type Responses, respond, smoothing } from '../gradient/responses.ts';
import { strongestChannel, strongestOfEach, strongestResponses } from '../gradient/strongestResponses.ts';
import { zeroCrossings } from '../lines/zeroCrossings.ts';
import type { Settings } from '../settings.ts';
import { rowsAround } from './rowsAround.ts';

/** Responses of some rows of a picture, and of the row above and the row below where thin lines need them. */
export interface ResponseStrip {
  /** Rows of the picture, the last one excluded. */
  readonly from: number;
  readonly to: number;
  /** The row of the picture that the responses begin with. */
  readonly first: number;
  /** Until the next strip. */
  readonly responses: Responses;
}

export interface StripOptions {
  /** Rows that are computed at a time; as memory allows where left out. */
  readonly rows?: number | undefined;
  /** One channel more, whose edges count where they are stronger. */
  readonly beside?: PictureRows | undefined;
}

/** Calls with the responses of a picture, from the first rows to the last. */
export type EachStrip = (visit: (strip: ResponseStrip) => void) => void;

/**
 * The responses of a picture, strip by strip, from the first row to the last. Each strip is computed as a picture of its own, with
 * so many rows more above and below that its own rows are those of the whole picture's responses, to the last bit.
 *
 * @param picture what the operator sees: brightness alone, or channels
 */
export function eachStrip(
  picture: PictureRows,
  settings: Settings,
  visit: (strip: ResponseStrip) => void,
  { rows, beside: other }: StripOptions = {},
): void {
  const { height } = picture;
  const around = rowsAround(settings);
  // Transforms of a strip are not those of the whole.
  const isDirect = isAllDirect(picture, settings);
  const step = isDirect ? (rows ?? stripRows(picture, around, planesUnderWay(picture.channels, settings))) : height;
  const beside = settings.thin !== undefined || settings.zeroCrossings ? 1 : 0;
  for (let from = 0; from < height; from += step) {
    const to = Math.min(height, from + step);
    const [top, bottom] = [Math.max(0, from - beside), Math.min(height, to + beside)];
    const loans = openLoans();
    try {
      const { strip, start } = readAround(picture, settings.border, top - around, bottom + around, loans.lend);
      const { strip: more } = other
        ? readAround(other, settings.border, top - around, bottom + around, loans.lend)
        : {};
      const how = (border: Border): RespondOptions => howOf({ ...settings, border }, start, strip.height, isDirect);
      const atScale = (sigma: number | undefined): Responses =>
        responsesAt(strip, more, sigma, settings, how, [top - start, bottom - start], loans);
      visit({ from, to, first: top, responses: strongestResponses(settings.sigmas.map(atScale)) });
    } finally {
      loans.end();
    }
  }
}

/** Float32 planes under way at once, at most. */
export function planesUnderWay(channels: number, { sigmas, color }: Pick<Settings, 'sigmas' | 'color'>): number {
  const joined = color === 'each' || channels === 1 ? 0 : 3;
  return (sigmas.length > 1 ? 9 : 6) * channels + joined;
}

/** Whether all kernels are correlated directly, so that rows by themselves are as those of the whole picture. */
export function isAllDirect(
  picture: Pick<PictureRows, 'channels' | 'height' | 'width'>,
  { operator, precision }: Pick<Settings, 'operator' | 'precision'>,
): boolean {
  if (operator.kind !== 'kernels') return true;
  return operator.kernels.every((kernel) => {
    const k = fitted(kernel, picture.channels);
    const at = geometry(picture, k, { padding: operator.padding });
    return planCorrelation(picture, k, { geometry: at, precision, algorithm: 'auto' }).algorithm === 'direct';
  });
}

/** Rows of a picture, as far as there are such; where the border repeats the picture, those that it goes on with, too. */
function readAround(
  picture: PictureRows,
  border: Border,
  from: number,
  to: number,
  lend: Lend,
): { strip: Planes; start: number } {
  const { channels, height, width, white } = picture;
  const isWhole = to - from >= height;
  const [first, last] = isWhole ? [0, height] : [Math.max(0, from), Math.min(height, to)];
  if (border !== 'wrap' || isWhole || (first === from && last === to)) {
    return { strip: picture.read(first, last, lend), start: first };
  }
  const strip = lend(channels, to - from, width, white);
  for (let row = from; row < to;) {
    const source = (row + height) % height;
    const count = Math.min(to - row, height - source);
    const part = picture.read(source, source + count, lend);
    for (let c = 0; c < channels; c++) {
      const rows = part.data.subarray(c * count * width, (c + 1) * count * width);
      strip.data.set(rows, (c * strip.height + row - from) * width);
    }
    row += count;
  }
  return { strip, start: from };
}

/** @param first the row of the picture that a strip begins with */
function howOf(settings: Settings, first: number, height: number, isDirect: boolean): RespondOptions {
  const { border, precision, magnitude, isCanny, convention, color, thin, orientation, mask } = settings;
  return {
    border,
    precision,
    magnitude,
    directed: thin !== undefined || orientation,
    algorithm: isDirect ? 'direct' : 'auto',
    joined: color === 'di-zenzo',
    smooth:
      isCanny && convention === 'skimage'
        ? skimageSmoothing(mask && cutRows(mask, first, first + height), precision)
        : smoothing(border, precision, convention === 'opencv'),
  };
}

/** The responses of a strip at one scale, of its rows `from` … `to`. */
function responsesAt(
  x: Planes,
  beside: Planes | undefined,
  sigma: number | undefined,
  { operator, color, border, zeroCrossings: asCrossings }: Settings,
  how: (border: Border) => RespondOptions,
  [from, to]: readonly [number, number],
  loans: Loans,
): Responses {
  const cut = (p: Planes): Planes => cutRows(p, from, to);
  const marked = ({ size, across, down }: Responses): Responses => {
    if (asCrossings) return { size: zeroCrossings(cut(size)) };
    return across && down ? { size: cut(size), across: cut(across), down: cut(down) } : { size: cut(size) };
  };
  const found = respond(x, operator, sigma, how(border), loans);
  const joined = marked(color === 'each' || color === 'di-zenzo' ? found : strongestChannel(found));
  if (beside === undefined) return joined;
  // What a constant border stands for is opaque.
  const outside = how(typeof border === 'object' ? 'zero' : border);
  const directed = outside.directed || outside.joined;
  return strongestOfEach(
    joined,
    marked(respond(beside, operator, sigma, { ...outside, joined: false, directed }, loans)),
  );
}
