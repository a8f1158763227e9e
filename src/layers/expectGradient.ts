import { expected } from '../planes/expected.ts';
import { expectPlanes, type Planes, shapeOf } from '../planes/planes.ts';

/** Refuses slopes that do not fit what the layer's last `forward` gave, or a layer that has not been forward. */
export function expectGradient(
  gradient: Planes,
  output: Pick<Planes, 'channels' | 'height' | 'width'> | undefined,
  type: string,
): void {
  if (output === undefined) throw expected('a forward before it', `backward of ${type}`, 'none');
  expectPlanes(gradient, `the gradient of ${type}`);
  if (shapeOf(gradient) !== shapeOf(output)) {
    throw expected(`planes of ${shapeOf(output)}, its output's shape,`, `the gradient of ${type}`, shapeOf(gradient));
  }
}
