import { allocatePlanes, release } from '../../correlate/allocate.ts';
import { corr2d } from '../../correlate/corr2d.ts';
import type { Kernel } from '../../kernels/kernel.ts';
import { createPlanes, type Planes, whiteOf } from '../../planes/planes.ts';
import type { Rounding } from '../../planes/samples.ts';
import type { KernelShape } from '../kernelShape.ts';
import { type Target, tapsOf } from './targets.ts';

/**
 * How far responses are inside the intervals that rounding to the afters' samples allows, in levels of the after: the distance
 * to the nearer end, below 0 outside. A sample y was anything from y − ½ to y + ½ under rounding to the nearest, from y to y + 1
 * under truncation; at 0 and at white anything beyond, too.
 */
export interface Slacks {
  readonly targets: readonly Target[];
  readonly shape: KernelShape;
  /** The unknowns that the responses below belong to. */
  readonly start: Float64Array;
  /** For each target, what the samples after exceed those responses by, in levels. */
  readonly residuals: readonly Planes[];
  /** How far below and above a sample the interval reaches, in levels. */
  readonly reach: readonly [below: number, above: number];
}

/** A window whose slack is the least of all around it. */
export interface TightWindow {
  readonly target: number;
  readonly row: number;
  readonly column: number;
  readonly slack: number;
}

interface Scan {
  /** Over all windows. */
  readonly least: number;
  /** How far all responses may fall and rise together before one leaves its interval, in units of white. */
  readonly room: readonly [fall: number, rise: number];
  /** Windows whose response is outside its interval by more than is tolerated. */
  readonly outside: number;
  /** The worst window of a tile of the pictures, worst first, where its slack is below what was asked for. */
  readonly windows: readonly TightWindow[];
}

/** Responses of `start` in Float64, once: what other unknowns add to them is small, and Float32 gives it to a millionth of a level. */
export async function slacksFrom(
  targets: readonly Target[],
  shape: KernelShape,
  start: Float64Array,
  rounding: Rounding,
  pause: () => Promise<void>,
): Promise<Slacks> {
  const residuals: Planes[] = [];
  for (const target of targets) residuals.push(await residualOf(target, shape, start, pause));
  return { targets, shape, start, residuals, reach: rounding === 'nearest' ? [0.5, 0.5] : [0, 1] };
}

async function residualOf(
  { before, after, height, width, origin }: Target,
  shape: KernelShape,
  start: Float64Array,
  pause: () => Promise<void>,
): Promise<Planes> {
  const residual = createPlanes(1, height, width, whiteOf(after));
  const sums = new Float64Array(width);
  const scale = whiteOf(after) / whiteOf(before);
  const bias = (start[tapsOf(shape)] ?? 0) * whiteOf(after);
  for (let i = 0; i < height; i++) {
    sums.fill(bias);
    let tap = 0;
    for (let c = 0; c < before.channels; c++) {
      for (let r = 0; r < shape.height; r++) {
        const line = (c * before.height + i + r) * before.width;
        for (let q = 0; q < shape.width; q++) addScaled(sums, before.data, line + q, start[tap++] * scale);
      }
    }
    const from = (i + origin[0]) * after.width + origin[1];
    for (let j = 0; j < width; j++) residual.data[i * width + j] = after.data[from + j] - sums[j];
    await pause();
  }
  return residual;
}

function addScaled(sums: Float64Array, samples: Float32Array, from: number, factor: number): void {
  if (factor === 0) return;
  for (let j = 0; j < sums.length; j++) sums[j] += factor * samples[from + j];
}

/** Rows and columns of a tile: windows nearer than this see much the same samples, and one of them is enough at a time. */
const TILE = 6;

interface ScanOptions {
  /** How far outside its interval a response may be; 0 by default. */
  readonly tolerated?: number;
  /** Windows with less slack are told; none by default. */
  readonly below?: number;
  /** So many windows are told. */
  readonly most?: number;
  /** Awaited between targets. */
  readonly pause: () => Promise<void>;
}

/** The slacks of all windows under other unknowns. */
export async function scan(
  slacks: Slacks,
  unknowns: Float64Array,
  { tolerated = 0, below = Number.NEGATIVE_INFINITY, most = 0, pause }: ScanOptions,
): Promise<Scan> {
  let windows: TightWindow[] = [];
  let least = Number.POSITIVE_INFINITY;
  let room: readonly [number, number] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  let outside = 0;
  for (let t = 0; t < slacks.targets.length; t++) {
    await pause();
    const moved = responseOf(slacks, t, unknowns);
    const part = scanTarget(slacks, t, moved, below, tolerated);
    release(moved);
    least = Math.min(least, part.least);
    room = [Math.min(room[0], part.room[0]), Math.min(room[1], part.room[1])];
    outside += part.outside;
    windows = [...windows, ...part.windows].sort((a, b) => a.slack - b.slack).slice(0, most);
  }
  return { least, room, outside, windows };
}

/** What the unknowns add to the responses of `start`, in levels. */
function responseOf({ targets, shape, start }: Slacks, t: number, unknowns: Float64Array): Planes {
  const { before, after, height, width } = targets[t];
  const taps = tapsOf(shape);
  const scale = whiteOf(after) / whiteOf(before);
  const k: Kernel = {
    outChannels: 1,
    inChannels: before.channels,
    height: shape.height,
    width: shape.width,
    weights: Float32Array.from({ length: taps }, (_, i) => (unknowns[i] - start[i]) * scale),
    // In units of the before's white, which is what a correlation multiplies it by.
    bias: Float32Array.of(((unknowns[taps] ?? 0) - (start[taps] ?? 0)) * scale),
  };
  return corr2d(before, k, { out: allocatePlanes(1, height, width) });
}

function scanTarget(
  { targets, residuals, reach }: Slacks,
  t: number,
  moved: Planes,
  below: number,
  tolerated: number,
): Scan {
  const { after, clips, height, width, origin } = targets[t];
  const white = whiteOf(after);
  const { data: residual } = residuals[t];
  const [beneath, above] = reach;
  const across = Math.ceil(width / TILE);
  const windows: TightWindow[] = [];
  const worst = new Float64Array(across);
  const at = new Int32Array(across);
  let fall = Number.POSITIVE_INFINITY;
  let rise = Number.POSITIVE_INFINITY;
  let outside = 0;
  for (let i = 0; i < height; i++) {
    if (i % TILE === 0) worst.fill(Number.POSITIVE_INFINITY);
    const from = (i + origin[0]) * after.width + origin[1];
    for (let j = 0; j < width; j++) {
      const p = i * width + j;
      const over = moved.data[p] - residual[p];
      const sample = after.data[from + j];
      // Left out.
      if (Number.isNaN(sample)) continue;
      let slack = Number.POSITIVE_INFINITY;
      if (!clips || sample > 0) {
        slack = over + beneath;
        fall = Math.min(fall, slack);
      }
      if (!clips || sample < white) {
        slack = Math.min(slack, above - over);
        rise = Math.min(rise, above - over);
      }
      if (slack < -tolerated) outside++;
      const tile = Math.floor(j / TILE);
      if (slack < worst[tile]) {
        worst[tile] = slack;
        at[tile] = p;
      }
    }
    if (i % TILE !== TILE - 1 && i !== height - 1) continue;
    worst.forEach((slack, tile) => {
      if (slack < below)
        windows.push({ target: t, row: Math.floor(at[tile] / width), column: at[tile] % width, slack });
    });
  }
  return { least: Math.min(fall, rise), room: [fall / white, rise / white], outside, windows };
}
