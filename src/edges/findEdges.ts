import { luma } from '../correlate/luma.ts';
import { channelsWanted } from '../kernels/kernel.ts';
import type { Border } from '../planes/border.ts';
import { type Planes, whiteOf } from '../planes/planes.ts';
import { skimageSmoothing } from './canny/skimageSmoothing.ts';
import { orientation } from './gradient/orientation.ts';
import { type Loans, type RespondOptions, type Responses, respond, smoothing } from './gradient/responses.ts';
import { strongestChannel, strongestOfEach, strongestResponses } from './gradient/strongestResponses.ts';
import { linkEdges } from './lines/linkEdges.ts';
import { clearOutside, insideOf } from './lines/mask.ts';
import { suppress } from './lines/suppress.ts';
import { thinMarks } from './lines/thinMarks.ts';
import { zeroCrossings } from './lines/zeroCrossings.ts';
import type { Operator } from './operators/operators.ts';
import type { Edges } from './options.ts';
import type { Settings } from './settings.ts';
import { orderedThresholds } from './thresholds/orderedThresholds.ts';
import { interpolatedQuantile } from './thresholds/quantile.ts';
import { binarise, type ParsedThreshold, valueOf } from './thresholds/threshold.ts';

/** Edges whose map may be binary samples (0 and 255), one list for each channel. */
export interface FoundEdges extends Omit<Edges, 'map'> {
  readonly map: Planes | Uint8Array[];
}

/**
 * The edges of a picture by settings: responses at each scale, then the map that was asked for.
 *
 * @param beside one channel more, whose edges count where they are stronger
 * @param loans what lies in the engine's memory on the way; the result does not
 */
export function findEdges(picture: Planes, settings: Settings, loans: Loans, beside?: Planes): FoundEdges {
  return mapOf(responsesOf(picture, beside, settings, loans), settings);
}

function responsesOf(picture: Planes, beside: Planes | undefined, settings: Settings, loans: Loans): Responses {
  const { operator, color, border, precision, magnitude, sigmas, convention, isCanny, mask } = settings;
  const directed = settings.thin !== undefined || settings.orientation;
  const x = color === 'luma' && isGrey(operator) ? luma(picture) : picture;
  const how = (rule: Border): RespondOptions => ({
    border: rule,
    precision,
    magnitude,
    directed,
    passing: settings.thin === 'interpolated' && settings.hysteresis !== undefined && sigmas.length === 1,
    joined: color === 'di-zenzo',
    smooth:
      isCanny && convention === 'skimage'
        ? skimageSmoothing(mask, precision)
        : smoothing(rule, precision, convention === 'opencv'),
  });
  const marked = (responses: Responses): Responses =>
    settings.zeroCrossings ? { size: zeroCrossings(responses.size) } : responses;
  const atScale = (sigma: number | undefined): Responses => {
    const responses = respond(x, operator, sigma, how(border), loans);
    const joined = color === 'each' || color === 'di-zenzo' ? responses : strongestChannel(responses);
    if (beside === undefined) return marked(joined);
    // What a constant border stands for is opaque.
    const outside = how(typeof border === 'object' ? 'zero' : border);
    const other = marked(
      respond(beside, operator, sigma, { ...outside, joined: false, directed: directed || outside.joined }, loans),
    );
    return strongestOfEach(marked(joined), other);
  };
  const [first, ...others] = sigmas;
  if (others.length === 0) return atScale(first);
  // One scale at a time is in the engine's memory.
  let strongest = kept(atScale(first));
  for (const sigma of others) {
    loans.end();
    strongest = strongestResponses([strongest, atScale(sigma)]);
  }
  return strongest;
}

/** Responses whose gradients do not lie in memory that is lent. */
function kept({ size, across, down }: Responses): Responses {
  if (across === undefined || down === undefined) return { size };
  return { size, across: { ...across, data: across.data.slice() }, down: { ...down, data: down.data.slice() } };
}

/** Whether an operator sees one channel at a time. */
export function isGrey(operator: Operator): boolean {
  return operator.kind === 'gaussian' || channelsWanted(operator.kernels[0]) === 1;
}

/** From responses to the map that was asked for. */
function mapOf(responses: Responses, settings: Settings): FoundEdges {
  const { isCanny, convention, thin, mask } = settings;
  const asSkimage = isCanny && convention === 'skimage';
  const { size, across, down } = responses;
  const inside = mask === undefined && !asSkimage ? undefined : insideOf(mask, size, !asSkimage);
  const cut = cutOf(size, inside, settings);
  // scikit-image keeps what reaches a threshold, not what exceeds it.
  const above = asSkimage ? 1 - 2 ** -24 : 1;
  const least = cut === undefined ? 0 : cut.low * above * whiteOf(size);
  const angles = settings.orientation && across && down ? { orientation: orientation(across, down) } : {};
  if (cut !== undefined && !cut.isBinary && thin === 'interpolated' && across && down) {
    const edges = thinMarks(size, across, down, least, cut.high * above * whiteOf(size), inside);
    if (edges !== undefined) return { map: edges, ...angles, ...cut.report };
  }
  const map =
    thin === undefined || across === undefined || down === undefined ? size : suppress(size, across, down, thin, least);
  if (inside !== undefined) clearOutside(map, inside);
  if (cut === undefined) return { map, ...angles };
  const { low, high, isBinary, report } = cut;
  const binary = isBinary ? binarise(map, high) : linkEdges(map, low * above, high * above);
  return { map: binary, ...angles, ...report };
}

/** Two thresholds above which responses lie, one of them twice where there is one. */
interface Cut {
  readonly low: number;
  readonly high: number;
  readonly isBinary: boolean;
  readonly report: Pick<Edges, 'thresholds' | 'notes'>;
}

function cutOf(size: Planes, inside: Uint8Array | undefined, settings: Settings): Cut | undefined {
  const { threshold, hysteresis, isCanny, convention } = settings;
  const asSkimage = isCanny && convention === 'skimage';
  if (threshold === undefined && hysteresis === undefined) return undefined;
  let values = inside === undefined ? size : undefined;
  const come = (form: ParsedThreshold): number => {
    if (form.kind === 'value') return form.value;
    // Its quantiles are of all gradients, those of the rim and outside the mask too.
    if (asSkimage && form.kind === 'quantile') return interpolatedQuantile(size.data, form.value) / whiteOf(size);
    values ??= valuesInside(size, inside as Uint8Array);
    return valueOf(values, form);
  };
  if (hysteresis === undefined) {
    const high = come(threshold as ParsedThreshold);
    return { low: high, high, isBinary: true, report: { thresholds: { high } } };
  }
  const { low, high, notes } = orderedThresholds(hysteresis, come);
  return { low, high, isBinary: false, report: { thresholds: { low, high }, ...(notes.length > 0 ? { notes } : {}) } };
}

/** The responses that count for a threshold that depends on them; those outside are none of the picture's. */
function valuesInside(size: Planes, inside: Uint8Array): Planes {
  const found = new Float32Array(size.data.length);
  let count = 0;
  for (let c = 0; c < size.channels; c++) {
    const plane = size.data.subarray(c * inside.length, (c + 1) * inside.length);
    for (let i = 0; i < inside.length; i++) if (inside[i] === 1) found[count++] = plane[i];
  }
  // Where nothing is inside, nothing answers.
  const kept = found.subarray(0, Math.max(1, count));
  return { channels: 1, height: 1, width: kept.length, data: kept, white: whiteOf(size) };
}
