import { seededRandom } from '../layers/random.ts';
import { expected, expectInteger } from '../planes/expected.ts';
import { isFloat32Array, typedArrayName } from '../planes/typedArrays.ts';
import { FEATURES } from './code/featureCode.ts';

/** How wide and deep a net is: everything but its weights. */
export interface ContourShape {
  /** Channels of each level, the finest first. The finest is half as large as the picture, each other one half of the one before. */
  readonly widths: readonly number[];
  /** Residual blocks of each level. */
  readonly blocks: readonly number[];
  /** Channels of the way back from the coarsest level to the finest. */
  readonly lateral: number;
}

/**
 * A net that finds contours: on each of some levels fixed features of the picture and what the finer level found meet in a 1×1
 * correlation; residual blocks follow (3×3 of each channel, rectifier, 1×1); from the coarsest level back, each level adds what it
 * found to the coarser one's, twice as large, and one more block follows. At half of the picture's size a last 1×1 gives the logit.
 */
export interface ContourNet extends ContourShape {
  /** All weights and biases, as {@link weightsLayout} says. */
  readonly weights: Float32Array;
}

/** The sizes that are shipped, and that training starts from. */
export const CONTOUR_SIZES = {
  tiny: { widths: [6, 8, 8, 8, 8], blocks: [1, 1, 1, 1, 1], lateral: 4 },
  small: { widths: [8, 16, 24, 24, 24], blocks: [1, 2, 2, 2, 1], lateral: 8 },
  large: { widths: [12, 24, 40, 40, 40], blocks: [1, 2, 3, 3, 2], lateral: 12 },
} as const satisfies Record<string, ContourShape>;

export type ContourSize = keyof typeof CONTOUR_SIZES;

export const CONTOUR_SIZE_NAMES = ['tiny', 'small', 'large'] as const satisfies readonly ContourSize[];

/** The size where none is stated. */
export const DEFAULT_SIZE: ContourSize = 'small';

/** Some weights or biases of a net, at `offset` in all of them. */
interface Part {
  readonly name: string;
  readonly offset: number;
  readonly length: number;
  /** Output and input channels of a 1×1; channels and 9 of a 3×3. */
  readonly shape: readonly [number, number];
  /** The standard deviation that its first weights have; biases start from 0, that of the logit from −2. */
  readonly deviation: number;
}

/** A 1×1 or 3×3 correlation of a net. */
export interface Convolve {
  readonly weights: Part;
  readonly bias: Part;
}

export interface Block {
  readonly depthwise: Convolve;
  readonly pointwise: Convolve;
}

/** The correlations of one level, in the order in which their weights lie. */
export interface LevelParts {
  readonly features: Convolve;
  /** From the finer level; none on the finest. */
  readonly finer?: Convolve;
  readonly blocks: readonly Block[];
  readonly lateral: Convolve;
  readonly lateralBlock: Block;
}

export interface WeightsLayout {
  readonly levels: readonly LevelParts[];
  readonly logit: Convolve;
  /** Weights and biases in all. */
  readonly count: number;
}

/** Where each correlation's weights and biases lie: level by level, the finest first, the logit last. */
export function weightsLayout(shape: ContourShape): WeightsLayout {
  let count = 0;
  const part = (name: string, size: readonly [number, number], deviation: number): Part => {
    const length = size[0] * size[1];
    const made = { name, offset: count, length, shape: size, deviation };
    count += length;
    return made;
  };
  const convolve = (name: string, outputs: number, inputs: number, deviation: number): Convolve => ({
    weights: part(`${name}.weights`, [outputs, inputs], deviation),
    bias: part(`${name}.bias`, [outputs, 1], 0),
  });
  const block = (name: string, width: number): Block => ({
    depthwise: convolve(`${name}.depthwise`, width, 9, 1 / 3),
    pointwise: convolve(`${name}.pointwise`, width, width, 0.5 / Math.sqrt(width)),
  });
  const { widths, blocks, lateral } = shape;
  const levels = widths.map((width, i): LevelParts => {
    const name = `levels[${i}]`;
    return {
      features: convolve(`${name}.features`, width, FEATURES, Math.sqrt(2 / FEATURES)),
      ...(i === 0 ? {} : { finer: convolve(`${name}.finer`, width, widths[i - 1], Math.sqrt(2 / widths[i - 1])) }),
      blocks: Array.from({ length: blocks[i] }, (_, b) => block(`${name}.blocks[${b}]`, width)),
      lateral: convolve(`${name}.lateral`, lateral, width, Math.sqrt(2 / width)),
      lateralBlock: block(`${name}.lateralBlock`, lateral),
    };
  });
  const logit = convolve('logit', 1, lateral, 0.1);
  return { levels, logit, count };
}

/** All parts in the order in which they lie. */
export function partsInOrder({ levels, logit }: WeightsLayout): Part[] {
  const all = levels.flatMap(({ features, finer, blocks, lateral, lateralBlock }) => [
    features,
    ...(finer === undefined ? [] : [finer]),
    ...[...blocks].flatMap(({ depthwise, pointwise }) => [depthwise, pointwise]),
    lateral,
    lateralBlock.depthwise,
    lateralBlock.pointwise,
  ]);
  return [...all, logit].flatMap(({ weights, bias }) => [weights, bias]);
}

/** The logit's bias at first: one sample in eight lies near a contour. */
const FIRST_LOGIT = -2;

/**
 * Weights to start training from: normally distributed, as He et al. (2015) have it for the 1×1 correlations.
 *
 * @param seed a whole number from 0 to 2^32 − 1
 */
export function initialWeights(shape: ContourShape, seed: number): Float32Array {
  const parts = weightsLayout(shape);
  const random = seededRandom(seed);
  const normal = (): number => {
    // Box and Muller (1958); 1 − u is never 0.
    const radius = Math.sqrt(-2 * Math.log(1 - random.uniform(0, 1)));
    return radius * Math.cos(2 * Math.PI * random.uniform(0, 1));
  };
  const weights = new Float32Array(parts.count);
  for (const { offset, length, deviation } of partsInOrder(parts)) {
    if (deviation > 0) for (let i = 0; i < length; i++) weights[offset + i] = normal() * deviation;
  }
  weights[parts.logit.bias.offset] = FIRST_LOGIT;
  return weights;
}

/**
 * A net that nothing has trained yet.
 *
 * @param shape one of {@link CONTOUR_SIZES}, or levels, widths and blocks of one's own
 * @param seed of its weights, a whole number from 0 to 2^32 − 1
 * @throws ExpectationError for a shape that no net has
 * @example
 * createNet(CONTOUR_SIZES.small).weights.length // 9889
 */
export function createNet(shape: ContourShape, seed = 0): ContourNet {
  const own = expectContourShape(shape, 'shape');
  return { ...own, weights: initialWeights(own, seed) };
}

/** Whether an operator is a net. */
export function isNet(operator: unknown): operator is ContourNet {
  return typeof operator === 'object' && operator !== null && 'widths' in operator;
}

/** Levels, widths and blocks that a net may have. */
const MOST = { levels: 7, width: 256, blocks: 16 };

/** @throws ExpectationError that names the first fault of a net's shape */
export function expectContourShape(shape: ContourShape, where: string): ContourShape {
  const { widths, blocks, lateral } = shape;
  if (!Array.isArray(widths) || widths.length === 0 || widths.length > MOST.levels) {
    throw expected(`the channels of 1 to ${MOST.levels} levels`, `${where}.widths`, widths);
  }
  widths.forEach((width, i) => expectInteger(width, `${where}.widths[${i}]`, 1, MOST.width));
  if (!Array.isArray(blocks) || blocks.length !== widths.length) {
    throw expected(`${widths.length} numbers of blocks, one for each level,`, `${where}.blocks`, blocks);
  }
  blocks.forEach((count, i) => expectInteger(count, `${where}.blocks[${i}]`, 0, MOST.blocks));
  expectInteger(lateral, `${where}.lateral`, 1, MOST.width);
  return { widths: [...widths], blocks: [...blocks], lateral };
}

/** @throws ExpectationError for a net whose weights are not of its shape, or not finite */
export function checkNet(net: ContourNet, where: string): ContourNet {
  if (typeof net !== 'object' || net === null) throw expected('a net', where, net);
  const { count } = weightsLayout(expectContourShape(net, where));
  const { weights } = net;
  if (!isFloat32Array(weights) || weights.length !== count) {
    throw expected(`${count} weights in Float32`, `${where}.weights`, typedArrayName(weights) ?? weights);
  }
  const bad = weights.findIndex((weight) => !Number.isFinite(weight));
  if (bad >= 0) throw expected('a finite number', `${where}.weights[${bad}]`, weights[bad]);
  return net;
}
