import { expected } from '../planes/expected.ts';
import { createPlanes, expectPlanes, type Planes } from '../planes/planes.ts';
import { expectGradient } from './expectGradient.ts';
import { type Layer, POINTWISE } from './layer.ts';

/**
 * √(a² + b²) of the channels two by two: 0 and 1, 2 and 3, and so on, in Float64, rounded once. The slope where both are 0 is 0.
 * {@link magnitude} is the same of two pictures, each step rounded to Float32.
 *
 * @example
 * toNested(Magnitude().forward(planes([[[3, 0]], [[-4, 0]]]))) // [[[5, 0]]]
 */
export function Magnitude(): Layer {
  const type = 'Magnitude';
  let input: Planes | undefined;
  return {
    type,
    parameters: [],
    reach: POINTWISE,
    outputs,
    forward(x) {
      expectPlanes(x, `the input of ${type}`);
      const y = createPlanes(outputs(x.channels), x.height, x.width, x.white);
      input = x;
      eachPair(x, (a, b, i) => {
        y.data[i] = Math.sqrt(x.data[a] ** 2 + x.data[b] ** 2);
      });
      return y;
    },
    backward(gradient) {
      expectGradient(gradient, input && { ...input, channels: outputs(input.channels) }, type);
      const x = input as Planes;
      const slopes = createPlanes(x.channels, x.height, x.width, gradient.white);
      eachPair(x, (a, b, i) => {
        const length = Math.sqrt(x.data[a] ** 2 + x.data[b] ** 2);
        const scale = length === 0 ? 0 : gradient.data[i] / length;
        slopes.data[a] = x.data[a] * scale;
        slopes.data[b] = x.data[b] * scale;
      });
      return slopes;
    },
    toJSON: () => ({ type }),
  };
}

function outputs(channels: number): number {
  if (channels % 2 !== 0) throw expected('an even number of channels', 'the input of Magnitude', channels);
  return channels / 2;
}

/** Calls `at` with the places of a pair's two samples and of their result. */
function eachPair(x: Planes, at: (a: number, b: number, i: number) => void): void {
  const size = x.height * x.width;
  for (let pair = 0; pair < x.channels / 2; pair++) {
    for (let i = 0; i < size; i++) at(2 * pair * size + i, (2 * pair + 1) * size + i, pair * size + i);
  }
}
