import { lumaRows } from '../correlate/luma.ts';
import { mapResponse } from '../correlate/response.ts';
import { expected } from '../planes/expected.ts';
import { type Picture, planesOf } from '../planes/picture.ts';
import { placeRows, rowsOfPlanes } from '../planes/pictureRows.ts';
import { createPlanes, expectPlanes, type Planes, whiteOf } from '../planes/planes.ts';
import { roundSample } from '../planes/samples.ts';
import { encodeSrgb } from '../planes/srgb.ts';
import { cannyAsOpencv } from './canny/opencvCanny.ts';
import { contourEdges, expectColours } from './contours/contourEdges.ts';
import {
  type ContourDetection,
  type Detection,
  detectionOf,
  type ModelDetection,
  type OperatorDetection,
} from './detection.ts';
import { applyDetector } from './detector/applyDetector.ts';
import { type EdgeMap, findEdges } from './findEdges.ts';
import { modelEdges } from './model/modelEdges.ts';
import { seesGrey } from './operators/operators.ts';
import { type DetectOptions, type Edges } from './options.ts';
import { seenPicture } from './seenPicture.ts';
import type { Settings } from './settings.ts';

/**
 * The edges of a picture: correlation with the operator's kernels, then their magnitude, scaled so that a straight step
 * from black to white answers white (a user's kernel is taken as it is).
 *
 * @param x C×H×W, C 1 or 3; finite numbers
 * @returns a map of the same height and width
 * @throws ExpectationError where an option or a kernel's channels do not fit
 * @example
 * toNested(detectEdges(planes([[0, 0, 1, 1]]), { operator: 'sobel' }).map) // [[[0, 1, 1, 0]]]
 */
export function detectEdges(x: Planes | Picture, options: DetectOptions = {}): Edges {
  return edgesOf(x, detectionOf(options));
}

/** {@link detectEdges} by options that were settled before. */
export function edgesOf(x: Planes | Picture, detection: Detection): Edges {
  const picture = planesOf(x);
  expectPlanes(picture, 'the picture');
  if (detection.kind === 'model') return ofModel(x, detection);
  if (!('planes' in x) || x.depth === 32) expectFinite(picture);
  if (detection.kind === 'contours') return ofNet(x, detection);
  if (detection.kind === 'steps') {
    const { colours, alpha } = seenPicture(x, detection.alpha, 'each', false);
    return { ...applyDetector(colours, detection.detector), ...(alpha && { alpha }) };
  }
  const { settings, rounding } = detection;
  const { map, ...found } = ofOperator(x, settings);
  return { map: rounding === undefined ? map : wholeSamples(map, rounding), ...found };
}

function ofOperator(x: Planes | Picture, settings: Settings): Edges {
  if (settings.isCanny && settings.convention === 'opencv') return cannyAsOpencv(x, settings);
  const picture = planesOf(x);
  const isGrey = seesGrey(settings.operator);
  const { colours, beside, alpha } = seenPicture(x, settings.alpha, settings.color, isGrey);
  const rows = rowsOfPlanes(colours);
  const seen = settings.color === 'luma' && isGrey ? lumaRows(rows) : rows;
  let angles: Planes | undefined;
  const onAngles = (part: Planes, from: number): void => {
    angles ??= createPlanes(part.channels, picture.height, picture.width);
    placeRows(part, from, angles);
  };
  const { map, ...report } = findEdges(seen, settings, { onAngles, beside: beside && rowsOfPlanes(beside) });
  return {
    map: 'samples' in map ? binaryPlanes(map.samples, picture) : planesOfMap(map, picture),
    ...(angles && { orientation: angles }),
    ...(alpha && { alpha }),
    ...report,
  };
}

function planesOfMap({ channels, eachRows }: Exclude<EdgeMap, { samples: Uint8Array[] }>, picture: Planes): Planes {
  const map = createPlanes(channels, picture.height, picture.width, picture.white);
  eachRows((rows, from) => placeRows(rows, from, map));
  return map;
}

/** Absolute values as whole samples from 0 to white. */
function wholeSamples(map: Planes, rounding: NonNullable<OperatorDetection['rounding']>): Planes {
  const whole = mapResponse(map, 'abs');
  const white = whiteOf(map);
  for (let i = 0; i < whole.data.length; i++) whole.data[i] = roundSample(whole.data[i], white, rounding);
  return whole;
}

function ofModel(x: Planes | Picture, detection: ModelDetection): Edges {
  const { colours, alpha } = seenPicture(x, detection.alpha, 'each', false);
  const { map, ...found } = modelEdges(rowsOfPlanes(colours), detection);
  const { channels, height, width, white, eachRows } = map;
  const planes = createPlanes(channels, height, width, white);
  eachRows((rows, from) => placeRows(rows, from, planes));
  return { map: planes, ...found, ...(alpha && { alpha }) };
}

function ofNet(x: Planes | Picture, detection: ContourDetection): Edges {
  const { colours, alpha } = seenPicture(x, detection.alpha, 'each', false);
  // Nets learned from samples as pictures store them.
  const stored = 'planes' in x && x.metadata.linear === true ? encodeSrgb(colours) : colours;
  expectColours(stored.channels);
  return { ...contourEdges(rowsOfPlanes(stored), detection), ...(alpha && { alpha }) };
}

/** Refuses what arithmetic would spread over its neighbourhood without a word. */
function expectFinite({ data, height, width }: Planes): void {
  // A sum of products with 0 is 0, unless one of them is no number: several at a time, faster than asking each.
  let sum = 0;
  for (let i = 0; i < data.length; i++) sum += data[i] * 0;
  if (sum === 0) return;
  const at = data.findIndex((sample) => !Number.isFinite(sample));
  const row = Math.floor(at / width) % height;
  throw expected('finite numbers', `the picture at row ${row}, column ${at % width}`, data[at]);
}

function binaryPlanes(channels: readonly Uint8Array[], picture: Planes): Planes {
  const map = createPlanes(channels.length, picture.height, picture.width, picture.white);
  const white = whiteOf(picture);
  const size = picture.height * picture.width;
  channels.forEach((samples, c) => {
    const plane = map.data.subarray(c * size, (c + 1) * size);
    for (let i = 0; i < size; i++) if (samples[i] !== 0) plane[i] = white;
  });
  return map;
}
