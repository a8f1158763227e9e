import type { Filtering } from '../../correlate/filtering.ts';
import { filtered, filteredSamples } from '../../correlate/filterPicture.ts';
import { mapResponse, type ResponseMap } from '../../correlate/response.ts';
import { EDGE_MAP, edgePictureOf, edgesOf } from '../../edges/detectEdges.ts';
import type { Detection } from '../../edges/detection.ts';
import type { Edges } from '../../edges/options.ts';
import { turnsOf } from '../../edges/turnsOf.ts';
import { applyModel, expectModelFitsPicture } from '../../layers/applyModel.ts';
import { type Modelling, modelledSamples } from '../../layers/modelledSamples.ts';
import { hasAlpha, isLinear, type Picture } from '../../planes/picture.ts';
import type { Planes } from '../../planes/planes.ts';
import type { Rounding } from '../../planes/samples.ts';
import { encodeSrgb } from '../../planes/srgb.ts';

/**
 * What is to be made of every picture. It is plain data that another thread can be given, but for layers, and for what is made by a
 * function.
 */
export type PictureWork =
  | (Mapped & { readonly kind: 'edges'; readonly detection: Detection; readonly carriesAlpha: boolean })
  | { readonly kind: 'directions'; readonly detection: Detection }
  | (Filtered & { readonly kind: 'filter'; readonly filtering: Filtering })
  | (Filtered & { readonly kind: 'layers'; readonly modelling: Modelling })
  | { readonly kind: 'other'; readonly make: (picture: Picture, output: WorkOutput) => Worked | Promise<Worked> };

interface Mapped {
  /** How responses become samples; by default, they stay as they are in floats, and else become what suits the work. */
  readonly map: ResponseMap | undefined;
}

interface Filtered extends Mapped {
  /** Of whole numbers: floats are not rounded. */
  readonly rounding: Rounding;
  /** What becomes of the result before it is mapped: a part of it, moved or not. */
  readonly place?: ((picture: Picture) => Picture) | undefined;
}

/** What is written. */
export interface WorkOutput {
  /** Of stored samples. */
  readonly depth: 8 | 16;
  /** Whether floats are written: then a response stays as it is, sign and all, unless a map is asked for. */
  readonly isRaw: boolean;
  readonly holdsAlpha: boolean;
}

export interface Worked {
  /** Holds its samples where they are as they are to be stored. */
  readonly picture: Planes | Picture;
  /** How numbers become samples. */
  readonly rounding?: Rounding;
  /** What was found out, for the report. */
  readonly facts: Readonly<Record<string, unknown>>;
}

/** Does the work. The picture's samples may be lost: the result takes their memory where it fits. */
export function doWork(picture: Picture, work: PictureWork, output: WorkOutput): Worked | Promise<Worked> {
  switch (work.kind) {
    case 'edges':
      return edges(picture, work, output);
    case 'directions':
      return directions(picture, work.detection, output);
    case 'filter':
    case 'layers':
      return filteredPicture(picture, work, output);
    case 'other':
      return work.make(picture, output);
  }
}

/** Whether samples become samples, by nothing but plain data: such work may be done anywhere. */
export function isForAnyThread(picture: Picture, work: PictureWork, output: WorkOutput): boolean {
  if (picture.stored === undefined || output.isRaw) return false;
  if (work.kind === 'edges') return work.detection.kind !== 'model' && !inSteps(picture, work, output);
  return work.kind === 'directions' || (work.kind === 'filter' && !inSteps(picture, work, output));
}

/** Whether numbers are made first, and samples of them where they are written. */
function inSteps(
  picture: Picture,
  work: Extract<PictureWork, { kind: 'edges' | 'filter' | 'layers' }>,
  { isRaw, holdsAlpha }: WorkOutput,
): boolean {
  if (work.kind === 'edges') return isRaw || (work.carriesAlpha && hasAlpha(picture));
  return isRaw || work.place !== undefined || (!holdsAlpha && hasAlpha(picture));
}

function edges(picture: Picture, work: Extract<PictureWork, { kind: 'edges' }>, output: WorkOutput): Worked {
  const { detection, carriesAlpha } = work;
  const response = work.map ?? (output.isRaw ? undefined : EDGE_MAP);
  const facts = { map: response ?? 'none' };
  if (!inSteps(picture, work, output)) {
    const store = { map: response ?? EDGE_MAP, depth: output.depth, inPlace: true };
    const { map, ...found } = edgePictureOf(picture, detection, store);
    return { picture: map, facts: { ...facts, ...factsOf(found) } };
  }
  const { map, ...found } = edgesOf(picture, detection);
  const shown = response === undefined ? map : mapResponse(map, response);
  return {
    picture: pictureOfMap(shown, carriesAlpha ? picture : { depth: picture.depth }),
    facts: { ...facts, ...factsOf(found) },
  };
}

/** What was found out on the way. */
export function factsOf({
  thresholds,
  notes,
  alpha,
}: Pick<Edges, 'thresholds' | 'notes' | 'alpha'>): Record<string, unknown> {
  return { ...(thresholds ? { thresholds } : {}), ...(alpha ? { alpha } : {}), ...(notes ? { notes } : {}) };
}

/** A map of edges as a picture. */
export function pictureOfMap(map: Planes, { alpha, depth }: Pick<Picture, 'alpha' | 'depth'>): Picture {
  return { planes: map, depth, lossy: false, metadata: {}, ...(alpha === undefined ? {} : { alpha }) };
}

/** How directions of 16 bits are told. */
const TURNS = '65536 for a turn';

function directions(picture: Picture, detection: Detection, { isRaw }: WorkOutput): Worked {
  if (!isRaw) {
    const { map, alpha } = turnsOf(picture, detection);
    return { picture: map, facts: { orientation: TURNS, ...factsOf({ ...(alpha && { alpha }) }) } };
  }
  const { orientation, alpha } = edgesOf(picture, detection);
  return { picture: orientation as Planes, facts: { orientation: 'radians', alpha } };
}

function filteredPicture(
  picture: Picture,
  work: Extract<PictureWork, { kind: 'filter' | 'layers' }>,
  output: WorkOutput,
): Worked {
  const { rounding, place = (whole: Picture) => whole } = work;
  const { isRaw, depth } = output;
  const response = work.map ?? (isRaw ? undefined : 'clamp');
  const facts = { map: response ?? 'none' };
  if (!inSteps(picture, work, output)) {
    const store = { map: response ?? 'clamp', rounding, depth };
    const made =
      work.kind === 'filter'
        ? filteredSamples(picture, work.filtering, { ...store, inPlace: true })
        : modelledSamples(picture, work.modelling, store);
    return { picture: made, facts };
  }
  const whole = work.kind === 'filter' ? filtered(picture, work.filtering) : modelled(picture, work.modelling);
  const placed = place(whole);
  const planes = isLinear(picture) ? encodeSrgb(placed.planes) : placed.planes;
  return {
    picture: { ...placed, planes: response === undefined ? planes : mapResponse(planes, response) },
    ...(isRaw ? {} : { rounding }),
    facts,
  };
}

function modelled(picture: Picture, { model, border, fit }: Modelling): Picture {
  expectModelFitsPicture(model, picture.planes, fit);
  return { ...picture, planes: applyModel(model, picture.planes, border, { limitBytes: fit.limitBytes }) };
}
