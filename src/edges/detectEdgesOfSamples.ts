import { PRECISIONS } from '../correlate/algorithm.ts';
import { fitted } from '../correlate/channels.ts';
import { runPass } from '../correlate/pass/pass.ts';
import { type PassSpecification, servesPass } from '../correlate/pass/passPlan.ts';
import { type StoreOptions, storeResponse, storing } from '../correlate/pass/storeResponse.ts';
import { channelsWanted } from '../kernels/kernel.ts';
import { parseBorder } from '../planes/border.ts';
import { expectChoice } from '../planes/expected.ts';
import { expectInterleaved, type InterleavedPicture, pictureFrom } from '../planes/picture.ts';
import { type DetectOptions, detectEdges, EDGE_COLORS, isLayer } from './detectEdges.ts';
import { LUMA_WEIGHTS } from './luma.ts';
import { MAGNITUDE_NORMS } from './magnitude.ts';
import { operatorOf } from './operators.ts';
import { parseThreshold } from './threshold.ts';

export interface DetectSamplesOptions extends DetectOptions, StoreOptions {}

export interface EdgeSamples {
  /** Of the picture's height and width; no alpha. */
  readonly map: InterleavedPicture;
  /** What the threshold came to, in units of white. */
  readonly thresholds?: { readonly high: number };
}

/**
 * The edges of stored samples as stored samples: {@link detectEdges}, {@link mapResponse} (`abs` where left out) and rounding in
 * one pass, strip by strip, so that no whole picture is ever held in Float32. The bytes are those of these steps. Thresholds and
 * maps that need the whole picture's responses (`otsu`, `12%`, `minmax`) and learned layers do hold it.
 *
 * @param picture of one channel or three; alpha is left out
 * @throws ExpectationError where an option or a kernel's channels do not fit
 * @example
 * const row = { samples: Uint8Array.of(0, 0, 200, 200), height: 1, width: 4, stride: 1, channels: 1, white: 255 }
 * Array.from(detectEdgesOfSamples(row).map.samples) // [0, 200, 200, 0]
 */
export function detectEdgesOfSamples(picture: InterleavedPicture, options: DetectSamplesOptions = {}): EdgeSamples {
  expectInterleaved(picture, 'the picture');
  const store = storing(picture.samples, options, 'abs');
  const pass = passOf(picture, options, store);
  if (pass !== undefined && servesPass(picture, pass)) {
    const { threshold } = pass;
    return { map: runPass(picture, pass), ...(threshold === undefined ? {} : { thresholds: { high: threshold } }) };
  }
  const { alphaAt: _, ...opaque } = picture;
  const { map, thresholds } = detectEdges(pictureFrom(opaque), options);
  return { map: storeResponse(map, undefined, store), ...(thresholds === undefined ? {} : { thresholds }) };
}

/** The steps as one pass; undefined where some of them need the whole picture. */
function passOf(
  picture: InterleavedPicture,
  options: DetectOptions,
  { map, ...store }: Required<StoreOptions>,
): PassSpecification | undefined {
  const { operator = 'sobel', magnitude = 'l2', border = 'replicate', precision = 'deterministic' } = options;
  const color = expectChoice(options.color ?? 'luma', 'color', EDGE_COLORS);
  if (map === 'minmax' || isLayer(operator)) return undefined;
  const threshold = options.threshold === undefined ? undefined : parseThreshold(options.threshold);
  if (threshold !== undefined && threshold.kind !== 'value') return undefined;
  const { kernels, scale } = operatorOf(operator);
  const grey = color === 'luma' && channelsWanted(kernels[0]) === 1;
  const [first, second] = kernels.map((k) => fitted(k, grey ? 1 : picture.channels));
  return {
    ...(grey && picture.channels === LUMA_WEIGHTS.length ? { mix: LUMA_WEIGHTS } : {}),
    kernels: second === undefined ? [first] : [first, second],
    magnitude: expectChoice(magnitude, 'magnitude', MAGNITUDE_NORMS),
    scale,
    strongest: color !== 'each',
    ...(threshold === undefined ? {} : { threshold: threshold.value }),
    map,
    ...store,
    padding: 'same',
    border: parseBorder(border),
    precision: expectChoice(precision, 'precision', PRECISIONS),
    alpha: false,
  };
}
