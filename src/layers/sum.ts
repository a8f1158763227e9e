import { ExpectationError } from '../planes/expected.ts';
import { createPlanes, expectPlanes, type Planes } from '../planes/planes.ts';
import { addInto, type Branch, branchesOf, expectJoinable, outputsOfBranches, shapesOfBranches } from './branches.ts';
import { expectGradient } from './expectGradient.ts';
import type { Layer } from './layer.ts';

export interface Sum extends Layer {
  readonly type: 'Sum';
  /** The layers of each branch; none pass on what they see. */
  readonly branches: readonly (readonly Layer[])[];
}

/**
 * The sum of what branches make of the same input, in Float64, rounded once. A branch is a layer or a list of layers; an empty list
 * passes the input on.
 *
 * @throws ExpectationError where there are fewer than two branches, one layer is there twice, or the branches do not take as many
 *   channels, have one stride and make one shape
 * @example
 * toNested(Sum(Abs(), Square(), []).forward(planes([[-2, 3]]))) // [[[4, 15]]]
 */
export function Sum(...given: readonly Branch[]): Sum {
  const type = 'Sum';
  const joined = branchesOf(type, given);
  const { stacks, branches, parameters, reach, inputs } = joined;
  const outputs = (channels: number): number => {
    const [first, ...others] = outputsOfBranches(joined, channels);
    const other = others.findIndex((made) => made !== first);
    if (other !== -1) {
      throw new ExpectationError(
        `Expected branches of ${type} that make as many channels of ${channels} but received ${first} from branches[0] and ${others[other]} from branches[${other + 1}]`,
      );
    }
    return first;
  };
  if (inputs !== undefined) outputs(inputs);
  let last: { readonly x: Planes; readonly y: Planes } | undefined;

  return {
    type,
    branches,
    parameters,
    reach,
    ...(inputs === undefined ? {} : { inputs }),
    outputs,
    outputShape(input) {
      const shapes = shapesOfBranches(joined, input);
      expectJoinable(type, shapes, input, true);
      return shapes[0];
    },
    forward(x) {
      expectPlanes(x, `the input of ${type}`);
      // A branch that fails leaves those before it to this input: there is nothing to be backward for.
      last = undefined;
      const parts = stacks.map((stack) => stack.forward(x));
      expectJoinable(type, parts, x, true);
      const { channels, height, width } = parts[0];
      const y = addInto(createPlanes(channels, height, width, x.white), parts);
      last = { x, y };
      return y;
    },
    backward(gradient) {
      expectGradient(gradient, last?.y, type);
      const { channels, height, width } = (last as NonNullable<typeof last>).x;
      const slopes = stacks.map((stack) => stack.backward(gradient));
      return addInto(createPlanes(channels, height, width, gradient.white), slopes);
    },
    toJSON: () => ({ type, branches: branches.map((layers) => layers.map((layer) => layer.toJSON())) }),
  };
}
