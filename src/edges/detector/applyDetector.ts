import { createPlanes, expectPlanes, type Planes, whiteOf } from '../../planes/planes.ts';
import { followWeak, NONE, STRONG, WEAK } from '../lines/hysteresis.ts';
import type { Edges } from '../options.ts';
import { orderedThresholds } from '../thresholds/orderedThresholds.ts';
import { parseThreshold, valueOf } from '../thresholds/threshold.ts';
import { valuesOf } from '../thresholds/values.ts';
import { innerWhite, type KernelDetector, reachOfKernels } from './detector.ts';
import { openSource } from './detectorSource.ts';
import { openResponder } from './respondRows.ts';
import { wholeOf } from './roundings.ts';
import { thinRow, type ThinWindow } from './thinRow.ts';
import { traceEdges } from './traceEdges.ts';

/**
 * The map of a picture that a detector made of kernels gives. Where it states a rounding (or thresholds) the map holds whole samples from 0
 * to white.
 *
 * @param x 1×H×W or 3×H×W
 * @returns one channel, or one for each of the picture's where the detector has them apart
 * @throws ExpectationError where the picture does not fit the detector
 */
export function applyDetector(x: Planes, detector: KernelDetector): Pick<Edges, 'map' | 'thresholds' | 'notes'> {
  expectPlanes(x, 'the picture');
  const scaled = openScale(x, detector);
  const { channels, height, width } = scaled;
  const map = createPlanes(channels, height, width, x.white);
  const cut = cutOf(detector, scaled);
  const traced = cut !== undefined && detector.link === 'traced';
  const factor = whiteOf(x) / scaled.white;
  for (let c = 0; c < channels; c++) {
    const plane = map.data.subarray(c * height * width, (c + 1) * height * width);
    const marks = cut === undefined || traced ? undefined : openMarks(height, width);
    const strengths = traced ? new Float64Array(height * width) : undefined;
    scaled.eachRow(c, (row, values) => {
      strengths?.set(values, row * width);
      if (marks !== undefined && cut !== undefined) mark(values, marks.row(row), cut);
      if (cut === undefined || detector.strengths)
        store(values, factor, plane.subarray(row * width, (row + 1) * width), detector);
    });
    if (marks !== undefined) writeMarked(marks, plane, height, width, whiteOf(x), detector);
    if (strengths !== undefined && cut !== undefined) {
      const edges = traceEdges(strengths, width, { ...cut, above: !cut.reached });
      for (let i = 0; i < plane.length; i++) {
        if (edges[i] === 0) plane[i] = 0;
        else if (!detector.strengths) plane[i] = whiteOf(x);
      }
    }
  }
  finish(map, x, detector);
  return { map, ...cut?.report };
}

/**
 * What a detector of one channel compares with its thresholds, of a whole picture, by rows.
 *
 * @throws ExpectationError where the picture does not fit
 */
export function strengthsOf(x: Planes, detector: KernelDetector): Float64Array {
  const { height, width, eachRow } = openScale(x, detector);
  const strengths = new Float64Array(height * width);
  eachRow(0, (row, values) => strengths.set(values, row * width));
  return strengths;
}

/** Responses of a whole picture, thin where that is asked for, scaled and in samples. */
interface Scaled {
  /** Of these samples: the picture's own, or 16 bits'. */
  readonly white: number;
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  /** Visits the rows of a channel in order; their values lie in an array that is written again. */
  readonly eachRow: (channel: number, visit: (row: number, values: Float64Array) => void) => void;
}

function openScale(x: Planes, detector: KernelDetector): Scaled {
  const { thin, scale = 1, divisor = 1, offset = 0, arithmetic, samples } = detector;
  const { height, width } = x;
  const responder = openResponder(x, detector, thin !== undefined);
  const { channels } = responder;
  const white = samples === 'unit' ? whiteOf(x) : innerWhite(detector, whiteOf(x));
  const visitRows = (channel: number, visit: (row: number, values: Float64Array) => void): void => {
    const divided = (row: number, sizes: Float64Array): void => {
      if (divisor !== 1) for (let j = 0; j < width; j++) sizes[j] /= divisor;
      visit(row, sizes);
    };
    if (thin === undefined) eachPlain(responder, channel, height, divided);
    else eachThin(responder, channel, { height, width }, thin, divided);
  };
  const [least, range] = typeof scale === 'number' ? [0, 1] : rangeOf(visitRows, channels, scale);
  const factor = typeof scale === 'number' ? scale : 1;
  const inSamples = samples === 'unit' || typeof scale !== 'number' ? white : 1;
  const single = arithmetic === 'float32';
  const { fround } = Math;
  const values = new Float64Array(width);
  return {
    white,
    channels,
    height,
    width,
    eachRow(channel, visit) {
      visitRows(channel, (row, sizes) => {
        for (let j = 0; j < width; j++) {
          const value = ((sizes[j] - least) / range) * factor * inSamples + offset * white;
          values[j] = single ? fround(value) : value;
        }
        visit(row, values);
      });
    },
  };
}

function rangeOf(
  eachRow: (channel: number, visit: (row: number, values: Float64Array) => void) => void,
  channels: number,
  scale: 'largest' | 'range',
): readonly [least: number, range: number] {
  let least = Number.POSITIVE_INFINITY;
  let most = 0;
  for (let c = 0; c < channels; c++) {
    eachRow(c, (_, values) => {
      for (let j = 0; j < values.length; j++) {
        if (values[j] > most) most = values[j];
        if (values[j] < least) least = values[j];
      }
    });
  }
  const from = scale === 'range' ? least : 0;
  // A flat picture has nothing to stretch.
  return [from, most > from ? most - from : 1];
}

function eachPlain(
  responder: ReturnType<typeof openResponder>,
  channel: number,
  height: number,
  visit: (row: number, values: Float64Array) => void,
): void {
  for (let row = 0; row < height; row++) visit(row, responder.respond(channel, row).size);
}

function eachThin(
  responder: ReturnType<typeof openResponder>,
  channel: number,
  { height, width }: { readonly height: number; readonly width: number },
  rule: NonNullable<KernelDetector['thin']>,
  visit: (row: number, values: Float64Array) => void,
): void {
  const lines = [0, 1, 2].map(() => new Float64Array(width + 2));
  const gradients = [0, 1].map(() => [new Float64Array(width), new Float64Array(width)]);
  const thin = new Float64Array(width);
  for (let row = 0; row <= height; row++) {
    const line = lines[row % 3];
    if (row < height) {
      const { size, across, down } = responder.respond(channel, row);
      line.set(size, 1);
      if (rule === 'weak') continueAtEnds(line);
      gradients[row % 2][0].set(across);
      gradients[row % 2][1].set(down);
    } else if (rule === 'weak') line.set(lines[(row - 1) % 3]);
    else line.fill(0);
    if (row === 0) {
      if (rule === 'weak') lines[2].set(line);
      continue;
    }
    const at = row - 1;
    const [acrossHere, downHere] = gradients[at % 2];
    const window: ThinWindow = {
      above: lines[(row + 1) % 3],
      here: lines[at % 3],
      below: line,
      across: acrossHere,
      down: downHere,
    };
    thinRow(window, rule, thin);
    visit(at, thin);
  }
}

/** Beside a row stands what it ends with. */
function continueAtEnds(line: Float64Array): void {
  line[0] = line[1];
  line[line.length - 1] = line[line.length - 2];
}

/** Thresholds in samples, and whether what reaches them is above. */
interface Cut {
  readonly low: number;
  readonly high: number;
  readonly reached: boolean;
  readonly report: Pick<Edges, 'thresholds' | 'notes'>;
}

function cutOf(detector: KernelDetector, scaled: Scaled): Cut | undefined {
  const { threshold, low, high, reached = false } = detector;
  if (threshold === undefined && low === undefined && high === undefined) return undefined;
  const { white } = scaled;
  let all: Planes | undefined;
  let most: number | undefined;
  // Shares as they are, not by way of units of white, which may move their last bit.
  const exact = new Map<number, number>();
  const limitOf = (level: number): number => exact.get(level) ?? inSamples(level, white);
  const levelOf = (form: ReturnType<typeof parseThreshold>): number => {
    if (form.kind === 'value') return form.value;
    if (form.kind === 'share') {
      most ??= largestOf(scaled);
      exact.set((form.value * most) / white, form.value * most);
      return (form.value * most) / white;
    }
    all ??= allOf(scaled, white);
    return valueOf(valuesOf(all.data), white, form);
  };
  if (threshold !== undefined) {
    const level = levelOf(parseThreshold(threshold));
    const limit = limitOf(level);
    return { low: limit, high: limit, reached, report: { thresholds: { high: level } } };
  }
  const forms = {
    low: low === undefined ? low : parseThreshold(low),
    high: high === undefined ? high : parseThreshold(high),
  };
  const { notes, ...levels } = orderedThresholds(forms, levelOf);
  return {
    low: limitOf(levels.low),
    high: limitOf(levels.high),
    reached,
    report: { thresholds: levels, ...(notes.length > 0 ? { notes } : {}) },
  };
}

/** A share of white that stands for a whole number of samples is that number. */
export function inSamples(level: number, white: number): number {
  const exact = level * white;
  const whole = Math.round(exact);
  return Math.abs(exact - whole) < 1e-9 * Math.max(1, Math.abs(whole)) ? whole : exact;
}

function largestOf({ channels, eachRow }: Scaled): number {
  let most = 0;
  for (let c = 0; c < channels; c++) {
    eachRow(c, (_, values) => {
      for (let j = 0; j < values.length; j++) if (values[j] > most) most = values[j];
    });
  }
  return most;
}

function allOf({ channels, height, width, eachRow }: Scaled, white: number | undefined): Planes {
  const all = createPlanes(channels, height, width, white);
  for (let c = 0; c < channels; c++) {
    eachRow(c, (row, values) => all.data.set(values, (c * height + row) * width));
  }
  return all;
}

interface Marks {
  readonly pitch: number;
  readonly all: Uint8Array;
  row(row: number): Uint8Array;
}

/** With a rim of none around them. */
function openMarks(height: number, width: number): Marks {
  const pitch = width + 2;
  const all = new Uint8Array(pitch * (height + 2));
  return { pitch, all, row: (row) => all.subarray((row + 1) * pitch + 1, (row + 1) * pitch + 1 + width) };
}

function mark(values: Float64Array, marks: Uint8Array, { low, high, reached }: Cut): void {
  for (let j = 0; j < values.length; j++) {
    const value = values[j];
    const strong = reached ? value >= high && value > 0 : value > high;
    const weak = reached ? value >= low && value > 0 : value > low;
    marks[j] = strong ? STRONG : weak ? WEAK : NONE;
  }
}

function writeMarked(
  marks: Marks,
  plane: Float32Array,
  height: number,
  width: number,
  white: number,
  { link = 'connected', rim = 0, strengths = false }: KernelDetector,
): void {
  const { all, pitch } = marks;
  // What lies at the rim joins nothing.
  for (let row = 0; row < height; row++) {
    if (row < rim || row >= height - rim) marks.row(row).fill(NONE);
    else {
      marks.row(row).fill(NONE, 0, rim);
      marks.row(row).fill(NONE, width - rim);
    }
  }
  const followed = link === 'connected' || link === 'sides';
  if (followed) followWeak(all, pitch, undefined, link === 'sides');
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const at = (row + 1) * pitch + column + 1;
      const i = row * width + column;
      const isEdge = followed
        ? all[at] > STRONG
        : all[at] === STRONG ||
          (all[at] === WEAK &&
            row > 0 &&
            column > 0 &&
            row < height - 1 &&
            column < width - 1 &&
            isBesideStrong(all, at, pitch));
      if (!isEdge) plane[i] = 0;
      else if (!strengths) plane[i] = white;
    }
  }
}

function isBesideStrong(marks: Uint8Array, at: number, pitch: number): boolean {
  for (let row = -pitch; row <= pitch; row += pitch) {
    for (let column = -1; column <= 1; column++) if (marks[at + row + column] === STRONG) return true;
  }
  return false;
}

/** Scaled responses as samples of the picture's white, where a rounding is stated. */
function store(values: Float64Array, factor: number, into: Float32Array, { rounding }: KernelDetector): void {
  if (factor !== 1) for (let j = 0; j < into.length; j++) values[j] *= factor;
  if (rounding === undefined) into.set(values);
  else for (let j = 0; j < into.length; j++) into[j] = wholeOf(values[j], rounding);
}

/** Clips, clears or copies the rim, and turns black and white about. */
function finish(map: Planes, x: Planes, detector: KernelDetector): void {
  const { rounding, rim = 0, border, inverted = false } = detector;
  const { data, height, width, channels } = map;
  const white = whiteOf(map);
  if (rounding !== undefined) for (let i = 0; i < data.length; i++) data[i] = Math.min(Math.max(data[i], 0), white);
  if (rim > 0) eachOfRim(map, { top: rim, bottom: rim, left: rim, right: rim }, (i) => (data[i] = 0));
  if (border === 'copied') {
    const source = openSource(x, detector);
    const line = new Float64Array(width);
    let last = -1;
    const times = white / innerWhite(detector, white);
    eachOfRim(map, reachOfKernels(detector.kernels), (i) => {
      const row = Math.floor(i / width);
      if (row !== last) source.fill(channels === 1 ? 0 : Math.floor(row / height), row % height, line);
      last = row;
      data[i] = line[i % width] * times;
    });
  }
  if (inverted) for (let i = 0; i < data.length; i++) data[i] = white - data[i];
}

function eachOfRim(
  { channels, height, width }: Planes,
  { top, bottom, left, right }: ReturnType<typeof reachOfKernels>,
  visit: (i: number) => void,
): void {
  for (let c = 0; c < channels; c++) {
    for (let row = 0; row < height; row++) {
      const start = (c * height + row) * width;
      const whole = row < top || row >= height - bottom;
      const [beside, from] = whole ? [width, width] : [Math.min(left, width), Math.max(left, width - right)];
      for (let j = 0; j < beside; j++) visit(start + j);
      for (let j = from; j < width; j++) visit(start + j);
    }
  }
}
