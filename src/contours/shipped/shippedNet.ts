import type { ContourNet, ContourSize } from '../contourNet.ts';
import { CONTOUR_SIZES } from '../contourNet.ts';
import { readNet } from '../netFields.ts';
import { LARGE } from './large.ts';
import { SMALL } from './small.ts';
import { TINY } from './tiny.ts';

const WEIGHTS: Readonly<Record<ContourSize, string>> = { tiny: TINY, small: SMALL, large: LARGE };

const nets = new Map<ContourSize, ContourNet>();

/** A net that comes with the product; what it was trained on, and how well it does, docs/contours.md says. */
export function shippedNet(size: ContourSize): ContourNet {
  let net = nets.get(size);
  if (net === undefined) {
    net = readNet({ ...CONTOUR_SIZES[size], type: 'float16', weights: WEIGHTS[size] }, size);
    nets.set(size, net);
  }
  return net;
}
