import { fitted } from '../../correlate/channels.ts';
import { geometry } from '../../correlate/geometry.ts';
import { type Loans, openLoans } from '../../correlate/loans.ts';
import { planCorrelation } from '../../correlate/plan.ts';
import { stripRows } from '../../correlate/stripRows.ts';
import type { Border } from '../../planes/border.ts';
import { cutRows, type PictureRows } from '../../planes/pictureRows.ts';
import type { Planes } from '../../planes/planes.ts';
import { skimageSmoothing } from '../canny/skimageSmoothing.ts';
import { type RespondOptions, type Responses, respond, smoothing } from '../gradient/responses.ts';
import { strongestChannelResponse, strongerOfEach, strongestResponse } from '../gradient/strongestResponse.ts';
import { zeroCrossings } from '../lines/zeroCrossings.ts';
import type { Settings } from '../settings.ts';
import { readAround } from './readAround.ts';
import { rowsAround } from './rowsAround.ts';
import { transformedResponses } from './transformedResponses.ts';

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
  /** Rows that are computed at a time; as memory allows by default. */
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
  const step = rows ?? stripRows(picture, around, planesUnderWay(picture.channels, settings));
  const beside = settings.thin !== undefined || settings.zeroCrossings ? 1 : 0;
  const transformed = isAllDirect(picture, settings) ? undefined : transformedRows(picture, other, settings);
  for (let from = 0; from < height; from += step) {
    const to = Math.min(height, from + step);
    const [top, bottom] = [Math.max(0, from - beside), Math.min(height, to + beside)];
    const loans = openLoans();
    try {
      const answers = transformed
        ? (sigma: number | undefined) => transformed(top, bottom, sigma, loans)
        : answersOf(picture, other, settings, [top, bottom, around], loans);
      const atScale = (sigma: number | undefined): Responses => joinedOf(answers(sigma), settings);
      visit({ from, to, first: top, responses: strongestResponse(settings.sigmas.map(atScale)) });
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
function isAllDirect(
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

/** @param first the row of the picture that a strip begins with */
function howOf(settings: Settings, first: number, height: number): RespondOptions {
  const { border, precision, magnitude, isCanny, convention, color, thin, orientation, mask } = settings;
  return {
    border,
    precision,
    magnitude,
    directed: thin !== undefined || orientation,
    joined: color === 'di-zenzo',
    smooth:
      isCanny && convention === 'skimage'
        ? skimageSmoothing(mask && cutRows(mask, first, first + height), precision)
        : smoothing(border, precision, convention === 'opencv'),
  };
}

/** What the operator answers to some rows of the picture, and to those of the channel beside it. */
interface Answers {
  readonly own: Responses;
  readonly beside?: Responses | undefined;
  /** Takes the rows that were asked for out of those that were computed. */
  readonly cut: (rows: Planes) => Planes;
}

/** By correlating a strip of so many rows more above and below. */
function answersOf(
  picture: PictureRows,
  other: PictureRows | undefined,
  settings: Settings,
  [top, bottom, around]: readonly [number, number, number],
  loans: Loans,
): (sigma: number | undefined) => Answers {
  const { operator, border } = settings;
  const read = (rows: PictureRows): ReturnType<typeof readAround> =>
    readAround(rows, border, top - around, bottom + around, loans.lend);
  const { strip, start } = read(picture);
  const more = other && read(other).strip;
  const cut = (p: Planes): Planes => cutRows(p, top - start, bottom - start);
  const how = (rule: Border): RespondOptions => howOf({ ...settings, border: rule }, start, strip.height);
  return (sigma) => ({
    own: respond(strip, operator, sigma, how(border), loans),
    ...(more && { beside: respond(more, operator, sigma, besideThem(how(borderBeside(border))), loans) }),
    cut,
  });
}

/** By bands of transforms, which are those of the whole picture. */
function transformedRows(
  picture: PictureRows,
  other: PictureRows | undefined,
  settings: Settings,
): (top: number, bottom: number, sigma: number | undefined, loans: Loans) => Answers {
  const how = howOf(settings, 0, picture.height);
  const rule = borderBeside(settings.border);
  const ofScales = new Map(
    settings.sigmas.map((sigma) => [
      sigma,
      {
        own: transformedResponses(picture, sigma, settings, settings.border, how),
        beside: other && transformedResponses(other, sigma, settings, rule, besideThem(how)),
      },
    ]),
  );
  return (top, bottom, sigma, loans) => {
    const { own, beside } = ofScales.get(sigma) as NonNullable<ReturnType<typeof ofScales.get>>;
    return { own: own(top, bottom, loans), beside: beside?.(top, bottom, loans), cut: (rows) => rows };
  };
}

/** What a constant border stands for is opaque. */
function borderBeside(border: Border): Border {
  return typeof border === 'object' ? 'zero' : border;
}

function besideThem(how: RespondOptions): RespondOptions {
  return { ...how, joined: false, directed: how.directed || how.joined };
}

/** The responses of a strip at one scale: of its channels, or of the strongest of them, and of what is beside them. */
function joinedOf({ own, beside, cut }: Answers, { color, zeroCrossings: asCrossings }: Settings): Responses {
  const marked = ({ strength, across, down }: Responses): Responses => {
    if (asCrossings) return { strength: zeroCrossings(cut(strength)) };
    return across && down
      ? { strength: cut(strength), across: cut(across), down: cut(down) }
      : { strength: cut(strength) };
  };
  const joined = marked(color === 'each' || color === 'di-zenzo' ? own : strongestChannelResponse(own));
  return beside === undefined ? joined : strongerOfEach(joined, marked(beside));
}
