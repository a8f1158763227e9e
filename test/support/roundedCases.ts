import { expect } from 'vitest';
import { type Geometry, geometry } from '../../src/correlate/geometry.ts';
import type { Kernel } from '../../src/kernels/kernel.ts';
import { type Border, parseBorder } from '../../src/planes/border.ts';
import { describeDifference } from '../../src/planes/compare.ts';
import { pad } from '../../src/planes/pad.ts';
import type { Planes } from '../../src/planes/planes.ts';
import { anyEngineCase, type EngineCase, kernelOfCase, planesOfCase } from './engineCases.ts';
import type fc from './fc.ts';
import { type Place, poisonedPlanes } from './poisoned.ts';

/** Cases of which regrouped sums are as exact as their bound says: nothing overflows, and nothing is subnormal. */
export const ordinaryCase: fc.Arbitrary<EngineCase> = anyEngineCase.map((one) => ({
  ...one,
  samples: one.samples === 'bytes' ? one.samples : ('fractions' as const),
  taps: one.taps === 'wild' || one.taps === 'subnormal' ? ('fractions' as const) : one.taps,
}));

/** Computes a case in memory of the given kinds, looks for writes where none belong, and gives the largest error as a share of the bound. */
export function computedCase(
  one: EngineCase,
  [from, to]: readonly [from: Place, to: Place],
  compute: (x: Planes, k: Kernel, at: Geometry, border: Border, out: Planes) => void,
  biasRoundings?: number,
): { error: number; result: Planes } {
  const given = planesOfCase(one);
  const k = kernelOfCase(one);
  const border = parseBorder(one.options.border ?? 'zero');
  const at = geometry(given, k, one.options);
  const x = poisonedPlanes(given, from);
  const out = poisonedPlanes({ channels: k.outChannels, height: at.rows.output, width: at.columns.output }, to);
  x.planes.data.set(given.data);
  try {
    compute(x.planes, k, at, border, out.planes);
    expect(out.touched()).toBe('');
    expect(out.unwritten()).toBe(0);
    expect(x.touched()).toBe('');
    expect(describeDifference(x.planes, given)).toBe('');
    const result = { ...out.planes, data: out.planes.data.slice() };
    return { error: largestError(result, given, k, at, border, biasRoundings), result };
  } finally {
    x.release();
    out.release();
  }
}

/**
 * The largest error, as a share of what regrouped sums may be off.
 *
 * @param biasRoundings additions that round the bias along with the sums
 */
export function largestError(
  result: Planes,
  x: Planes,
  k: Kernel,
  at: Geometry,
  border: Border,
  biasRoundings = 1,
): number {
  const white = x.white ?? 1;
  const wanted = exactly(x, k, at, border);
  const constant = typeof border === 'object' ? Math.abs(border.constant) * white : 0;
  const largest = x.data.reduce((most, sample) => Math.max(most, Math.abs(sample)), constant);
  const taps = k.inChannels * k.height * k.width;
  const size = at.rows.output * at.columns.output;
  const scales = Array.from(k.bias, (_, o) => boundOf(k.weights.subarray(o * taps, (o + 1) * taps)) * largest);
  let worst = 0;
  for (let i = 0; i < wanted.length; i++) {
    const o = Math.floor(i / size);
    const rounding = biasRoundings * 2 ** -22 * Math.abs(k.bias[o] * white);
    const error = Math.max(0, Math.abs(result.data[i] - wanted[i]) - rounding);
    const relative = error === 0 ? 0 : error / scales[o];
    if (!(relative <= worst)) worst = relative;
    if (Number.isNaN(worst)) return worst;
  }
  return worst;
}

/** What the docstring promises, relative to the largest sample. */
export function boundOf(weights: Float32Array): number {
  const sum = weights.reduce((total, tap) => total + Math.abs(tap), 0);
  const squares = weights.reduce((total, tap) => total + tap * tap, 0);
  return 2e-6 * Math.sqrt(squares) + 4e-7 * sum;
}

/** In Float64, by the formula, on the padded picture. */
function exactly(x: Planes, k: Kernel, at: Geometry, border: Border): Float64Array {
  const { rows, columns } = at;
  const padded = pad(x, { top: rows.before, bottom: rows.after, left: columns.before, right: columns.after }, border);
  const y = new Float64Array(k.outChannels * rows.output * columns.output);
  const outputsOfGroup = k.outChannels / (k.groups ?? 1);
  let to = 0;
  for (let o = 0; o < k.outChannels; o++) {
    for (let i = 0; i < rows.output; i++) {
      for (let j = 0; j < columns.output; j++) {
        let sum = k.bias[o] * (x.white ?? 1);
        for (let c = 0; c < k.inChannels; c++) {
          const plane = (Math.floor(o / outputsOfGroup) * k.inChannels + c) * padded.height;
          for (let r = 0; r < k.height; r++) {
            const from = (plane + i * rows.stride + r * rows.dilation) * padded.width + j * columns.stride;
            const taps = ((o * k.inChannels + c) * k.height + r) * k.width;
            for (let q = 0; q < k.width; q++) sum += k.weights[taps + q] * padded.data[from + q * columns.dilation];
          }
        }
        y[to++] = sum;
      }
    }
  }
  return y;
}
