import type { Kernel } from '../../kernels/kernel.ts';

/** What alpha is correlated with where a kernel is correlated with premultiplied colour. */
export interface AlphaTaps {
  /** N×1×kh×kw: an output's taps, summed over its input channels, once for all outputs of which these are the same. */
  readonly kernel: Kernel;
  /** For each output of the colours, which of these are its; undefined where they sum to 0. */
  readonly ofOutput: readonly (number | undefined)[];
}

/**
 * The taps for alpha that belong to a kernel for colour. Those of a kernel of one channel, or of one that is repeated for every
 * channel, are its own.
 *
 * @returns undefined where the taps of every output sum to 0: of what is opaque nothing is left then, and they say nothing of alpha
 */
export function alphaTapsOf(k: Kernel): AlphaTaps | undefined {
  const size = k.height * k.width;
  const distinct: Float32Array[] = [];
  const ofOutput = Array.from({ length: k.outChannels }, (_, o) => {
    const taps = summed(k.weights.subarray(o * k.inChannels * size, (o + 1) * k.inChannels * size), size);
    if (sumToNothing(taps)) return undefined;
    const known = distinct.findIndex((other) => other.every((tap, i) => tap === taps[i]));
    return known === -1 ? distinct.push(taps) - 1 : known;
  });
  if (distinct.length === 0) return undefined;
  const weights = new Float32Array(distinct.length * size);
  distinct.forEach((taps, i) => weights.set(taps, i * size));
  const { height, width } = k;
  const bias = new Float32Array(distinct.length);
  return { kernel: { outChannels: distinct.length, inChannels: 1, height, width, weights, bias }, ofOutput };
}

/** An output's taps, input channel by input channel, summed over these. */
function summed(taps: Float32Array, size: number): Float32Array {
  if (taps.length === size) return taps;
  return Float32Array.from({ length: size }, (_, i) => {
    let sum = 0;
    for (let at = i; at < taps.length; at += size) sum += taps[at];
    return sum;
  });
}

/**
 * Derivatives' taps sum to 0 but for rounding, and those that nearly do would make the colours of an edge many times as strong. A sum
 * that is so small a share of the taps' sizes counts as 0; that of a strong sharpening is a tenth.
 */
const LEAST_SHARE = 2 ** -8;

function sumToNothing(taps: Float32Array): boolean {
  let sum = 0;
  let sizes = 0;
  for (const tap of taps) {
    sum += tap;
    sizes += Math.abs(tap);
  }
  return Math.abs(sum) <= LEAST_SHARE * sizes;
}

/** What taps for alpha answer in the midst of what is opaque: their sum, in the order and rounding of a correlation. */
export function opaqueResponse(taps: Float32Array, white: number): number {
  let sum = 0;
  for (const tap of taps) sum = Math.fround(sum + Math.fround(tap * white));
  return sum;
}

/**
 * Responses that differ from the opaque one by no more than this share of it are opaque, those that differ from 0 by no more are
 * transparent: a quarter of a 16-bit sample, and more than transforms leave.
 */
export const OPAQUE_WITHIN: number = 2 ** -18;
