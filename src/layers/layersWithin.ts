import { expected } from '../planes/expected.ts';
import type { Layer } from './layer.ts';

/** The layers that a layer is made of: those of a stack, or of all branches; none of a layer by itself. */
export function layersWithin(
  layer: Layer & { layers?: readonly Layer[]; branches?: readonly (readonly Layer[])[] },
): readonly Layer[] {
  return layer.layers ?? layer.branches?.flat() ?? [];
}

/**
 * Refuses a layer that is there twice, also in branches: it could be backward for its last forward alone.
 *
 * @param what the layers are called, as in `layers`
 */
export function expectOwn(layers: readonly Layer[], what: string): void {
  const places = new Map<Layer, string>();
  const visit = (layer: Layer, where: string): void => {
    const first = places.get(layer);
    if (first !== undefined) throw expected('a layer of its own', where, `${first} again`);
    places.set(layer, where);
    layersWithin(layer).forEach((part, i) => visit(part, `${where}[${i}]`));
  };
  layers.forEach((layer, i) => visit(layer, `${what}[${i}]`));
}
