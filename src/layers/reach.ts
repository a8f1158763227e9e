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
  const [rows, columns] = AXES.map((axis) => stepsAlong(axis, first, second));
  return {
    size: [sizeAlong(0, first, second), sizeAlong(1, first, second)],
    offset: [offsetAlong(0, first, second), offsetAlong(1, first, second)],
    ...strideAndPeriod([rows.stride, columns.stride], [rows.period, columns.period]),
  };
}

type Axis = 0 | 1;

const AXES: readonly Axis[] = [0, 1];

function sizeAlong(axis: Axis, first: Reach, second: Reach): number {
  return (second.size[axis] - 1) * first.stride[axis] + first.size[axis];
}

function offsetAlong(axis: Axis, first: Reach, second: Reach): number {
  return second.offset[axis] * first.stride[axis] + first.offset[axis];
}

/** The shortest move that both layers pass on: a multiple of the first one's period that makes one of the second one's. */
function stepsAlong(axis: Axis, first: Reach, second: Reach): { stride: number; period: number } {
  const [period, next] = [periodOf(first)[axis], periodOf(second)[axis]];
  const moved = Math.round(period / first.stride[axis]);
  if (!Number.isFinite(period * next)) return { stride: period * next, period: period * next };
  const times = next / greatestDivisor(moved, next);
  const outputs = Math.round(((times * moved) / next) * (next / second.stride[axis]));
  // A quotient of whole numbers, so that equal strides are equal numbers.
  return { stride: (period * times) / outputs, period: period * times };
}

/**
 * What an output sees through any of some layers that see the same input and have one stride.
 *
 * @example
 * joinReaches([{ size: [1, 1], stride: [1, 1], offset: [0, 0] }, { size: [3, 3], stride: [1, 1], offset: [-1, -1] }]).offset // [-1, -1]
 */
export function joinReaches(reaches: readonly [Reach, ...Reach[]]): Reach {
  const offsetOf = (axis: Axis): number => Math.min(...reaches.map(({ offset }) => offset[axis]));
  const endOf = (axis: Axis): number => Math.max(...reaches.map(({ offset, size }) => offset[axis] + size[axis]));
  const periodAlong = (axis: Axis): number =>
    reaches.map((reach) => periodOf(reach)[axis]).reduce((a, b) => (a / greatestDivisor(a, b)) * b);
  return {
    size: [endOf(0) - offsetOf(0), endOf(1) - offsetOf(1)],
    offset: [offsetOf(0), offsetOf(1)],
    ...strideAndPeriod(reaches[0].stride, [periodAlong(0), periodAlong(1)]),
  };
}

/** The move that shows in the output as one of whole samples, along each axis. */
export function periodOf({ stride, period = stride }: Reach): readonly [rows: number, columns: number] {
  return period;
}

/** How many of so many samples along an axis are shrunk and enlarged without a remainder: all where layers do not do both. */
export function evenPart(reach: Reach, axis: 0 | 1, samples: number): number {
  const period = periodOf(reach)[axis];
  return period === reach.stride[axis] ? samples : samples - (samples % period);
}

function strideAndPeriod(
  stride: readonly [number, number],
  period: readonly [number, number],
): Pick<Reach, 'stride' | 'period'> {
  return AXES.every((axis) => stride[axis] === period[axis]) ? { stride } : { stride, period };
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 || !Number.isFinite(a) || !Number.isFinite(b) ? a : greatestDivisor(b, a % b);
}
