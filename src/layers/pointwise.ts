import { createPlanes, expectPlanes, type Planes, whiteOf } from '../planes/planes.ts';
import { expectGradient } from './expectGradient.ts';
import { type Layer, POINTWISE } from './layer.ts';

/** A function of one sample in units of white, and its derivative. */
interface SampleFunction {
  readonly value: (x: number) => number;
  readonly slope: (x: number) => number;
}

/** The layer that applies a function to every sample by itself, in units of white. */
export function pointwise(type: string, { value, slope }: SampleFunction): Layer {
  let input: Planes | undefined;
  return {
    type,
    parameters: [],
    reach: POINTWISE,
    forward(x) {
      expectPlanes(x, `the input of ${type}`);
      input = x;
      const white = whiteOf(x);
      const y = createPlanes(x.channels, x.height, x.width, x.white);
      for (let i = 0; i < y.data.length; i++) y.data[i] = value(x.data[i] / white) * white;
      return y;
    },
    backward(gradient) {
      expectGradient(gradient, input, type);
      const x = input as Planes;
      const white = whiteOf(x);
      const slopes = createPlanes(x.channels, x.height, x.width, gradient.white);
      for (let i = 0; i < slopes.data.length; i++) slopes.data[i] = gradient.data[i] * slope(x.data[i] / white);
      return slopes;
    },
    toJSON: () => ({ type }),
  };
}
