import { type Border, borderConstant, borderMap, OUTSIDE } from '../../planes/border.ts';
import { type Planes, whiteOf } from '../../planes/planes.ts';
import { type DetectorKernel, innerWhite, type KernelDetector, reachOfKernels } from './detector.ts';
import { type DetectorSource, openSource } from './detectorSource.ts';
import { joinParts } from './joinParts.ts';
import { type Row, wholeOf } from './roundings.ts';

/** A row of responses, before they are scaled. */
interface ResponseRow {
  readonly size: Float64Array;
  /** The gradient, where the kernels are two and it is wanted: of several channels that of the strongest. */
  readonly across: Float64Array;
  readonly down: Float64Array;
}

interface Responder {
  /** Maps that come out: one, or one for each channel. */
  readonly channels: number;
  /** The responses of a row, in arrays that the next call writes again. */
  respond(channel: number, row: number): ResponseRow;
}

/**
 * Responses of a picture by rows. Each correlation is a sum over taps that are not 0, in the order channel, row, column.
 *
 * @param directed whether gradients are wanted
 * @throws ExpectationError where the picture does not fit
 */
export function openResponder(picture: Planes, detector: KernelDetector, directed: boolean): Responder {
  const source = openSource(picture, detector);
  const { kernels, color, parts, response, arithmetic = 'float64', border = 'replicate' } = detector;
  const { width } = picture;
  const single = arithmetic === 'float32';
  const seen = kernels[0].channels;
  const lanes = seen === 3 ? 1 : source.planes;
  const windows = openWindows(source, picture, detector);
  const row = (): Float64Array => new Float64Array(width);
  const correlations = Array.from({ length: lanes }, () => kernels.map(row));
  const made = { size: row(), across: row(), down: row() };
  const other = row();
  const strongest = color === 'max' || color === 'max-bgr';
  const white = innerWhite(detector, whiteOf(picture));

  /** The correlations of one plane (of all, where kernels see all), each made into its part. */
  const correlate = (lane: number, y: number): Float64Array[] => {
    kernels.forEach((k, i) => {
      const sums = correlations[lane][i];
      windows(lane, y, k, sums, single);
      if (parts === undefined) return;
      const { scale = 1, rounding, saturated = false } = parts;
      for (let j = 0; j < width; j++) {
        const value = wholeOf((saturated ? Math.abs(sums[j]) : sums[j]) * scale, rounding);
        sums[j] = saturated ? Math.min(value, white) : value;
      }
    });
    return correlations[lane];
  };

  const black = border === 'black' ? reachOfKernels(kernels) : undefined;
  const clear = (y: number): void => {
    if (black === undefined) return;
    const { size, across, down } = made;
    const outside = y < black.top || y >= picture.height - black.bottom;
    for (const one of [size, across, down]) {
      if (outside) one.fill(0);
      else {
        one.fill(0, 0, black.left);
        one.fill(0, width - black.right);
      }
    }
  };

  return {
    channels: color === 'each' ? lanes : 1,
    respond(channel, y) {
      const own = color === 'each' ? channel : 0;
      let found = correlate(own, y);
      if (color === 'length') for (let lane = 1; lane < lanes; lane++) found = [...found, ...correlate(lane, y)];
      joinParts(found, response, single, made.size);
      if (directed) {
        made.across.set(found[0]);
        made.down.set(found[1]);
      }
      for (let lane = 1; strongest && lane < lanes; lane++) {
        const next = correlate(lane, y);
        joinParts(next, response, single, other);
        for (let j = 0; j < width; j++) {
          if (!(other[j] > made.size[j] || (color === 'max-bgr' && other[j] === made.size[j]))) continue;
          made.size[j] = other[j];
          if (!directed) continue;
          made.across[j] = next[0][j];
          made.down[j] = next[1][j];
        }
      }
      clear(y);
      return made;
    },
  };
}

type Correlate = (lane: number, y: number, k: DetectorKernel, into: Float64Array, single: boolean) => void;

/** Rows of samples with the border beside them, kept as long as windows see them. */
function openWindows(source: DetectorSource, { height, width, white }: Planes, detector: KernelDetector): Correlate {
  const { kernels, border = 'replicate' } = detector;
  const reach = reachOfKernels(kernels);
  const [near, far] = bordersOf(border);
  const rows = mapOf(near, far, height, reach.top, reach.bottom);
  const columns = mapOf(near, far, width, reach.left, reach.right);
  const unit = innerWhite(detector, white ?? 1);
  const [nearValue, farValue] = [near, far].map((rule) => borderConstant(rule, unit));
  const span = columns.length;
  const valueAt = (at: number, before: number): number => (at < before ? nearValue : farValue);
  const most = reach.top + reach.bottom + 2;
  const kept = Array.from({ length: source.planes }, () => new Map<number, Float64Array>());
  const plain = new Float64Array(width);

  const line = (plane: number, at: number): Float64Array => {
    const row = rows[at];
    // Rows outside are told apart by their place, as they may have two values.
    const key = row === OUTSIDE ? -1 - at : row;
    const lines = kept[plane];
    let found = lines.get(key);
    if (found !== undefined) return found;
    if (lines.size < most) found = new Float64Array(span);
    else {
      const [oldest] = lines.keys();
      found = lines.get(oldest) as Float64Array;
      lines.delete(oldest);
    }
    if (row === OUTSIDE) found.fill(valueAt(at, reach.top));
    else {
      source.fill(plane, row, plain);
      for (let j = 0; j < reach.left; j++) found[j] = columns[j] === OUTSIDE ? nearValue : plain[columns[j]];
      found.set(plain, reach.left);
      for (let j = reach.left + width; j < span; j++) {
        found[j] = columns[j] === OUTSIDE ? farValue : plain[columns[j]];
      }
    }
    lines.set(key, found);
    return found;
  };

  return (lane, y, k, into, single) => {
    into.fill(0);
    const down = reach.top - Math.ceil((k.height - 1) / 2);
    const right = reach.left - Math.ceil((k.width - 1) / 2);
    let at = 0;
    for (let c = 0; c < k.channels; c++) {
      for (let r = 0; r < k.height; r++) {
        const samplesOfRow = line(k.channels === 1 ? lane : c, y + down + r);
        for (let q = 0; q < k.width; q++, at++) {
          const tap = k.taps[at];
          if (tap === 0) continue;
          if (single) addSingle(samplesOfRow, right + q, Math.fround(tap), into);
          else add(samplesOfRow, right + q, tap, into);
        }
      }
    }
  };
}

function add(samples: Row, from: number, tap: number, into: Float64Array): void {
  for (let j = 0; j < into.length; j++) into[j] += tap * samples[from + j];
}

function addSingle(samples: Row, from: number, tap: number, into: Float64Array): void {
  for (let j = 0; j < into.length; j++) into[j] = Math.fround(into[j] + Math.fround(tap * samples[from + j]));
}

function bordersOf(border: NonNullable<KernelDetector['border']>): readonly [Border, Border] {
  // What these give outside is never seen.
  if (border === 'copied' || border === 'black') return ['replicate', 'replicate'];
  return Array.isArray(border) ? (border as readonly [Border, Border]) : [border as Border, border as Border];
}

/** As {@link borderMap}, with one border before the picture and one behind it. */
function mapOf(near: Border, far: Border, length: number, before: number, after: number): Int32Array {
  const map = borderMap(near, length, before, after);
  if (near !== far) map.set(borderMap(far, length, 0, after).subarray(length), before + length);
  return map;
}
