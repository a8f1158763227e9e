import { DEPTHWISE_FLOATS } from './code/depthwiseCode.ts';
import { packedBytes, packPointwise } from './code/pointwiseCode.ts';
import type { Block, Convolve, LevelParts, WeightsLayout } from './contourNet.ts';

/** Where the weights of each correlation lie in memory, as the code reads them. */
export interface PackedPlaces {
  /** The address of a correlation's weights. */
  of(convolve: Convolve): number;
  /** The address of those of its way back. */
  backOf(convolve: Convolve): number;
}

/** Bytes that {@link packedPlaces} takes. */
export function packedSize(parts: WeightsLayout): number {
  return 2 * correlations(parts).reduce((sum, { convolve }) => sum + 4 * roomOf(convolve), 0);
}

/** @param address where packed weights may lie, {@link packedSize} bytes */
export function packedPlaces(parts: WeightsLayout, address: number): PackedPlaces {
  const places = new Map<Convolve, { readonly forth: number; readonly back: number }>();
  let next = address;
  for (const { convolve } of correlations(parts)) {
    const room = 4 * roomOf(convolve);
    places.set(convolve, { forth: next, back: next + room });
    next += 2 * room;
  }
  const placeOf = (convolve: Convolve) => places.get(convolve) as NonNullable<ReturnType<typeof places.get>>;
  return { of: (convolve) => placeOf(convolve).forth, backOf: (convolve) => placeOf(convolve).back };
}

/**
 * Packs all weights of a net.
 *
 * @param floats the memory, from address 0 on
 */
export function packWeights(
  parts: WeightsLayout,
  places: PackedPlaces,
  floats: Float32Array,
  weights: Float32Array,
): void {
  for (const { convolve, depthwise } of correlations(parts)) {
    const own = slice(weights, convolve.weights);
    const bias = slice(weights, convolve.bias);
    const [outputs, inputs] = convolve.weights.shape;
    const forth = floats.subarray(places.of(convolve) / 4);
    const back = floats.subarray(places.backOf(convolve) / 4);
    if (depthwise) {
      packDepthwise(forth, own, bias, outputs);
      packDepthwise(back, own, undefined, outputs, true);
    } else {
      packPointwise(forth, own, bias, inputs, outputs);
      packPointwise(back, own, undefined, outputs, inputs, true);
    }
  }
}

/** @param turned whether each channel's taps come last first: the way back of a correlation */
function packDepthwise(
  packed: Float32Array,
  weights: Float32Array,
  bias: Float32Array | undefined,
  channels: number,
  turned = false,
): void {
  for (let c = 0; c < channels; c++) {
    const taps = weights.subarray(9 * c, 9 * c + 9);
    packed.set(turned ? taps.toReversed() : taps, DEPTHWISE_FLOATS * c);
    packed[DEPTHWISE_FLOATS * c + 9] = bias?.[c] ?? 0;
  }
}

function slice(weights: Float32Array, { offset, length }: Convolve['weights']): Float32Array {
  return weights.subarray(offset, offset + length);
}

function correlations({ levels, logit }: WeightsLayout): { convolve: Convolve; depthwise: boolean }[] {
  const ofBlock = ({ depthwise, pointwise }: Block) => [
    { convolve: depthwise, depthwise: true },
    { convolve: pointwise, depthwise: false },
  ];
  const ofLevel = ({ features, finer, blocks, lateral, lateralBlock }: LevelParts) => [
    ...[features, ...(finer === undefined ? [] : [finer]), lateral].map((convolve) => ({ convolve, depthwise: false })),
    ...[...blocks, lateralBlock].flatMap(ofBlock),
  ];
  return [...levels.flatMap(ofLevel), { convolve: logit, depthwise: false }];
}

/** Floats, whole vectors: of the way forth or back, whichever takes more. */
function roomOf({ weights: { shape } }: Convolve): number {
  const [outputs, inputs] = shape;
  const floats = Math.max(packedBytes(inputs, outputs), packedBytes(outputs, inputs)) / 4;
  return Math.ceil(Math.max(floats, DEPTHWISE_FLOATS * outputs) / 4) * 4;
}
