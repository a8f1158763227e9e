import type { Shape } from '../correlate/outputShape.ts';
import { ExpectationError, expected } from '../planes/expected.ts';
import { type Planes, shapeOf } from '../planes/planes.ts';
import { type Layer, outputShapeOf, POINTWISE, type Reach } from './layer.ts';
import { expectOwn } from './layersWithin.ts';
import { joinReaches } from './reach.ts';
import { Sequential } from './sequential.ts';

/** A layer, or layers one after the other; an empty list passes on what it sees. */
export type Branch = Layer | readonly Layer[];

/** Branches that see the same input, each as one layer, and what they have in common. */
interface Branches extends Pick<Layer, 'parameters' | 'reach' | 'inputs'> {
  readonly stacks: readonly Layer[];
  /** The layers of each. */
  readonly branches: readonly (readonly Layer[])[];
}

/**
 * @param type of the layer that joins them, for messages
 * @throws ExpectationError where they are fewer than two, share a layer, take different numbers of channels or have different strides
 */
export function branchesOf(type: string, given: readonly Branch[]): Branches {
  if (given.length < 2) throw expected('at least two branches', type, given.length);
  const branches = given.map((branch, i) => layersOf(branch, `branches[${i}]`));
  expectOwn(branches.flat(), `the layers of ${type}`);
  const stacks = branches.map(stackOf);
  const wanted = stacks.findIndex(({ inputs }) => inputs !== undefined);
  const inputs = stacks[wanted]?.inputs;
  stacks.forEach((stack, i) => {
    if (stack.inputs !== undefined && stack.inputs !== inputs) {
      throw new ExpectationError(
        `Expected branches of ${type} that take as many channels but received branches[${wanted}] of ${inputs} and branches[${i}] of ${stack.inputs}`,
      );
    }
  });
  return {
    stacks,
    branches,
    parameters: stacks.flatMap(({ parameters }) => parameters),
    reach: joinedReach(type, stacks),
    ...(inputs === undefined ? {} : { inputs }),
  };
}

/** The layers of a branch; those of a Sequential are its own. */
export function layersOf(branch: Branch, where: string): readonly Layer[] {
  const layers: readonly Layer[] = Array.isArray(branch) ? branch : [branch as Layer];
  layers.forEach((layer, i) => {
    if (typeof layer?.forward !== 'function') throw expected('a layer', `${where}[${i}]`, layer);
  });
  return layers.length === 0 ? layers : Sequential(layers).layers;
}

/** Layers one after the other as one layer, none of them too. */
export function stackOf(layers: readonly Layer[]): Layer {
  if (layers.length > 0) return Sequential(layers);
  return {
    type: 'Sequential',
    parameters: [],
    reach: POINTWISE,
    forward: (x) => x,
    backward: (gradient) => gradient,
    toJSON: () => ({ type: 'Sequential', layers: [] }),
  };
}

function joinedReach(type: string, stacks: readonly Layer[]): Reach {
  const [first, ...others] = stacks.map(({ reach }) => reach);
  others.forEach(({ stride }, i) => {
    if (stride.every((step, axis) => step === first.stride[axis])) return;
    throw new ExpectationError(
      `Expected branches of ${type} that have one stride but received branches[0] of ${first.stride.join('×')} and branches[${i + 1}] of ${stride.join('×')}`,
    );
  });
  return joinReaches([first, ...others]);
}

/** Channels that each branch gives for so many. */
export function outputsOfBranches({ stacks }: Branches, channels: number): number[] {
  return stacks.map((stack) => stack.outputs?.(channels) ?? channels);
}

/** The shapes that the branches give of a shape. */
export function shapesOfBranches({ stacks }: Branches, input: Shape): Shape[] {
  return stacks.map((stack) => outputShapeOf(stack, input));
}

/**
 * Refuses what branches gave where it does not fit: all channels of one size, and for a sum as many of them.
 *
 * @param input the shape that the branches saw
 */
export function expectJoinable(type: string, parts: readonly Shape[], input: Shape, asMany: boolean): void {
  const [first] = parts;
  const other = parts.findIndex(
    ({ channels, height, width }) =>
      height !== first.height || width !== first.width || (asMany && channels !== first.channels),
  );
  if (other === -1) return;
  throw new ExpectationError(
    `Expected branches of ${type} that make one ${asMany ? 'shape' : 'size'} of ${shapeOf(input)} but received ${shapeOf(first)} from branches[0] and ${shapeOf(parts[other])} from branches[${other}]`,
  );
}

/** Adds the samples of planes of one shape, in Float64, rounded once. */
export function addInto(sum: Planes, parts: readonly Planes[]): Planes {
  const samples = parts.map(({ data }) => data);
  for (let i = 0; i < sum.data.length; i++) {
    let total = 0;
    for (const data of samples) total += data[i];
    sum.data[i] = total;
  }
  return sum;
}
