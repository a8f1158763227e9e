import { fitted } from '../correlate/channels.ts';
import { bytesOfBands } from '../correlate/correlatedRows.ts';
import type { ResponseMap } from '../correlate/response.ts';
import { stripBytes } from '../correlate/stripRows.ts';
import { roomForModel } from '../layers/applyModel.ts';
import { type PictureShape, type Room, samplesBytes } from '../planes/picture.ts';
import { isKept, thresholdsIn } from './blackAndWhite.ts';
import { roomForContourEdges } from './contours/contourEdges.ts';
import { type Detection, detectionOf, type ModelDetection } from './detection.ts';
import { type KernelDetector, passesOf } from './detector/detector.ts';
import { isKeptForLayers } from './model/modelEdges.ts';
import { channelsOf } from './operatorEdges.ts';
import { CONTOURS, seesGrey } from './operators/operators.ts';
import type { Settings } from './settings.ts';
import type { SheetOptions } from './sheet/edgeSheet.ts';
import { planesUnderWay } from './strips/eachStrip.ts';
import { rowsAround } from './strips/rowsAround.ts';

/** How edges are stored. */
interface StoredEdges {
  readonly map: ResponseMap;
  readonly depth: 8 | 16;
  /** Whether the sRGB curve is decoded first. */
  readonly linear: boolean;
}

type Size = Pick<PictureShape, 'height' | 'width'>;

/** Strips leave arrays behind that are not collected at once. */
const LEFT_BEHIND = 1.5;

/** About the bytes that `edgePictureOf` takes of a picture. */
export function roomForEdges(picture: PictureShape, detection: Detection, stored: StoredEdges): Room {
  if (detection.kind === 'model') return roomForLayers(picture, detection, stored);
  if (detection.kind === 'contours') {
    const kept = stored.map === 'minmax' ? 1 : 0;
    const planes = planesBytes(picture, kept + (picture.hasAlpha ? 2 * picture.channels + 2 : 0));
    return made(picture, 1, stored, roomForContourEdges(picture, detection) + planes);
  }
  if (detection.kind === 'steps') return roomForSteps(picture, detection.detector, stored);
  const { settings } = detection;
  const channels = channelsOf(seenShape(picture, settings), settings);
  const isOpencv = settings.isCanny && settings.convention === 'opencv';
  const bytes = isOpencv ? opencvBytes(picture, settings, stored) : stripsBytes(picture, settings, channels, stored);
  return made(picture, channels, stored, bytes);
}

/** About the bytes that `edgeSheet` takes of a picture: its planes, and one operator's map at a time. */
export function roomForSheet(picture: PictureShape, options: SheetOptions, stored: StoredEdges): Room {
  const outputs = options.color === 'each' ? picture.channels : 1;
  const { channels, hasAlpha } = picture;
  const planes = channels * (hasAlpha ? 3 : 1) + Number(hasAlpha) + 2 + 3 * outputs;
  const canny = detectionOf({ ...options, operator: 'canny' });
  const result = { height: SHEET_SIDE, width: SHEET_SIDE, stride: outputs, depth: stored.depth };
  const { working } = roomForEdges({ ...picture, depth: 16 }, canny, { map: 'minmax', depth: 16, linear: false });
  const net = roomForEdges(picture, detectionOf({ operator: CONTOURS }), {
    map: 'abs',
    depth: 16,
    linear: false,
  }).working;
  return { working: Math.max(working, net) + planesBytes(picture, planes) + 3 * 4 * SHEET_SIDE ** 2, result };
}

/** Pixels a side of a sheet, about: its cells are at most 480 pixels wide. */
const SHEET_SIDE = 2500;

function made(picture: Size, stride: number, { depth }: StoredEdges, working: number): Room {
  const { height, width } = picture;
  const result = { height, width, stride, depth };
  return { working: working + samplesBytes(result), result };
}

/** What the operator sees: brightness, or channels. */
function seenShape(picture: PictureShape, { color, operator }: Settings): PictureShape {
  return { ...picture, channels: color === 'luma' && seesGrey(operator) ? 1 : picture.channels };
}

function planesBytes({ height, width }: Size, channels: number): number {
  return 4 * channels * height * width;
}

function stripsBytes(picture: PictureShape, settings: Settings, channels: number, { map }: StoredEdges): number {
  const { threshold, hysteresis, mask } = settings;
  const seen = seenShape(picture, settings);
  const planes = planesUnderWay(seen.channels, settings);
  // Alpha is one channel more, and colours are multiplied by it.
  const beside = picture.hasAlpha ? planesUnderWay(1, settings) + 2 * seen.channels : 0;
  const bands = bandsOf(seen, settings) + (picture.hasAlpha ? bandsOf({ ...seen, channels: 1 }, settings) : 0);
  const strips = LEFT_BEHIND * ((1 + beside / planes) * stripBytes(picture, rowsAround(settings), planes) + bands);
  const isBinary = threshold !== undefined || hysteresis !== undefined;
  const isStated = thresholdsIn(settings).every((form) => form.kind === 'value');
  const kept = isBinary ? isKept(isStated, { ...picture, channels }) : map === 'minmax' && channels === 1;
  const marks = isBinary ? channels * picture.height * picture.width : 0;
  return (
    strips + marks + (kept ? planesBytes(picture, channels) : 0) + (mask === undefined ? 0 : planesBytes(picture, 1))
  );
}

/** Bytes of bands that transforms correlate. */
function bandsOf(seen: PictureShape, { operator, sigmas, precision }: Settings): number {
  if (operator.kind !== 'kernels') return 0;
  const { kernels, padding } = operator;
  const ofKernels = kernels.map((k) => bytesOfBands(seen, fitted(k, seen.channels), { padding, precision }));
  return sigmas.length * ofKernels.reduce((sum, bytes) => sum + bytes, 0);
}

/** OpenCV's `canny`: a byte a pixel for each channel, its brightness and the marks; planes where samples have to be mapped. */
function opencvBytes(picture: PictureShape, { sigmas, mask }: Settings, { map, depth, linear }: StoredEdges): number {
  const { channels, stride } = picture;
  const pixels = picture.height * picture.width;
  const planes = mask === undefined ? 0 : planesBytes(picture, 1);
  const apart = stride === 1 ? 0 : channels + (picture.hasAlpha ? 2 * channels + 1 : 0);
  const bytes = (apart + 2 + 2 * channels) * pixels;
  const isOfBytes = !linear && picture.depth === 8 && depth === 8 && map !== 'offset' && map !== 'minmax';
  if (!isOfBytes) return planes + bytes + planesBytes(picture, 2 * channels + 3);
  return planes + bytes + (sigmas[0] === undefined ? 0 : planesBytes(picture, 2));
}

function roomForLayers(picture: PictureShape, { model, color, threshold }: ModelDetection, stored: StoredEdges): Room {
  const seen = { ...picture, channels: color === 'luma' ? 1 : picture.channels };
  const { working, result } = roomForModel(model, seen);
  const outputs = color === 'each' ? result.channels : 1;
  const isKept = isKeptForLayers(threshold, stored.map);
  const kept = isKept ? planesBytes(result, outputs) : 0;
  return made(result, outputs, stored, working + kept);
}

function roomForSteps(picture: PictureShape, detector: KernelDetector, stored: StoredEdges): Room {
  const { channels } = picture;
  const outputs = detector.color === 'each' ? channels : 1;
  const isCut = [detector.threshold, detector.low, detector.high].some((limit) => limit !== undefined);
  const smoothed = 2 * channels * passesOf(detector).length;
  // Strengths in Float64, and edges.
  const traced = detector.link === 'traced' ? 3 : 0;
  const planes = channels + (picture.hasAlpha ? channels + 2 : 0) + smoothed + traced + outputs * (isCut ? 3 : 2);
  return made(picture, outputs, stored, planesBytes(picture, planes));
}
