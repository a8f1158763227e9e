import { eachContourRows } from '../contours/findContours.ts';
import type { InPlaceOption } from '../correlate/pass/pass.ts';
import { type ResponseRows, STORE_OPTIONS, type StoreOptions, storing } from '../correlate/pass/storeResponse.ts';
import { mapResponse, type ResponseMap } from '../correlate/response.ts';
import { rowsAsStored } from '../correlate/rowsOfPicture.ts';
import { expected } from '../planes/expected.ts';
import { expectOptions } from '../planes/expectOptions.ts';
import {
  expectPicture,
  type InterleavedPicture,
  type Picture,
  pictureFrom,
  type PictureOfSamples,
  planesOf,
  shapeOfPicture,
  storedOf,
} from '../planes/picture.ts';
import { placeRows } from '../planes/pictureRows.ts';
import { createPlanes, type Planes, whiteOf } from '../planes/planes.ts';
import { roundSample } from '../planes/samples.ts';
import { isFloat32Array } from '../planes/typedArrays.ts';
import { cannyAsOpencv } from './canny/opencvCanny.ts';
import { contourEdges, expectColours, isStrengthAlone } from './contours/contourEdges.ts';
import {
  type ContourDetection,
  DETECT_OPTIONS,
  type Detection,
  detectionOf,
  type OperatorDetection,
} from './detection.ts';
import { applyDetector } from './detector/applyDetector.ts';
import { type EdgeMap, type FoundEdges, planesOfMap, samplesOfMap } from './edgeMap.ts';
import { fusedEdges } from './fusedEdges.ts';
import { modelEdges } from './model/modelEdges.ts';
import { operatorEdges } from './operatorEdges.ts';
import { type DetectOptions, type Edges } from './options.ts';
import { opaquePlanes, opaqueRows, seenRows } from './seenRows.ts';
import type { Settings } from './settings.ts';

/** Edges whose map is a picture of stored samples, without alpha. */
export interface EdgePicture extends Omit<Edges, 'map'> {
  readonly map: PictureOfSamples;
}

/** How a map is stored: `map` is `abs` by default. */
export interface StoreEdgesOptions extends StoreOptions, InPlaceOption {}

/** How signed responses are stored by default. */
export const EDGE_MAP: ResponseMap = 'abs';

/**
 * The edges of a picture: correlation with the operator's kernels, then their magnitude, scaled so that a straight step
 * from black to white answers white (a user's kernel is taken as it is).
 *
 * With `store` the map becomes a picture of stored samples: the bytes of {@link mapResponse} (`abs` by default) and rounding. Of a
 * picture that was read it is made in one pass, strip by strip, where operator and thresholds admit that: neither picture nor
 * map is then ever whole in Float32.
 *
 * @param x C×H×W, C 1 or 3; finite numbers. Of a picture the samples that it holds are taken; planes are not made
 * @returns a map of the same height and width
 * @throws ExpectationError where an option or a kernel's channels do not fit
 * @example
 * toNested(detectEdges(planes([[0, 0, 1, 1]]), { operator: 'sobel' }).map) // [[[0, 1, 1, 0]]]
 * const row = { samples: Uint8Array.of(0, 0, 200, 200), height: 1, width: 4, stride: 1, channels: 1, white: 255 }
 * Array.from(detectEdges(pictureFrom(row), { store: {} }).map.stored.samples) // [0, 200, 200, 0]
 */
export function detectEdges(x: Planes | Picture, options: DetectOptions & { store: StoreEdgesOptions }): EdgePicture;
export function detectEdges(x: Planes | Picture, options?: DetectOptions & { store?: undefined }): Edges;
export function detectEdges(
  x: Planes | Picture,
  options: DetectOptions & { store?: StoreEdgesOptions | undefined } = {},
): Edges | EdgePicture {
  expectOptions(options, [...DETECT_OPTIONS, 'store'], 'detectEdges');
  expectPicture(x, 'the picture');
  const { store, ...others } = options;
  const detection = detectionOf(others);
  if (store === undefined) return edgesOf(x, detection);
  expectOptions(store, [...STORE_OPTIONS, 'inPlace'], 'store');
  return edgePictureOf(x, detection, store);
}

/** {@link detectEdges} by options that were settled before. */
export function edgesOf(x: Planes | Picture, detection: Detection): Edges {
  const rounding = detection.kind === 'operator' ? detection.rounding : undefined;
  return finished(edgesFound(x, detection), (map) => {
    const made = planesOfMap(map, shapeOfPicture(x));
    return rounding === undefined ? made : wholeSamples(made, rounding);
  });
}

/** {@link edgesOf} as stored samples. */
export function edgePictureOf(x: Planes | Picture, detection: Detection, options: StoreEdgesOptions): EdgePicture {
  const store = storing(x, options, EDGE_MAP);
  if (detection.kind === 'operator') {
    store.rounding = detection.rounding ?? store.rounding;
    const fused = fusedEdges(x, detection.settings, store, options.inPlace);
    if (fused !== undefined) return { ...fused, map: pictureFrom(fused.map) };
  }
  return finished(edgesFound(x, detection), (map) => pictureFrom(samplesOfMap(map, shapeOfPicture(x), store)));
}

function finished<Map>(
  { map, angles, ...found }: FoundEdges,
  make: (map: EdgeMap) => Map,
): Omit<Edges, 'map'> & { readonly map: Map } {
  const made = make(map);
  const orientation = angles?.();
  return { map: made, ...(orientation && { orientation }), ...found };
}

/** The edges of a picture of which no plane need be held in Float32. */
function edgesFound(x: Planes | Picture, detection: Detection): FoundEdges {
  if (detection.kind === 'model') {
    const { colours, alpha } = opaqueRows(x, detection.alpha);
    return { ...modelEdges(colours, detection), ...(alpha && { alpha }) };
  }
  expectFinite(x);
  if (detection.kind === 'contours') return contoursFound(x, detection);
  if (detection.kind === 'steps') {
    const { colours, alpha } = opaquePlanes(x, detection.alpha);
    return { ...applyDetector(colours, detection.detector), ...(alpha && { alpha }) };
  }
  const { settings } = detection;
  return settings.isCanny && settings.convention === 'opencv' ? cannyAsOpencv(x, settings) : byStrips(x, settings);
}

function byStrips(x: Planes | Picture, settings: Settings): FoundEdges {
  const { colours, beside, alpha } = seenRows(x, settings);
  let angles: Planes | undefined;
  const onAngles = (rows: Planes, from: number): void => {
    angles ??= createPlanes(rows.channels, colours.height, colours.width);
    placeRows(rows, from, angles);
  };
  const found = operatorEdges(colours, settings, { onAngles, beside });
  return { ...found, angles: () => angles, ...(alpha && { alpha }) };
}

function contoursFound(x: Planes | Picture, detection: ContourDetection): FoundEdges {
  const { colours, alpha } = opaqueRows(x, detection.alpha);
  // Nets learned from samples as pictures store them.
  const rows = rowsAsStored(x, colours);
  expectColours(rows.channels);
  if (!isStrengthAlone(detection)) return { ...contourEdges(rows, detection), ...(alpha && { alpha }) };
  const { net, scales } = detection;
  const eachRows: ResponseRows['eachRows'] = (visit) => eachContourRows(rows, net, scales, visit);
  const { height, width, white } = rows;
  const map: ResponseRows = { channels: 1, height, width, ...(white !== undefined && { white }), eachRows };
  return { map, ...(alpha && { alpha }) };
}

/** Absolute values as whole samples from 0 to white. */
function wholeSamples(map: Planes, rounding: NonNullable<OperatorDetection['rounding']>): Planes {
  const whole = mapResponse(map, 'abs');
  const white = whiteOf(map);
  for (let i = 0; i < whole.data.length; i++) whole.data[i] = roundSample(whole.data[i], white, rounding);
  return whole;
}

/** Refuses what arithmetic would spread over its neighbourhood without a word; whole numbers cannot be so. */
function expectFinite(x: Planes | Picture): void {
  const samples = storedOf(x);
  if (samples !== undefined) {
    if (isFloat32Array(samples.samples)) expectFiniteSamples(samples);
    return;
  }
  if ('planes' in x && x.depth !== 32) return;
  const { data, height, width } = planesOf(x);
  // A sum of products with 0 is 0, unless one of them is no number: several at a time, faster than asking each.
  let sum = 0;
  for (let i = 0; i < data.length; i++) sum += data[i] * 0;
  if (sum === 0) return;
  const at = data.findIndex((sample) => !Number.isFinite(sample));
  throw notFinite(Math.floor(at / width) % height, at % width, data[at]);
}

function expectFiniteSamples({ samples, width, stride, channels }: InterleavedPicture): void {
  for (let c = 0; c < channels; c++) {
    for (let i = c; i < samples.length; i += stride) {
      const at = (i - c) / stride;
      if (!Number.isFinite(samples[i])) throw notFinite(Math.floor(at / width), at % width, samples[i]);
    }
  }
}

function notFinite(row: number, column: number, sample: number): Error {
  return expected('finite numbers', `the picture at row ${row}, column ${column}`, sample);
}
