import { corr2d } from '../correlate/corr2d.ts';
import type { Geometry } from '../correlate/geometry.ts';
import type { Kernel } from '../kernels/kernel.ts';
import type { Border } from '../planes/border.ts';
import { fold } from '../planes/fold.ts';
import { createPlanes, type Planes } from '../planes/planes.ts';

/**
 * The slope of a loss along each sample of a correlation's picture: the slopes along its output, spread by the stride and
 * correlated, padding `full`, with the kernel turned by 180° whose inputs and outputs are exchanged; then padding is undone by
 * its adjoint.
 *
 * @param gradient slopes along the output
 * @param k the correlation's kernel
 * @returns slopes of the picture's shape
 */
export function inputGradient(gradient: Planes, k: Kernel, { rows, columns }: Geometry, border: Border): Planes {
  const sides = { top: rows.before, right: columns.after, bottom: rows.after, left: columns.before };
  const down = rows.dilation * (rows.taps - 1);
  const across = columns.dilation * (columns.taps - 1);
  // Lines at the end that no output reads, where the stride does not divide: their slopes are 0.
  const below = rows.before + rows.input + rows.after - ((rows.output - 1) * rows.stride + 1 + down);
  const beside = columns.before + columns.input + columns.after - ((columns.output - 1) * columns.stride + 1 + across);
  const padded = corr2d(spread(gradient, rows.stride, columns.stride), transposed(k), {
    dilation: [rows.dilation, columns.dilation],
    padding: { top: down, right: across + beside, bottom: down + below, left: across },
  });
  return fold(padded, sides, border);
}

/** The samples `down` rows and `across` columns apart, with zeros between them. */
function spread(x: Planes, down: number, across: number): Planes {
  if (down === 1 && across === 1) return x;
  const apart = createPlanes(x.channels, (x.height - 1) * down + 1, (x.width - 1) * across + 1, x.white);
  let from = 0;
  for (let c = 0; c < x.channels; c++) {
    for (let row = 0; row < x.height; row++) {
      const start = (c * apart.height + row * down) * apart.width;
      for (let column = 0; column < x.width; column++) apart.data[start + column * across] = x.data[from++];
    }
  }
  return apart;
}

/** Turned by 180°, with inputs and outputs exchanged within each group; without its bias. */
function transposed(k: Kernel): Kernel {
  const groups = k.groups ?? 1;
  const outputs = k.outChannels / groups;
  const outChannels = k.inChannels * groups;
  const size = k.height * k.width;
  const weights = new Float32Array(k.weights.length);
  for (let o = 0; o < k.outChannels; o++) {
    const group = Math.floor(o / outputs);
    for (let c = 0; c < k.inChannels; c++) {
      const from = (o * k.inChannels + c) * size;
      const to = ((group * k.inChannels + c) * outputs + (o % outputs)) * size;
      for (let i = 0; i < size; i++) weights[to + i] = k.weights[from + size - 1 - i];
    }
  }
  const bias = new Float32Array(outChannels);
  return { outChannels, inChannels: outputs, height: k.height, width: k.width, weights, bias, groups };
}
