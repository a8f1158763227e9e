import type { KernelDetector } from '../../../edges/detector/detector.ts';
import { openResponder } from '../../../edges/detector/respondRows.ts';
import { type Planes, whiteOf } from '../../../planes/planes.ts';
import {
  type Budget,
  type Row,
  type SlackProgram,
  slackProgram,
  solverBudget,
  SolverEnded,
} from '../../feasible/slackProgram.ts';
import type { MapTarget } from '../mapTarget.ts';
import type { Estimate } from './descend.ts';
import { jointOf } from './responses.ts';

/** What is refined: an estimate, and how its kernels see pictures. */
interface Refining {
  readonly estimate: Estimate;
  /** The estimate's kernels as a detector without a scale. */
  readonly detectorOf: (kernels: readonly Float64Array[]) => KernelDetector;
  /** A window's samples as the kernels see them, lane after lane. */
  readonly windowAt: (target: MapTarget, channel: number, row: number, column: number) => Float64Array;
  readonly targets: readonly MapTarget[];
  readonly side: number;
  readonly inverted: boolean;
  /** Between which numbers the response of a map's sample lies; infinite where there is no bound. */
  readonly boundsOf: (sample: number, white: number) => readonly [least: number, most: number];
  /** No response can be farther inside its bounds. */
  readonly most: number;
  /** Samples whose responses lie farther outside are spoiled, and bound nothing; every sample bounds by default. */
  readonly spoiled?: number;
}

/** The bounds of samples that were rounded, and cut at 0 and white. */
export function storedBounds(rounding: 'nearest' | 'truncate'): Refining['boundsOf'] {
  const [below, above] = rounding === 'nearest' ? [0.5, 0.5] : [0, 1];
  return (sample, white) => [
    sample > 0 ? sample - below : Number.NEGATIVE_INFINITY,
    sample < white ? sample + above : Number.POSITIVE_INFINITY,
  ];
}

export interface Refined {
  readonly kernels: readonly Float64Array[];
  /** The least distance of a response to the ends of its interval, in the map's samples; below 0 outside. */
  readonly slack: number;
  /** What the last linear program said. */
  readonly last: readonly Float64Array[];
}

interface Worst {
  readonly target: MapTarget;
  readonly channel: number;
  /** Of the map's sample. */
  readonly row: number;
  readonly column: number;
  readonly slack: number;
}

/** Each of these takes responses for linear around the last one's kernels. */
const STAGES = 6;
const ROUNDS = 14;

/** Slack that is not worth another round. */
const EXACT = 2e-4;

/**
 * The kernels whose responses stay farthest inside the intervals of rounding: a linear program over the windows that matter, which are
 * added as they are met, around estimates at which responses are all but linear.
 */
export async function refineByIntervals(refining: Refining, pause: () => Promise<void>): Promise<Refined> {
  const { estimate } = refining;
  const taps = estimate.kernels[0].length;
  let best: Refined = { kernels: estimate.kernels, slack: Number.NEGATIVE_INFINITY, last: estimate.kernels };
  let kernels = estimate.kernels;
  const known = new Map<string, Worst>();
  const budget: Budget = solverBudget();
  for (let stage = 0; stage < STAGES; stage++) {
    const gauge = estimate.response === 'l2' && kernels.length === 2 ? freeTurn(kernels) : -1;
    const program = await slackProgram(
      Array.from({ length: kernels.length * taps }, (_, i) => (i === gauge ? 0 : undefined)),
      refining.most,
      budget,
    );
    try {
      const found = nearer(refining, kernels, await stageOf(refining, kernels, known, program, pause));
      if (found.slack > best.slack + EXACT) {
        const small = stage > 0 && found.slack - best.slack < 10 * EXACT;
        best = found;
        kernels = found.kernels;
        if (small) break;
      } else break;
    } catch (error) {
      // What was found before stands.
      if (!(error instanceof SolverEnded)) throw error;
      break;
    } finally {
      program.dispose();
    }
  }
  return best;
}

/** A part of the way, where responses are bent so much that all of it would overshoot. */
function nearer(refining: Refining, from: readonly Float64Array[], found: Refined): Refined {
  const start = scan(refining, from, 0).least;
  let best = found;
  for (let share = 1 / 2; share > 1 / 40 && best.slack < start + EXACT; share /= 2) {
    const kernels = from.map((k, i) => k.map((tap, t) => tap + share * (found.last[i][t] - tap)));
    const slack = scan(refining, kernels, 0).least;
    if (slack > best.slack) best = { kernels, slack, last: found.last };
  }
  return best;
}

async function stageOf(
  refining: Refining,
  around: readonly Float64Array[],
  known: Map<string, Worst>,
  program: SlackProgram,
  pause: () => Promise<void>,
): Promise<Refined> {
  const taps = around[0].length;
  program.add([...known.values()].flatMap((window) => rowsOf(refining, around, window)));
  let best: Refined = { kernels: around, slack: Number.NEGATIVE_INFINITY, last: around };
  let kernels = around;
  if (known.size > 0) kernels = moved(around, (await program.solve(pause)).unknowns, taps);
  let bound = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    await pause();
    const { least, windows } = scan(refining, kernels, Math.max(200, 4 * taps * around.length));
    if (least > best.slack) best = { kernels, slack: least, last: kernels };
    const fresh = windows.filter((window) => !known.has(keyOf(window)) && window.slack < bound - EXACT);
    if (fresh.length === 0) break;
    for (const window of fresh) known.set(keyOf(window), window);
    program.add(fresh.flatMap((window) => rowsOf(refining, around, window)));
    const answer = await program.solve(pause);
    bound = answer.slack;
    kernels = moved(around, answer.unknowns, taps);
  }
  return { ...best, last: kernels };
}

function moved(kernels: readonly Float64Array[], by: Float64Array, taps: number): Float64Array[] {
  return kernels.map((k, i) => k.map((tap, t) => tap + by[i * taps + t]));
}

/** The tap that moves most where two kernels turn among themselves, which their length does not tell. */
function freeTurn([first, second]: readonly Float64Array[]): number {
  let most = 0;
  let at = 0;
  for (let i = 0; i < first.length; i++) {
    if (Math.abs(second[i]) > most) {
      most = Math.abs(second[i]);
      at = i;
    }
    if (Math.abs(first[i]) > most) {
      most = Math.abs(first[i]);
      at = first.length + i;
    }
  }
  return at;
}

function keyOf({ target, channel, row, column }: Worst): string {
  return `${target.where} ${channel} ${row} ${column}`;
}

/** Both ends of a window's interval, in terms of what is added to the kernels. */
function rowsOf(
  { estimate, windowAt, boundsOf, inverted }: Refining,
  kernels: readonly Float64Array[],
  worst: Worst,
): Row[] {
  const { target, channel, row, column } = worst;
  const samples = windowAt(target, channel, row, column);
  const taps = kernels[0].length;
  const lanes = samples.length / taps;
  const parts = new Float64Array(lanes * kernels.length);
  const slopes = new Float64Array(parts.length);
  for (let lane = 0; lane < lanes; lane++) {
    kernels.forEach((k, i) => {
      let sum = 0;
      for (let t = 0; t < taps; t++) sum += k[t] * samples[lane * taps + t];
      parts[lane * kernels.length + i] = sum;
    });
  }
  const response = jointOf(estimate.response, estimate.rule, kernels.length)(parts, slopes);
  const coefficients = new Float64Array(kernels.length * taps);
  for (let lane = 0; lane < lanes; lane++) {
    kernels.forEach((_, i) => {
      const slope = slopes[lane * kernels.length + i];
      for (let t = 0; t < taps; t++) coefficients[i * taps + t] += slope * samples[lane * taps + t];
    });
  }
  const white = whiteOf(target.map);
  const stored = target.map.data[(channel * target.map.height + row) * target.map.width + column];
  const sample = inverted ? white - stored : stored;
  const [least, most] = boundsOf(sample, white);
  const rows: Row[] = [];
  if (most < Number.POSITIVE_INFINITY) rows.push({ coefficients, bound: most - response });
  if (least > Number.NEGATIVE_INFINITY)
    rows.push({ coefficients: coefficients.map((c) => -c), bound: response - least });
  return rows;
}

/** Rows and columns of which one window, the worst, is enough at a time. */
const TILE = 6;

/** More samples tell hardly more. */
const ENOUGH = 2 ** 20;

function scan(refining: Refining, kernels: readonly Float64Array[], most: number): { least: number; windows: Worst[] } {
  const { targets, detectorOf, side, boundsOf, inverted, spoiled = Number.POSITIVE_INFINITY } = refining;
  const half = (side - 1) / 2;
  let least = Number.POSITIVE_INFINITY;
  const windows: Worst[] = [];
  const share = Math.min(1, ENOUGH / targets.reduce((sum, { map }) => sum + map.data.length, 0));
  for (const target of targets) {
    const { before, map, top, left } = target;
    const responder = openResponder(before, detectorOf(kernels), false);
    const white = whiteOf(map);
    const firstColumn = Math.max(0, half - left);
    const lastColumn = Math.min(map.width, before.width - half - left);
    const across = Math.ceil(map.width / TILE);
    const worst = new Float64Array(across);
    const places = new Int32Array(2 * across);
    const rows = rowsOfPart(map, before, half, top, share);
    for (let channel = 0; channel < map.channels; channel++) {
      worst.fill(Number.POSITIVE_INFINITY);
      for (let row = rows.first; row < rows.last; row++) {
        const { size } = responder.respond(channel, row + top);
        const start = (channel * map.height + row) * map.width;
        for (let j = firstColumn; j < lastColumn; j++) {
          const sample = inverted ? white - map.data[start + j] : map.data[start + j];
          const [from, to] = boundsOf(sample, white);
          const slack = Math.min(size[j + left] - from, to - size[j + left]);
          if (slack < -spoiled) continue;
          const tile = Math.floor(j / TILE);
          if (slack < worst[tile]) {
            worst[tile] = slack;
            places[2 * tile] = row;
            places[2 * tile + 1] = j;
          }
        }
        if ((row + 1 - rows.first) % TILE !== 0 && row + 1 !== rows.last) continue;
        for (let tile = 0; tile < across; tile++) {
          const slack = worst[tile];
          if (slack === Number.POSITIVE_INFINITY) continue;
          if (slack < least) least = slack;
          windows.push({ target, channel, row: places[2 * tile], column: places[2 * tile + 1], slack });
          worst[tile] = Number.POSITIVE_INFINITY;
        }
      }
    }
  }
  return { least, windows: windows.sort((a, b) => a.slack - b.slack).slice(0, most) };
}

/** Of a large map its middle. */
function rowsOfPart(
  map: Planes,
  before: Planes,
  half: number,
  top: number,
  share: number,
): { first: number; last: number } {
  const first = Math.max(0, half - top);
  const last = Math.min(map.height, before.height - half - top);
  const count = Math.max(1, Math.floor((last - first) * share));
  const from = first + ((last - first - count) >> 1);
  return { first: from, last: from + count };
}
