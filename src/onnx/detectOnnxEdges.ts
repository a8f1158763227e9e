import { expectColours } from '../edges/contours/contourEdges.ts';
import { linesOfMap, planesOfLines } from '../edges/contours/linesOfMap.ts';
import { type NetSettings, netSettings } from '../edges/detection.ts';
import type { DetectOptions, Edges } from '../edges/options.ts';
import { opaquePlanes } from '../edges/seenRows.ts';
import { isLinear, type Picture, planesOf } from '../planes/picture.ts';
import { createPlanes, expectPlanes, type Planes, whiteOf } from '../planes/planes.ts';
import { encodeSrgb } from '../planes/srgb.ts';
import { onnxLikelihoods } from './onnxLikelihoods.ts';
import type { OnnxNet } from './openOnnxNet.ts';

export type DetectOnnxOptions = Pick<
  DetectOptions,
  'scales' | 'thin' | 'mask' | 'threshold' | 'low' | 'high' | 'alpha'
>;

/**
 * The edges of a picture by a net of other people: the likelihood that it answers, in the picture's white; as lines, or cut, where those were
 * asked for. A picture is as large as the net takes it: one that it refuses goes on with its last row and column to sides that are
 * multiples of 32, and a net of one size sees it resized.
 *
 * @param x C×H×W, C 1 or 3
 * @throws ExpectationError where an option does not fit, or the net cannot be run on the picture
 */
export async function detectOnnxEdges(
  x: Planes | Picture,
  net: OnnxNet,
  options: DetectOnnxOptions = {},
): Promise<Edges> {
  return onnxEdges(x, net, netSettings(options, A_NET));
}

export const A_NET = 'a net';

/** {@link detectOnnxEdges} by options that were settled before. */
export async function onnxEdges(x: Planes | Picture, net: OnnxNet, settings: NetSettings): Promise<Edges> {
  expectPlanes(planesOf(x), 'the picture');
  const { colours, alpha } = opaquePlanes(x, settings.alpha);
  const stored = isLinear(x) ? encodeSrgb(colours) : colours;
  expectColours(stored.channels);
  const { data } = await onnxLikelihoods(stored, net, settings.scales);
  const map = createPlanes(1, stored.height, stored.width, stored.white);
  const white = whiteOf(stored);
  for (let i = 0; i < data.length; i++) map.data[i] = data[i] * white;
  return { ...linesOfMap(map, settings), ...(alpha && { alpha }) };
}

/** What a net's own maps take of each pixel that it sees, in bytes: as much as HED's. Its file does not say. */
const NETS_BYTES = 640;

/** About the bytes that {@link onnxEdges} takes beside the picture. */
export function roomForOnnx(
  { height, width }: { readonly height: number; readonly width: number },
  { feed }: OnnxNet,
  settings: NetSettings,
): number {
  const seen = settings.scales.map((scale) => (feed.height ?? height * scale) * (feed.width ?? width * scale));
  return NETS_BYTES * Math.max(...seen) + 4 * height * width * (2 + planesOfLines(settings));
}
