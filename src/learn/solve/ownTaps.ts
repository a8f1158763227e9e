import type { Kernel } from '../../kernels/kernel.ts';
import { whiteOf } from '../../planes/planes.ts';
import type { Rounding } from '../../planes/samples.ts';
import type { KernelShape } from '../kernelShape.ts';
import { kernelFrom } from '../kernelUnknowns.ts';
import { leftOf } from '../majority/misfits.ts';
import type { Example } from '../pairs.ts';
import { knownWeights } from './knownWeights.ts';
import { separableTaps } from './separableTaps.ts';

interface OwnTaps {
  readonly unknowns: readonly Float64Array[];
  readonly rounding: Rounding;
  /** Whether every response is rounded to the sample that is stored. */
  readonly feasible: boolean;
}

/** Of what a program writes: fewer samples than this share are none that its taps give (ties, sums of few bits). */
const STRAYS = 1e-3;

/** And so much fewer than those that the estimate does not give. */
const FEWER = 0.5;

/**
 * The numbers that estimated taps stand for, where those give the samples: weights of colours that have a name; whole numbers over a
 * denominator, an output channel its own; products of two rows of such numbers.
 *
 * @param estimate of each output channel, with a bias where the shape has one
 * @param errors how far each may be off
 * @param pause awaited between candidates
 */
export async function ownTaps(
  examples: readonly Example[],
  shape: KernelShape,
  estimate: readonly Float64Array[],
  errors: readonly Float64Array[],
  pause: () => Promise<void>,
): Promise<OwnTaps | undefined> {
  const white = whiteOf(examples[0].after);
  const overOne = estimate.map((values, o) => overDenominator(values, errors[o], shape, white));
  const weights = knownWeights(estimate, shape);
  const candidates: (readonly (Float64Array | undefined)[])[] = [
    ...weights,
    overOne,
    ...separableTaps(estimate, errors, shape),
  ];
  const given = await outsideOf(examples, kernelFrom(shape, estimate), pause);
  let best: (OwnTaps & { readonly outside: number; readonly ties: number }) | undefined;
  for (const candidate of candidates) {
    if (!candidate.every((values) => values !== undefined)) continue;
    const found = await outsideOf(examples, kernelFrom(shape, candidate), pause);
    const { outside, ties, samples, rounding } = found;
    // Chance has been ruled out for whole numbers, whatever else there is in the pictures.
    if (candidate !== overOne && outside > STRAYS * samples && outside > FEWER * given.outside) continue;
    if (outside > given.outside) continue;
    // Weights of one standard differ by the digits that programs keep of them, which ties alone tell.
    const isTold = weights.includes(candidate as Float64Array[]) && best?.outside === outside && ties < best.ties;
    if (best !== undefined && best.outside <= outside && !isTold) continue;
    best = { unknowns: candidate, rounding, feasible: outside === 0, outside, ties };
  }
  return best;
}

/** What Float32 and a program's own arithmetic may add to the half of a level. */
const SLACK = 2e-3;

/** Nearer than this to the end of its interval, what becomes of a response is told by the last bits. */
const TIE = 1e-5;

/** Responses that are outside the interval of their sample, and at its ends, under the rounding that has fewer of them. */
async function outsideOf(
  examples: readonly Example[],
  k: Kernel,
  pause: () => Promise<void>,
): Promise<{ outside: number; ties: number; samples: number; rounding: Rounding }> {
  const outside = { nearest: 0, truncate: 0 };
  const ties = { nearest: 0, truncate: 0 };
  let samples = 0;
  for (const example of examples) {
    await pause();
    const { levels } = leftOf(example, k);
    for (let i = 0; i < levels.length; i++) {
      const level = levels[i];
      if (Number.isNaN(level)) continue;
      samples++;
      if (Math.abs(level) > 0.5 + SLACK) outside.nearest++;
      if (Math.abs(level) > 0.5 - TIE) ties.nearest++;
      // Where a program cuts, its response is up to a level more than the sample.
      if (level > SLACK || level < -1 - SLACK) outside.truncate++;
      if (level > 0 || level < TIE - 1) ties.truncate++;
    }
  }
  const rounding = outside.truncate < outside.nearest ? 'truncate' : 'nearest';
  return { outside: outside[rounding], ties: ties[rounding], samples, rounding };
}

/** As people and programs write taps: whole numbers, n/256, decimals, and shares of boxes, lines and other sums. */
const WRITTEN: readonly number[] = [1, 2, 4, 8, 10, 16, 32, 64, 100, 128, 256, 512, 1000, 1024];
const DENOMINATORS: readonly number[] = [...new Set([...WRITTEN, ...Array.from({ length: 255 }, (_, i) => i + 3)])];

/** Standard errors, which stray samples make too small, that an estimate may be away; and the least that Float32 sums leave. */
const AWAY = 8;
const LEAST_ERROR = 1e-6;

/** Chance is ruled out at one in so many. */
const SURE = 1e5;

function overDenominator(
  values: Float64Array,
  errors: Float64Array,
  { inChannels, height, width, bias }: KernelShape,
  white: number,
): Float64Array | undefined {
  const taps = inChannels * height * width;
  for (const [place, denominator] of DENOMINATORS.entries()) {
    let farthest = 0;
    let isNear = true;
    const over = values.map((value, i) => {
      if (i >= taps) return value;
      const rounded = Math.round(value * denominator) / denominator + 0;
      const away = Math.abs(value - rounded);
      farthest = Math.max(farthest, away);
      if (away > AWAY * Math.max(LEAST_ERROR, errors[i])) isNear = false;
      return rounded;
    });
    if (!isNear) continue;
    // The sum is known better than taps are, and is often whole where they are not.
    if ((2 * farthest * denominator) ** Math.max(1, taps - inChannels) * (place + 1) * SURE >= 1) continue;
    if (bias) over[taps] = shortBias(values[taps], errors[taps], white);
    return over;
  }
  return undefined;
}

/** Where it is near one: a share of white, or a number of levels. */
function shortBias(value: number, error: number, white: number): number {
  for (const unit of [1, 2, 10, white, 100]) {
    const rounded = Math.round(value * unit) / unit + 0;
    if (Math.abs(value - rounded) <= AWAY * Math.max(LEAST_ERROR, error)) return rounded;
  }
  return value;
}
