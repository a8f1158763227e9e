import { ExpectationError } from '../planes/expected.ts';
import { createPlanes, expectPlanes, type Planes, shapeOf } from '../planes/planes.ts';
import type { Shape } from './outputShape.ts';

/**
 * `given` where its shape fits and it does not overlap the input, else fresh planes; with the input's white.
 *
 * @throws ExpectationError where `given` does not fit
 */
export function destination(x: Planes, shape: Shape, given: Planes | undefined): Planes {
  if (given === undefined) return createPlanes(shape.channels, shape.height, shape.width, x.white);
  expectPlanes(given, 'out');
  if (shapeOf(given) !== shapeOf(shape)) {
    throw new ExpectationError(`Expected planes of ${shapeOf(shape)} for out but received ${shapeOf(given)}`);
  }
  if (overlap(x.data, given.data)) {
    throw new ExpectationError(
      'Expected planes of their own memory for out but received memory that the input lies in',
    );
  }
  return given.white === x.white ? given : { ...given, ...(x.white === undefined ? { white: 1 } : { white: x.white }) };
}

function overlap(a: Float32Array, b: Float32Array): boolean {
  return (
    a.buffer === b.buffer && a.byteOffset < b.byteOffset + b.byteLength && b.byteOffset < a.byteOffset + a.byteLength
  );
}
