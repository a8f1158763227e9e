import { createPlanes, expectPlanes, type Planes } from '../planes/planes.ts';
import { stackChannels } from '../planes/stackChannels.ts';
import { addInto, type Branch, branchesOf, expectJoinable, outputsOfBranches, shapesOfBranches } from './branches.ts';
import { expectGradient } from './expectGradient.ts';
import type { Layer } from './layer.ts';

export interface Concatenate extends Layer {
  readonly type: 'Concatenate';
  /** The layers of each branch; none pass on what they see. */
  readonly branches: readonly (readonly Layer[])[];
}

/**
 * The channels of what branches make of the same input, one branch's after the other's. A branch is a layer or a list of layers; an
 * empty list passes the input on.
 *
 * @throws ExpectationError where there are fewer than two branches, one layer is there twice, or the branches do not take as many
 *   channels, have one stride and make planes of one size
 * @example
 * toNested(Concatenate([], Abs()).forward(planes([[-2, 3]]))) // [[[-2, 3]], [[2, 3]]]
 */
export function Concatenate(...given: readonly Branch[]): Concatenate {
  const type = 'Concatenate';
  const joined = branchesOf(type, given);
  const { stacks, branches, parameters, reach, inputs } = joined;
  const outputs = (channels: number): number =>
    outputsOfBranches(joined, channels).reduce((sum, made) => sum + made, 0);
  if (inputs !== undefined) outputs(inputs);
  let last: { readonly x: Planes; readonly y: Planes; readonly channels: readonly number[] } | undefined;

  return {
    type,
    branches,
    parameters,
    reach,
    ...(inputs === undefined ? {} : { inputs }),
    outputs,
    outputShape(input) {
      const shapes = shapesOfBranches(joined, input);
      expectJoinable(type, shapes, input, false);
      return { ...shapes[0], channels: shapes.reduce((sum, { channels }) => sum + channels, 0) };
    },
    forward(x) {
      expectPlanes(x, `the input of ${type}`);
      // A branch that fails leaves those before it to this input: there is nothing to be backward for.
      last = undefined;
      const parts = stacks.map((stack) => stack.forward(x));
      expectJoinable(type, parts, x, false);
      const y = stackChannels(parts as [Planes, ...Planes[]]);
      last = { x, y, channels: parts.map(({ channels }) => channels) };
      return y;
    },
    backward(gradient) {
      expectGradient(gradient, last?.y, type);
      const { x, y, channels } = last as NonNullable<typeof last>;
      const size = y.height * y.width;
      let first = 0;
      const slopes = stacks.map((stack, i) => {
        const data = gradient.data.subarray(first * size, (first + channels[i]) * size);
        first += channels[i];
        return stack.backward({ ...gradient, channels: channels[i], data });
      });
      return addInto(createPlanes(x.channels, x.height, x.width, gradient.white), slopes);
    },
    toJSON: () => ({ type, branches: branches.map((layers) => layers.map((layer) => layer.toJSON())) }),
  };
}
