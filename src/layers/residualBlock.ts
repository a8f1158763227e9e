import type { Shape } from '../correlate/outputShape.ts';
import { ExpectationError, expected } from '../planes/expected.ts';
import { createPlanes, expectPlanes, type Planes, shapeOf } from '../planes/planes.ts';
import { addInto, layersOf, stackOf } from './branches.ts';
import { expectGradient } from './expectGradient.ts';
import { type Layer, outputShapeOf, POINTWISE } from './layer.ts';
import { joinReaches } from './reach.ts';

export interface ResidualBlock extends Layer {
  readonly type: 'ResidualBlock';
  readonly layers: readonly Layer[];
}

/**
 * A residual block (He et al. 2016): x + layers(x), added in Float64 and rounded once.
 *
 * @throws ExpectationError where there is no layer, one is there twice, or the layers do not keep the shape of their input
 * @example
 * toNested(ResidualBlock(Abs(), Square()).forward(planes([[-2, 3]]))) // [[[2, 12]]]
 */
export function ResidualBlock(...given: readonly Layer[] | readonly [readonly Layer[]]): ResidualBlock {
  const type = 'ResidualBlock';
  const layers = layersOf(given.flat(), 'layers');
  if (layers.length === 0) throw expected('at least one layer', type, 'none');
  const stack = stackOf(layers);
  const { inputs, reach, parameters } = stack;
  if (reach.stride.some((step) => step !== 1)) {
    throw expected('layers that keep the size of their input', type, `layers of stride ${reach.stride.join('×')}`);
  }
  const outputs = (channels: number): number => {
    const made = stack.outputs?.(channels) ?? channels;
    if (made !== channels) throw expected(`layers that make ${channels} channels of ${channels}`, type, made);
    return channels;
  };
  if (inputs !== undefined) outputs(inputs);
  let input: Shape | undefined;

  return {
    type,
    layers,
    parameters,
    reach: joinReaches([POINTWISE, reach]),
    ...(inputs === undefined ? {} : { inputs }),
    outputs,
    outputShape(shape) {
      expectKept(shape, outputShapeOf(stack, shape));
      return shape;
    },
    forward(x) {
      expectPlanes(x, `the input of ${type}`);
      // Layers that give another shape have left the input before: there is nothing to be backward for.
      input = undefined;
      const made: Planes = stack.forward(x);
      expectKept(x, made);
      input = { channels: x.channels, height: x.height, width: x.width };
      return addInto(createPlanes(x.channels, x.height, x.width, x.white), [x, made]);
    },
    backward(gradient) {
      expectGradient(gradient, input, type);
      const { channels, height, width } = input as Shape;
      return addInto(createPlanes(channels, height, width, gradient.white), [gradient, stack.backward(gradient)]);
    },
    toJSON: () => ({ type, layers: layers.map((layer) => layer.toJSON()) }),
  };
}

function expectKept(x: Shape, made: Shape): void {
  if (shapeOf(x) === shapeOf(made)) return;
  throw new ExpectationError(
    `Expected layers that keep the shape ${shapeOf(x)} for ResidualBlock but received ${shapeOf(made)}; padding 'same' keeps the size`,
  );
}
