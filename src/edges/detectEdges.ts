import { luma, lumaRows } from '../correlate/luma.ts';
import { mapResponse } from '../correlate/response.ts';
import { applyModel } from '../layers/applyModel.ts';
import type { Layer } from '../layers/layer.ts';
import { expectChoice, expected } from '../planes/expected.ts';
import { expectOptions, optionNames } from '../planes/expectOptions.ts';
import { type Picture, planesOf } from '../planes/picture.ts';
import { placeRows, rowsOfPlanes } from '../planes/pictureRows.ts';
import { createPlanes, expectPlanes, type Planes, whiteOf } from '../planes/planes.ts';
import { roundSample } from '../planes/samples.ts';
import { cannyAsOpencv } from './canny/opencvCanny.ts';
import { applyDetector } from './detector/applyDetector.ts';
import { checkDetector } from './detector/checkDetector.ts';
import { type Detector, isDetector, isNamed } from './detector/detector.ts';
import { EDGE_COLORS } from './edgeColor.ts';
import { type EdgeMap, findEdges } from './findEdges.ts';
import { strongest } from './gradient/strongest.ts';
import { seesGrey } from './operators/operators.ts';
import { type DetectOptions, type Edges } from './options.ts';
import { EDGE_ALPHAS } from './options.ts';
import { seenPicture } from './seenPicture.ts';
import { settingsOf } from './settings.ts';
import { binarise, thresholdOf } from './thresholds/threshold.ts';

export const DETECT_OPTIONS: readonly string[] = optionNames<DetectOptions>({
  operator: true,
  convention: true,
  aperture: true,
  sigma: true,
  color: true,
  magnitude: true,
  thin: true,
  suppression: true,
  zeroCrossings: true,
  threshold: true,
  low: true,
  high: true,
  mask: true,
  orientation: true,
  border: true,
  alpha: true,
  precision: true,
});

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
  expectOptions(options, DETECT_OPTIONS, 'detectEdges');
  const { operator = 'sobel', ...others } = options;
  if (isLayer(operator)) return ofModel(x, operator, options);
  const picture = planesOf(x);
  if (isDetector(operator)) {
    expectDetectorOptions(options);
    return ofDetector(x, operator, options);
  }
  const settings = settingsOf(operator, others);
  expectPlanes(picture, 'the picture');
  if (!('planes' in x) || x.depth === 32) expectFinite(picture);
  if (settings.isCanny && settings.convention === 'opencv') return cannyAsOpencv(x, settings);
  const isGrey = seesGrey(settings.operator);
  const { colours, beside, alpha } = seenPicture(x, settings.alpha, settings.color, isGrey);
  const rows = rowsOfPlanes(colours);
  const seen = settings.color === 'luma' && isGrey ? lumaRows(rows) : rows;
  let angles: Planes | undefined;
  const onAngles = (part: Planes, from: number): void => {
    angles ??= createPlanes(part.channels, picture.height, picture.width);
    placeRows(part, from, angles);
  };
  const found = findEdges(seen, settings, { onAngles, beside: beside && rowsOfPlanes(beside) });
  const { map, ...report } = found;
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

/** Whether an operator is a learned stack rather than kernels. */
export function isLayer(operator: DetectOptions['operator']): operator is Layer {
  return typeof operator === 'object' && operator !== null && 'forward' in operator;
}

function ofDetector(x: Planes | Picture, detector: Detector, { alpha: policy }: DetectOptions): Edges {
  checkDetector(detector, 'operator');
  if (!isNamed(detector)) {
    if (!('planes' in x) || x.depth === 32) expectFinite(planesOf(x));
    const { colours, alpha } = seenPicture(x, policy ?? 'edges', 'each', false);
    return { ...applyDetector(colours, detector), ...(alpha && { alpha }) };
  }
  const { operator, options, rounding } = detector;
  const { map, ...found } = detectEdges(x, { operator, ...options, ...(policy && { alpha: policy }) });
  if (rounding === undefined) return { map, ...found };
  const whole = mapResponse(map, 'abs');
  const white = whiteOf(map);
  for (let i = 0; i < whole.data.length; i++) {
    whole.data[i] = roundSample(whole.data[i], white, rounding === 'truncate' ? 'truncate' : 'nearest');
  }
  return { map: whole, ...found };
}

/** Refuses options beside a detector, which states all of them itself but what is done about transparency. */
export function expectDetectorOptions(options: DetectOptions): void {
  for (const [name, value] of Object.entries(options)) {
    if (name !== 'operator' && name !== 'alpha' && value !== undefined) {
      throw expected(`no ${name} with a detector, which states its own`, name, value);
    }
  }
}

/** A stack of layers answers by itself: of the options only colour, border and a threshold are left to say. */
function ofModel(x: Planes | Picture, model: Layer, options: DetectOptions): Edges {
  expectPlanes(planesOf(x), 'the picture');
  expectModelOptions(options, model);
  const { colours: picture, alpha } = seenPicture(x, options.alpha ?? 'edges', 'each', false);
  const told = alpha && { alpha };
  const color = options.color ?? (model.inputs === 1 ? 'luma' : 'max');
  const responses = applyModel(model, color === 'luma' ? luma(picture) : picture, options.border);
  const map = color === 'each' ? responses : strongest(responses);
  if (options.threshold === undefined) return { map, ...told };
  const high = thresholdOf(map, options.threshold);
  return { map: binarise(map, high), thresholds: { high }, ...told };
}

/** Refuses options that a model has no use for. */
export function expectModelOptions(options: Omit<DetectOptions, 'operator'>, { inputs }: Layer): void {
  for (const [name, value] of Object.entries(options)) {
    if (!FOR_MODELS.has(name) && value !== undefined) throw expected(`no ${name} with a model`, name, value);
  }
  const color = expectChoice(options.color ?? 'luma', 'color', EDGE_COLORS);
  if (color === 'di-zenzo') throw expected('luma, max or each with a model', 'color', color);
  if (options.color === 'luma' && inputs !== undefined && inputs !== 1) {
    throw expected('max or each, with a model of several input channels,', 'color', color);
  }
  expectChoice(options.alpha ?? 'edges', 'alpha', EDGE_ALPHAS);
}

const FOR_MODELS = new Set(['operator', 'color', 'threshold', 'border', 'alpha']);

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
