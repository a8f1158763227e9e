import { expected } from '../planes/expected.ts';
import { type Layer, POINTWISE, type Reach } from './layer.ts';
import { composeReach } from './reach.ts';

/**
 * The receptive field of a layer, or of layers one after the other: output sample (i, j) sees `size` input samples, the first
 * of them at (i, j)·stride + offset. Places outside the picture are counted: there padding stands, by the border's rule.
 * With dilation, or a stride longer than its own kernel, some samples in between are not seen.
 *
 * @throws ExpectationError for anything but layers
 * @example
 * const layer = Conv2d({ inChannels: 1, outChannels: 1, kernelSize: 2 })
 * receptiveField(layer) // { size: [2, 2], stride: [1, 1], offset: [0, 0] }
 * receptiveField([layer, layer]).size // [3, 3]
 */
export function receptiveField(layers: Pick<Layer, 'reach'> | readonly Pick<Layer, 'reach'>[]): Reach {
  return (Array.isArray(layers) ? layers : [layers])
    .map((layer: Pick<Layer, 'reach'> | undefined, i) => {
      if (!layer?.reach) throw expected('a layer', `layers[${i}]`, layer);
      return layer.reach;
    })
    .reduce(composeReach, POINTWISE);
}
