import type { Reach } from './layer.ts';

/**
 * The reach of two layers one after the other, seen from the second one's output to the first one's input.
 *
 * A step of one sample between them is a step of the first one's stride in its input, so
 * size = (size₂ − 1)·stride₁ + size₁, stride = stride₁·stride₂ and offset = offset₂·stride₁ + offset₁, along each axis.
 *
 * @example
 * composeReach({ size: [2, 2], stride: [1, 1], offset: [0, 0] }, { size: [2, 2], stride: [1, 1], offset: [0, 0] }).size // [3, 3]
 */
export function composeReach(first: Reach, second: Reach): Reach {
  return {
    size: [sizeAlong(0, first, second), sizeAlong(1, first, second)],
    stride: [first.stride[0] * second.stride[0], first.stride[1] * second.stride[1]],
    offset: [offsetAlong(0, first, second), offsetAlong(1, first, second)],
  };
}

function sizeAlong(axis: 0 | 1, first: Reach, second: Reach): number {
  return (second.size[axis] - 1) * first.stride[axis] + first.size[axis];
}

function offsetAlong(axis: 0 | 1, first: Reach, second: Reach): number {
  return second.offset[axis] * first.stride[axis] + first.offset[axis];
}
