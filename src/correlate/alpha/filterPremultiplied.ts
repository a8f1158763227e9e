import type { Kernel } from '../../kernels/kernel.ts';
import { type Border, parseBorder } from '../../planes/border.ts';
import { createPlanes, type Planes, whiteOf } from '../../planes/planes.ts';
import { corr2d } from '../corr2d.ts';
import type { Corr2dOptions } from '../corr2dOptions.ts';
import { readsOutside } from '../geometry.ts';
import { type AlphaTaps, alphaTapsOf, OPAQUE_WITHIN, opaqueResponse } from './alphaTaps.ts';
import { premultiply } from './premultiply.ts';

interface ColourAndAlpha {
  readonly planes: Planes;
  readonly alpha: Planes;
}

/**
 * A kernel applied to premultiplied colour and to alpha, in Float32: with S, what the taps for alpha answer to an opaque picture,
 * A, what they answer here, and P, what the kernel answers to premultiplied colour, the result's alpha is A·(white / S), from 0 to
 * white, and its colour is P·(S / A), and the bias on top. So colours count as much as they can be seen, a flat colour stays itself
 * however its alpha varies, and what is opaque throughout is filtered as if there were no alpha. What comes out transparent is black.
 *
 * Where an output's taps sum to 0 (derivatives) its colour is P: the response to the picture laid over black. Where those of all
 * outputs do, the result has no alpha of its own. Outputs of different taps for alpha have an A each, and the result's alpha is the
 * mean of theirs. Outside a picture whose border is a constant, that colour is opaque.
 *
 * @param k a kernel for the planes' channels
 * @returns `alpha` is undefined where taps say nothing of it
 */
export function filterPremultiplied(
  { planes, alpha }: ColourAndAlpha,
  k: Kernel,
  how: Corr2dOptions,
): { planes: Planes; alpha: Planes | undefined } {
  const taps = alphaTapsOf(k);
  const colour = premultiply(planes, alpha);
  if (taps === undefined) return { planes: corr2d(colour, k, how), alpha: undefined };
  const response = corr2d(colour, { ...k, bias: new Float32Array(k.outChannels) }, how);
  const coverage = corr2d(alpha, taps.kernel, forAlpha(how, k));
  return unpremultiplied(response, coverage, k, taps);
}

/** What stands outside a picture's alpha: what a constant border stands for is opaque. */
export function borderOfAlpha(border: Border): Border {
  const rule = parseBorder(border);
  return rule === 'zero' || typeof rule === 'object' ? { constant: 1 } : rule;
}

/** Taps that are sums over channels may be of a higher rank than the kernel's. */
function forAlpha({ algorithm, border, ...how }: Corr2dOptions, { inChannels }: Kernel): Corr2dOptions {
  return {
    ...how,
    ...(readsOutside(how.padding) ? { border: borderOfAlpha(border ?? 'zero') } : {}),
    ...(algorithm === undefined || (algorithm === 'separable' && inChannels > 1) ? {} : { algorithm }),
  };
}

/**
 * Colour and alpha of what kernels answer to premultiplied colour and to alpha.
 *
 * @param response in whose place the colour is put
 */
export function unpremultiplied(
  response: Planes,
  coverage: Planes,
  k: Kernel,
  { kernel, ofOutput }: AlphaTaps,
): ColourAndAlpha {
  const { height, width } = response;
  const size = height * width;
  const white = whiteOf(coverage);
  const factors = new Float32Array(coverage.data.length);
  const alphas = new Float32Array(coverage.data.length);
  for (let n = 0; n < coverage.channels; n++) {
    const taps = kernel.weights.subarray(n * kernel.height * kernel.width, (n + 1) * kernel.height * kernel.width);
    const opaque = opaqueResponse(taps, white);
    const near = Math.fround(Math.abs(opaque) * OPAQUE_WITHIN);
    const toAlpha = Math.fround(white / opaque);
    for (let i = n * size; i < (n + 1) * size; i++) {
      const answer = Math.abs(coverage.data[i]) <= near ? 0 : coverage.data[i];
      const isOpaque = Math.abs(Math.fround(answer - opaque)) <= near;
      factors[i] = isOpaque ? 1 : opaque / answer;
      alphas[i] = isOpaque ? white : Math.min(Math.max(Math.fround(answer * toAlpha), 0), white);
    }
  }
  ofOutput.forEach((n, o) => {
    const plane = response.data.subarray(o * size, (o + 1) * size);
    const bias = Math.fround(k.bias[o] * whiteOf(response));
    for (let i = 0; i < size; i++) {
      const factor = n === undefined ? 1 : factors[n * size + i];
      const seen = factor > 0 && factor < Number.POSITIVE_INFINITY;
      plane[i] = seen ? Math.fround(plane[i] * factor) + bias : 0;
    }
  });
  return { planes: response, alpha: meanOf(alphas, coverage.channels, createPlanes(1, height, width, coverage.white)) };
}

function meanOf(alphas: Float32Array, count: number, mean: Planes): Planes {
  const { data } = mean;
  for (let i = 0; i < data.length; i++) {
    let sum = 0;
    for (let at = i; at < alphas.length; at += data.length) sum += alphas[at];
    data[i] = sum / count;
  }
  return mean;
}
