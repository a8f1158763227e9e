import { createPlanes, type Planes } from '../../planes/planes.ts';

/**
 * The directions of gradients as angles: where the picture brightens, in radians from −π to π, 0 to the right and π/2
 * downwards (as OpenCV's `phase` and NumPy's `arctan2(down, across)` have it); 0 where there is no gradient.
 *
 * @param across C×H×W
 * @param down of the same shape
 * @returns C×H×W angles, with a white of 1
 * @example
 * toNested(orientation(planes([[1, 0]]), planes([[0, 2]]))) // [[[0, 1.5707964]]]
 */
export function orientation(across: Planes, down: Planes): Planes {
  const angles = createPlanes(across.channels, across.height, across.width);
  // + 0 turns −0, which lies on the other side of the half turn, into 0.
  for (let i = 0; i < angles.data.length; i++) angles.data[i] = Math.atan2(down.data[i] + 0, across.data[i] + 0);
  return angles;
}

/**
 * Angles as samples of 16 bits: a full turn is 65536, so that −π/2 (upwards) is 49152.
 *
 * @param angles as {@link orientation} gives them
 * @returns planes with a white of 65535
 * @example
 * toNested(turns(planes([[0, Math.PI / 2, -Math.PI / 2, -1e-9]]))) // [[[0, 16384, 49152, 0]]]
 */
export function turns(angles: Planes): Planes {
  const samples = createPlanes(angles.channels, angles.height, angles.width, 65_535);
  for (let i = 0; i < samples.data.length; i++) {
    samples.data[i] = Math.round((angles.data[i] / (2 * Math.PI)) * 65_536) & 65_535;
  }
  return samples;
}
