import { eachContourRows } from '../contours/findContours.ts';
import { isTransparent } from '../correlate/alpha/isTransparent.ts';
import { fitted } from '../correlate/channels.ts';
import { LUMA_WEIGHTS } from '../correlate/luma.ts';
import { type InPlaceOption, runPass } from '../correlate/pass/pass.ts';
import { type PassSpecification, servesPass } from '../correlate/pass/passPlan.ts';
import {
  type ResponseRows,
  STORE_OPTIONS,
  type StoreOptions,
  storeResponse,
  storeRows,
  storing,
} from '../correlate/pass/storeResponse.ts';
import type { ResponseMap } from '../correlate/response.ts';
import { rowsOfSamples } from '../correlate/rowsOfSamples.ts';
import { channelsWanted } from '../kernels/kernel.ts';
import { expected } from '../planes/expected.ts';
import { expectOptions } from '../planes/expectOptions.ts';
import { expectInterleaved, type InterleavedPicture, pictureFrom } from '../planes/picture.ts';
import { placeRows } from '../planes/pictureRows.ts';
import { createPlanes, type Planes, planes } from '../planes/planes.ts';
import { whiteOfDepth } from '../planes/samples.ts';
import { decodeSrgb } from '../planes/srgb.ts';
import { isUint8Array } from '../planes/typedArrays.ts';
import { cannyOfChannels, seenBytes, smoothedBytes } from './canny/opencvCanny.ts';
import { contourEdges, expectColours, isStrengthAlone } from './contours/contourEdges.ts';
import { edgesOf } from './detectEdges.ts';
import { DETECT_OPTIONS, type Detection, detectionOf } from './detection.ts';
import { findEdges } from './findEdges.ts';
import { modelEdges } from './model/modelEdges.ts';
import { seesGrey } from './operators/operators.ts';
import { type DetectOptions, type Edges } from './options.ts';
import { opaqueRows, seenRows } from './seenRows.ts';
import type { Settings } from './settings.ts';

export interface DetectSamplesOptions extends DetectOptions, StoreOptions, InPlaceOption {
  /** Decode the sRGB curve first, so that samples are in proportion to light; false where left out. */
  linear?: boolean;
}

export interface EdgeSamples extends Omit<Edges, 'map'> {
  /** Of the picture's height and width; no alpha. */
  readonly map: InterleavedPicture;
}

/** How signed responses are stored where it is left out. */
export const EDGE_MAP: ResponseMap = 'abs';

const OPTIONS = [...DETECT_OPTIONS, ...STORE_OPTIONS, 'inPlace', 'linear'];

/**
 * The edges of stored samples as stored samples: {@link detectEdges}, {@link mapResponse} (`abs` where left out) and rounding in
 * one pass, strip by strip. The bytes are those of these steps. The picture is never held in Float32 (unless a detector answers); its responses are where a threshold or `minmax` depends on all of them.
 *
 * @param picture of one channel or three
 * @throws ExpectationError where an option or a kernel's channels do not fit
 * @example
 * const row = { samples: Uint8Array.of(0, 0, 200, 200), height: 1, width: 4, stride: 1, channels: 1, white: 255 }
 * Array.from(detectEdgesOfSamples(row).map.samples) // [0, 200, 200, 0]
 */
export function detectEdgesOfSamples(picture: InterleavedPicture, options: DetectSamplesOptions = {}): EdgeSamples {
  expectOptions(options, OPTIONS, 'detectEdgesOfSamples');
  const { map, rounding, depth, linear, inPlace, ...others } = options;
  const given = Object.entries({ map, rounding, depth, linear, inPlace }).filter(([, value]) => value !== undefined);
  return edgesOfSamples(picture, detectionOf(others), Object.fromEntries(given));
}

/** How edges are stored, and whether their picture is decoded first. */
export type StoredEdgesOptions = Omit<DetectSamplesOptions, keyof DetectOptions>;

/** {@link detectEdgesOfSamples} by options that were settled before. */
export function edgesOfSamples(
  picture: InterleavedPicture,
  detection: Detection,
  { linear = false, inPlace, ...options }: StoredEdgesOptions,
): EdgeSamples {
  expectInterleaved(picture, 'the picture');
  const store = storing(picture.samples, options, EDGE_MAP);
  if (detection.kind === 'contours' && linear) {
    throw expected('samples as they are stored, which nets learned from,', 'linear with contours', linear);
  }
  if (detection.kind === 'contours' && (detection.alpha === 'drop' || !isTransparent(picture))) {
    expectColours(picture.channels);
    const rows = rowsOfSamples(picture);
    if (isStrengthAlone(detection)) {
      const { height, width, white } = picture;
      const eachRows: ResponseRows['eachRows'] = (visit) =>
        eachContourRows(rows, detection.net, detection.scales, visit);
      return { map: storeRows({ channels: 1, height, width, white, eachRows }, store) };
    }
    const { map, ...found } = contourEdges(rows, detection);
    return { map: storeResponse(map, undefined, store), ...found };
  }
  if (detection.kind === 'model') {
    const { colours, alpha } = opaqueRows(picture, detection.alpha, linear);
    const { map, ...found } = modelEdges(colours, detection);
    return { map: storeRows(map, store), ...found, ...(alpha && { alpha }) };
  }
  if (detection.kind !== 'operator') {
    const isClear = detection.alpha !== 'drop' && isTransparent(picture);
    return ofPlanes(picture, detection, store, { isClear, linear });
  }
  const { settings } = detection;
  const isClear = settings.alpha !== 'drop' && isTransparent(picture);
  return ofOperator(
    picture,
    settings,
    { ...store, rounding: detection.rounding ?? store.rounding },
    {
      isClear,
      linear,
      inPlace,
    },
  );
}

interface HowSeen {
  /** Whether transparency counts. */
  readonly isClear: boolean;
  readonly linear: boolean;
}

function ofOperator(
  picture: InterleavedPicture,
  settings: Settings,
  store: Required<StoreOptions>,
  { isClear, linear, inPlace }: HowSeen & { readonly inPlace: boolean | undefined },
): EdgeSamples {
  if (settings.isCanny && settings.convention === 'opencv') {
    const edges = linear ? undefined : cannyOfBytes(picture, settings, store, isClear);
    const detection = { kind: 'operator', settings, detector: undefined, rounding: undefined } as const;
    return edges ?? ofPlanes(picture, detection, store, { isClear, linear });
  }
  const pass = linear ? undefined : passOf(picture, settings, store, isClear);
  if (pass === undefined || !servesPass(picture, pass)) return ofStrips(picture, settings, store, linear);
  const { threshold } = pass;
  return {
    map: runPass(picture, pass, inPlace),
    ...(isClear ? { alpha: 'edges' } : {}),
    ...(threshold === undefined ? {} : { thresholds: { high: threshold } }),
  };
}

/** By planes of the whole picture. */
function ofPlanes(
  stored: InterleavedPicture,
  detection: Detection,
  store: Required<StoreOptions>,
  { isClear, linear }: HowSeen,
): EdgeSamples {
  const { alphaAt: _, ...opaque } = stored;
  const picture = pictureFrom(isClear ? stored : opaque);
  const metadata = linear ? { linear } : {};
  const { planes } = picture;
  const { map, ...found } = edgesOf({ ...picture, planes: linear ? decodeSrgb(planes) : planes, metadata }, detection);
  return { map: storeResponse(map, undefined, store), ...found };
}

/** Edges of a picture of which no plane is held in Float32. */
function ofStrips(
  picture: InterleavedPicture,
  settings: Settings,
  store: Required<StoreOptions>,
  linear: boolean,
): EdgeSamples {
  const { height, width, white } = picture;
  const { colours: seen, beside, alpha } = seenRows(picture, settings, linear);
  let angles: Planes | undefined;
  const onAngles = (rows: Planes, from: number): void => {
    angles ??= createPlanes(rows.channels, height, width);
    placeRows(rows, from, angles);
  };
  const { map: found, ...report } = findEdges(seen, settings, { onAngles, beside });
  const map =
    'samples' in found
      ? storeBlackAndWhite(found.samples, picture, store)
      : storeRows({ ...found, height, width, white }, store);
  return { map, ...(angles && { orientation: angles }), ...(alpha && { alpha }), ...report };
}

/** Black and white as responses are stored: what the map makes of 0 and white. */
function storeBlackAndWhite(
  channels: readonly Uint8Array[],
  { height, width, white }: InterleavedPicture,
  { map, rounding, depth }: Required<StoreOptions>,
): InterleavedPicture {
  const levels = [0, white].filter((_, i) => map !== 'minmax' || channels.some((plane) => plane.includes(255 * i)));
  const stored = storeResponse(planes([levels], white), undefined, { map, rounding, depth }).samples;
  const [black = 0] = stored;
  const bright = stored[stored.length - 1];
  const stride = channels.length;
  const shape = { height, width, stride, channels: stride, white: whiteOfDepth(depth) };
  if (stride === 1 && depth === 8 && black === 0 && bright === 255) return { ...shape, samples: channels[0] };
  const size = height * width * stride;
  const samples = depth === 8 ? new Uint8Array(size) : new Uint16Array(size);
  channels.forEach((plane, c) => {
    for (let i = 0, at = c; i < plane.length; i++, at += stride) samples[at] = plane[i] === 0 ? black : bright;
  });
  return { ...shape, samples };
}

/** OpenCV's `canny` from bytes to bytes; undefined where they would have to be others first. */
function cannyOfBytes(
  picture: InterleavedPicture,
  settings: Settings,
  { map, depth }: Required<StoreOptions>,
  isClear: boolean,
): EdgeSamples | undefined {
  const { samples, height, width, stride, channels, white, alphaAt } = picture;
  const serves = isUint8Array(samples) && white === 255 && depth === 8 && (channels === 1 || channels === 3);
  if (!serves || map === 'offset' || map === 'minmax') return undefined;
  const planes = stride === 1 ? [samples] : Array.from({ length: channels }, (_, c) => everyNth(samples, c, stride));
  const alpha = isClear && alphaAt !== undefined ? everyNth(samples, alphaAt, stride) : undefined;
  const { channels: seen, beside } = seenBytes(planes, alpha, settings.color);
  const smoothed = smoothedBytes(height, width, settings);
  const [own, other] = [seen.map(smoothed), beside && smoothed(beside)];
  const { samples: edges, ...found } = cannyOfChannels(own, height, width, settings, other);
  const joined = edges.length === 1 ? edges[0] : interleave(edges);
  return {
    map: { samples: joined, height, width, stride: edges.length, channels: edges.length, white },
    ...(isClear ? { alpha: 'edges' } : {}),
    ...found,
  };
}

function everyNth(samples: Uint8Array, from: number, stride: number): Uint8Array {
  const taken = new Uint8Array(samples.length / stride);
  for (let i = 0, at = from; i < taken.length; i++, at += stride) taken[i] = samples[at];
  return taken;
}

function interleave(planes: readonly Uint8Array[]): Uint8Array {
  const samples = new Uint8Array(planes.length * planes[0].length);
  planes.forEach((plane, c) => plane.forEach((sample, i) => (samples[i * planes.length + c] = sample)));
  return samples;
}

/** The steps as one pass; undefined where some of them need the whole picture. */
function passOf(
  picture: InterleavedPicture,
  settings: Settings,
  { map, ...store }: Required<StoreOptions>,
  isClear: boolean,
): PassSpecification | undefined {
  const { operator, color, sigmas, threshold } = settings;
  if (map === 'minmax' || operator.kind !== 'kernels' || !isPlain(settings)) return undefined;
  if (sigmas.length > 1 || sigmas[0] !== undefined) return undefined;
  if (threshold !== undefined && threshold.kind !== 'value') return undefined;
  const { kernels, scale, padding } = operator;
  // A picture over white is a step of its own.
  if (isClear && !seesGrey(operator)) return undefined;
  const grey = color === 'luma' && channelsWanted(kernels[0]) === 1;
  const seen = (grey ? 1 : picture.channels) + (isClear ? 1 : 0);
  const [first, second] = kernels.map((k) => fitted(k, seen));
  return {
    ...(grey && picture.channels === LUMA_WEIGHTS.length ? { mix: LUMA_WEIGHTS } : {}),
    kernels: second === undefined ? [first] : [first, second],
    magnitude: settings.magnitude,
    scale,
    strongest: color !== 'each',
    ...(threshold === undefined ? {} : { threshold: threshold.value }),
    map,
    ...store,
    padding,
    border: settings.border,
    precision: settings.precision,
    alpha: isClear ? 'channel' : 'none',
  };
}

/** Whether a sample's response is all that its result is made of. */
function isPlain({ thin, zeroCrossings, orientation, mask, hysteresis, color }: Settings): boolean {
  return !(thin || zeroCrossings || orientation || mask || hysteresis || color === 'di-zenzo');
}
