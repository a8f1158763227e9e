import { ExpectationError, expected } from '../planes/expected.ts';
import { type Layer, outputShapeOf } from './layer.ts';
import { expectOwn } from './layersWithin.ts';
import { composeReach } from './reach.ts';

/** Layers one after the other, each one's output the next one's input. */
export interface Sequential extends Layer {
  readonly type: 'Sequential';
  readonly layers: readonly Layer[];
}

/**
 * Layers one after the other. A `Sequential` among them stands for its own layers.
 *
 * @throws ExpectationError where there is no layer, one is there twice (it could be backward for its last forward alone), or
 *   one's channels do not fit the layer before it
 * @example
 * toNested(Sequential(Abs(), Square()).forward(planes([[-2, 3]]))) // [[[4, 9]]]
 */
export function Sequential(...layers: readonly Layer[] | readonly [readonly Layer[]]): Sequential {
  const own = flatten(layers.flat());
  if (own.length === 0) throw expected('at least one layer', 'Sequential', 'none');
  expectOwn(own, 'layers');
  const inputs = expectChannels(own);
  return {
    type: 'Sequential',
    layers: own,
    parameters: own.flatMap(({ parameters }) => parameters),
    reach: own.map(({ reach }) => reach).reduce(composeReach),
    ...(inputs === undefined ? {} : { inputs }),
    outputs: (channels) => own.reduce(outputsOf, channels),
    outputShape: (input) => own.reduce((shape, layer) => outputShapeOf(layer, shape), input),
    forward: (x) => own.reduce((y, layer) => layer.forward(y), x),
    backward: (gradient) => own.reduceRight((slopes, layer) => layer.backward(slopes), gradient),
    toJSON: () => ({ type: 'Sequential', layers: own.map((layer) => layer.toJSON()) }),
  };
}

function flatten(layers: readonly Layer[]): Layer[] {
  return layers.flatMap((layer, i) => {
    if (typeof layer?.forward !== 'function') throw expected('a layer', `layers[${i}]`, layer);
    return layer.type === 'Sequential' ? [...(layer as Sequential).layers] : [layer];
  });
}

/** Refuses layers that do not fit each other; the channels that the first ones ask for, where that can be told. */
function expectChannels(layers: readonly Layer[]): number | undefined {
  const first = layers.findIndex(({ inputs }) => inputs !== undefined);
  if (first === -1) return undefined;
  let channels = layers[first].inputs as number;
  for (let i = first; i < layers.length; i++) {
    const { inputs = channels, type } = layers[i];
    if (inputs !== channels) {
      throw new ExpectationError(
        `Expected a layer of ${channels} input channels for layers[${i}], as layers[${i - 1}] gives so many, but received ${type} of ${inputs}`,
      );
    }
    channels = outputsOf(channels, layers[i]);
  }
  return layers.slice(0, first).some((layer) => layer.outputs !== undefined) ? undefined : layers[first].inputs;
}

function outputsOf(channels: number, layer: Layer): number {
  return layer.outputs?.(channels) ?? channels;
}
