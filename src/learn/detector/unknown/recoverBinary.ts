import type { KernelDetector } from '../../../edges/detector/detector.ts';
import { seededRandom } from '../../../layers/random.ts';
import { type Row, slackProgram, solverBudget, SolverEnded } from '../../feasible/slackProgram.ts';
import { isInverted } from '../isInverted.ts';
import { greysOf } from '../known/inputs.ts';
import type { MapTarget } from '../mapTarget.ts';
import { decomposed, formOf } from './lift.ts';
import { greyOf, windowOf } from './recoverDetector.ts';
import { type Refined, refineByIntervals } from './refine.ts';
import { sureSamples } from './sureSamples.ts';

/** Kernels whose length, or absolute value, is above a threshold where a map is white. */
export interface RecoveredBinary {
  readonly response: 'l2' | 'abs';
  readonly kernels: readonly Float64Array[];
  readonly color?: KernelDetector['color'];
  readonly side: number;
  readonly inverted: boolean;
  /** Of the kernels' responses. */
  readonly threshold: number;
  /** Whether it is the lower of two thresholds, and samples above it are white where they are joined to one above a higher. */
  readonly linked: boolean;
  /** The least distance of a response to the threshold; below 0 where one is on the wrong side. */
  readonly slack: number;
  readonly targets: readonly MapTarget[];
}

/** What responses are measured by: samples are about as large. */
const LEVEL = 64;

/** An eigenvalue below this share of the first is none of a second kernel. */
const FAINT = 0.02;

/**
 * Kernels behind a map that is white where the length of two responses (or the absolute value of one) is above a threshold: one bit a
 * sample. Squared, the response is linear in the products of a window's samples; a linear program finds the form under which white and
 * black are farthest apart, and its eigenvectors begin the search for the kernels themselves.
 */
export async function recoverBinary(
  targets: readonly MapTarget[],
  { sides, linked }: { readonly sides: readonly number[]; readonly linked: boolean },
  pause: () => Promise<void>,
): Promise<RecoveredBinary | undefined> {
  const [target] = targets;
  if (target.map.channels !== 1) return undefined;
  const inverted = isInverted(target);
  const told = linked ? targets.map((one) => sureSamples(one, inverted)) : targets;
  for (const side of sides) {
    const seen = greyTargets(told);
    for (const { color, own } of seen) {
      const form = await separate(own, side, inverted, pause);
      if (form === undefined) continue;
      const { eigenvalues, vectors } = decomposed(form);
      if (!(eigenvalues[0] > 0)) continue;
      const response = eigenvalues[1] > FAINT * eigenvalues[0] ? 'l2' : 'abs';
      const kernels = (response === 'l2' ? [0, 1] : [0]).map((i) =>
        vectors[i].map((v) => v * LEVEL * Math.sqrt(eigenvalues[i])),
      );
      const { slack, kernels: refined } = await separated(own, { response, kernels, side, inverted }, pause);
      if (slack > 0)
        return {
          response,
          kernels: refined,
          side,
          inverted,
          linked,
          threshold: LEVEL,
          slack,
          targets: own,
          ...(color === undefined ? {} : { color }),
        };
    }
  }
  return undefined;
}

function greyTargets(
  targets: readonly MapTarget[],
): { color?: NonNullable<KernelDetector['color']>; own: readonly MapTarget[] }[] {
  if (targets[0].before.channels === 1) return [{ own: targets }];
  return greysOf(targets[0].before)
    .slice(0, MOST_GREYS)
    .flatMap(({ color }) =>
      color === undefined ? [] : [{ color, own: targets.map((one) => ({ ...one, before: greyOf(one, color) })) }],
    );
}

/** Each grey costs seconds. */
const MOST_GREYS = 4;

/** Windows that are added at a time, and how often. */
const BATCH = 400;
const ROUNDS = 16;

/** The form, of windows' samples, that is above 1 where a map is white and below where it is black; nothing where none is. */
async function separate(
  targets: readonly MapTarget[],
  side: number,
  inverted: boolean,
  pause: () => Promise<void>,
): Promise<ReturnType<typeof formOf> | undefined> {
  const n = side * side;
  const middle = (n - 1) / 2;
  // Differences from the middle alone: an edge detector answers nothing of what is flat.
  const features = ((n - 1) * n) / 2;
  const [{ before, map, top, left }] = targets;
  const half = (side - 1) / 2;
  const first = Math.max(0, half - top);
  const firstColumn = Math.max(0, half - left);
  const rows = Math.min(map.height, before.height - half - top) - first;
  const columns = Math.min(map.width, before.width - half - left) - firstColumn;
  const random = seededRandom(1);
  const count = Math.min(rows * columns, MOST_SAMPLES);
  const sampleAt = (place: number): number =>
    map.data[(first + Math.floor(place / columns)) * map.width + firstColumn + (place % columns)];
  const places = Int32Array.from({ length: count }, (_, i) =>
    count === rows * columns ? i : Math.floor(random.uniform(0, rows * columns)),
  ).filter((place) => !Number.isNaN(sampleAt(place)));
  const target = targets[0];
  const productsAt = (place: number): { products: Float64Array; white: boolean } => {
    const row = first + Math.floor(place / columns);
    const column = firstColumn + (place % columns);
    const window = windowOf(target, 0, 1, row, column, side);
    const products = new Float64Array(features);
    let at = 0;
    for (let a = 0; a < n; a++) {
      if (a === middle) continue;
      for (let b = 0; b <= a; b++)
        if (b !== middle)
          products[at++] = ((window[a] - window[middle]) / SPREAD) * ((window[b] - window[middle]) / SPREAD);
    }
    const isWhite = sampleAt(place) > 0 !== inverted;
    return { products, white: isWhite };
  };
  const program = await slackProgram(
    Array.from({ length: features }, () => undefined),
    0.5,
    solverBudget(),
  );
  const known = new Set<number>();
  let weights = new Float64Array(features);
  let margin = Number.POSITIVE_INFINITY;
  try {
    for (let round = 0; round < ROUNDS; round++) {
      await pause();
      const worst: { place: number; slack: number }[] = [];
      let least = Number.POSITIVE_INFINITY;
      for (const place of places) {
        const { products, white } = productsAt(place);
        let value = 0;
        for (let i = 0; i < features; i++) value += weights[i] * products[i];
        // Far from the threshold what counts is the share, not the distance.
        const slack = white ? value - 1 : 1 - value;
        if (slack < least) least = slack;
        if (!known.has(place) && slack < margin - 1e-6)
          worst.push({ place, slack: round === 0 ? random.uniform(0, 1) : slack });
      }
      if (round > 0 && (worst.length === 0 || margin < 0)) break;
      worst.sort((a, b) => a.slack - b.slack);
      const added: Row[] = worst.slice(0, BATCH).map(({ place }) => {
        known.add(place);
        const { products, white } = productsAt(place);
        return white ? { coefficients: products.map((p) => -p), bound: -1 } : { coefficients: products, bound: 1 };
      });
      program.add(added);
      const answer = await program.solve(pause);
      weights = Float64Array.from(answer.unknowns);
      margin = answer.slack;
    }
  } catch (error) {
    if (!(error instanceof SolverEnded)) throw error;
    return undefined;
  } finally {
    program.dispose();
  }
  if (!(margin > 0)) return undefined;
  // Back to all products, those with the middle itself 0.
  const all = new Float64Array((n * (n + 1)) / 2);
  let from = 0;
  let at = 0;
  for (let a = 0; a < n; a++) {
    for (let b = 0; b <= a; b++) all[at++] = a === middle || b === middle ? 0 : weights[from++] / SPREAD ** 2;
  }
  return formOf(all, n, middle);
}

/** Levels by which differences are divided, so that their products are about 1. */
const SPREAD = 32;

/** More samples of a large map tell hardly more. */
const MOST_SAMPLES = 2 ** 17;

interface Separating {
  readonly response: 'l2' | 'abs';
  readonly kernels: readonly Float64Array[];
  readonly side: number;
  readonly inverted: boolean;
}

function separated(
  targets: readonly MapTarget[],
  { response, kernels, side, inverted }: Separating,
  pause: () => Promise<void>,
): Promise<Refined> {
  return refineByIntervals(
    {
      estimate: { response, rule: 'one', kernels, excess: 0, rms: 0 },
      detectorOf: (taps) => ({
        kernels: taps.map((own) => ({ channels: 1, height: side, width: side, taps: own })),
        response,
      }),
      windowAt: (target, channel, row, column) => windowOf(target, channel, 1, row, column, side),
      targets,
      side,
      inverted,
      boundsOf: (sample) => [
        sample > 0 ? LEVEL : Number.NEGATIVE_INFINITY,
        sample <= 0 ? LEVEL : Number.POSITIVE_INFINITY,
      ],
      most: LEVEL,
    },
    pause,
  );
}
