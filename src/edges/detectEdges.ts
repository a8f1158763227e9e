import { allocatePlanes, release } from '../correlate/allocate.ts';
import { fitted } from '../correlate/channels.ts';
import { corr2d, type Precision } from '../correlate/corr2d.ts';
import { channelsWanted, type Kernel } from '../kernels/kernel.ts';
import { applyModel } from '../layers/applyModel.ts';
import type { Layer } from '../layers/layer.ts';
import type { Border } from '../planes/border.ts';
import { expectChoice } from '../planes/expected.ts';
import { type Picture, planesOf } from '../planes/picture.ts';
import { expectPlanes, type Planes } from '../planes/planes.ts';
import { luma } from './luma.ts';
import { MAGNITUDE_NORMS, type MagnitudeNorm, magnitude } from './magnitude.ts';
import { type Operator, operatorOf } from './operators.ts';
import { strongest } from './strongest.ts';
import { binarise, type Threshold, thresholdOf } from './threshold.ts';

/** What is done about colour: edges of the brightness, of the channel that answers most strongly, or of each channel. */
export type EdgeColor = 'luma' | 'max' | 'each';

export const EDGE_COLORS: readonly EdgeColor[] = ['luma', 'max', 'each'];

export interface DetectOptions {
  /** An operator's name, a kernel, a pair of kernels whose magnitude is taken, or a learned stack of layers; `sobel` where left out. */
  operator?: string | Kernel | readonly [Kernel, Kernel] | Layer;
  /** `luma` where left out. A kernel of several input channels sees the colour planes themselves. */
  color?: EdgeColor;
  /** How two directions become one response; `l2` where left out. Of one kernel or a stack of layers there is one response. */
  magnitude?: MagnitudeNorm;
  /** Where given, the map is binary: 0 and white. */
  threshold?: Threshold;
  /** `replicate` where left out: a rim of its own would be an edge. */
  border?: Border;
  /** `deterministic` where left out. Of kernels: layers always correlate so. */
  precision?: Precision;
}

export interface Edges {
  /** The picture's size; one channel, or the picture's own number under `color: 'each'`; signed where the operator is one kernel. */
  readonly map: Planes;
  /** What the threshold came to, in units of white. */
  readonly thresholds?: { readonly high: number };
}

/**
 * The edges of a picture: correlation with the operator's kernels, then their magnitude, scaled so that a straight step
 * from black to white answers white (a user's kernel is taken as it is).
 *
 * @param x C×H×W, C 1 or 3
 * @returns a map of the same height and width
 * @throws ExpectationError where an option or a kernel's channels do not fit
 * @example
 * toNested(detectEdges(planes([[0, 0, 1, 1]]), { operator: 'sobel' }).map) // [[[0, 1, 1, 0]]]
 */
export function detectEdges(x: Planes | Picture, options: DetectOptions = {}): Edges {
  const { operator = 'sobel' } = options;
  const color = expectChoice(options.color ?? 'luma', 'color', EDGE_COLORS);
  expectChoice(options.magnitude ?? 'l2', 'magnitude', MAGNITUDE_NORMS);
  const picture = planesOf(x);
  expectPlanes(picture, 'the picture');
  const responses = isLayer(operator)
    ? applyModel(operator, color === 'luma' && operator.inputs === 1 ? luma(picture) : picture, options.border)
    : respond(picture, operatorOf(operator), color, options);
  const map = color === 'each' ? responses : strongest(responses);
  if (options.threshold === undefined) return { map };
  const high = thresholdOf(map, options.threshold);
  return { map: binarise(map, high), thresholds: { high } };
}

/** Whether an operator is a learned stack rather than kernels. */
export function isLayer(operator: NonNullable<DetectOptions['operator']>): operator is Layer {
  return typeof operator === 'object' && operator !== null && 'forward' in operator;
}

function respond(picture: Planes, { kernels, scale }: Operator, color: EdgeColor, options: DetectOptions): Planes {
  const { border = 'replicate', precision = 'deterministic' } = options;
  const x = color === 'luma' && channelsWanted(kernels[0]) === 1 ? luma(picture) : picture;
  const how = { padding: 'same', border, precision } as const;
  const [first, second] = kernels.map((k) => fitted(k, x.channels));
  if (second === undefined) {
    const response = corr2d(x, first, how);
    const factor = Math.fround(scale);
    for (let i = 0; i < response.data.length && factor !== 1; i++) response.data[i] *= factor;
    return response;
  }
  // Both directions pass through the engine's memory: fresh arrays of their size would cost more than the correlations.
  const directions: Planes[] = [];
  try {
    for (const k of [first, second]) {
      const out = allocatePlanes(k.outChannels, x.height, x.width, x.white);
      directions.push(out);
      corr2d(x, k, { ...how, out });
    }
    const [across, down] = directions;
    return magnitude(across, down, options.magnitude, scale);
  } finally {
    directions.forEach(release);
  }
}
