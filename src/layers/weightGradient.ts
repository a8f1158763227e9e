import { corr2d } from '../correlate/corr2d.ts';
import type { Geometry } from '../correlate/geometry.ts';
import type { Kernel } from '../kernels/kernel.ts';
import type { Border } from '../planes/border.ts';
import { pad } from '../planes/pad.ts';
import { createPlanes, type Planes } from '../planes/planes.ts';

/** A window of some channels. */
interface Window {
  readonly channel: number;
  readonly channels: number;
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

/**
 * Longest side of a tile, in samples: 1,024 products summed in Float32 lose less than what the samples themselves were rounded by,
 * and the windows' overlap is still small beside the tile.
 */
const LONGEST_SIDE = 32;

/** Most taps that a tile's correlation has, where there are very many outputs. */
const MOST_TAPS_OF_TILE = 2 ** 20;

/**
 * The slope of a loss along each tap of a correlation: the padded picture correlated with the slopes along the output, stride and
 * dilation exchanged. That is done tile by tile of the output and added up in Float64, so that the error does not grow with the
 * picture.
 *
 * @param x the correlation's picture
 * @param gradient slopes along its output
 * @param k its kernel's shape
 * @returns O×I×kh×kw slopes
 */
export function weightGradient(x: Planes, gradient: Planes, k: Kernel, at: Geometry, border: Border): Float64Array {
  const { rows, columns } = at;
  const sides = { top: rows.before, right: columns.after, bottom: rows.after, left: columns.before };
  const padded = pad(x, sides, border);
  const groups = k.groups ?? 1;
  const outputs = k.outChannels / groups;
  const side = Math.max(1, Math.min(LONGEST_SIDE, Math.floor(Math.sqrt(MOST_TAPS_OF_TILE / outputs))));
  const slopes = new Float64Array(k.weights.length);
  const exchanged = {
    stride: [rows.dilation, columns.dilation],
    dilation: [rows.stride, columns.stride],
  } as const;
  for (let top = 0; top < gradient.height; top += side) {
    const height = Math.min(side, gradient.height - top);
    for (let left = 0; left < gradient.width; left += side) {
      const width = Math.min(side, gradient.width - left);
      // What these outputs see, and no more: the result is then kh×kw.
      const seen = {
        top: top * rows.stride,
        left: left * columns.stride,
        height: (height - 1) * rows.stride + (k.height - 1) * rows.dilation + 1,
        width: (width - 1) * columns.stride + (k.width - 1) * columns.dilation + 1,
      };
      for (let group = 0; group < groups; group++) {
        const tile = cut(gradient, { channel: group * outputs, channels: outputs, top, left, height, width });
        const taps: Kernel = {
          outChannels: outputs,
          inChannels: 1,
          height,
          width,
          weights: tile.data,
          bias: new Float32Array(outputs),
        };
        for (let c = 0; c < k.inChannels; c++) {
          const window = cut(padded, { ...seen, channel: group * k.inChannels + c, channels: 1 });
          addTo(slopes, corr2d(window, taps, exchanged), group * outputs, c, k.inChannels);
        }
      }
    }
  }
  return slopes;
}

function cut(x: Planes, { channel, channels, top, left, height, width }: Window): Planes {
  const part = createPlanes(channels, height, width);
  let to = 0;
  for (let c = channel; c < channel + channels; c++) {
    for (let row = top; row < top + height; row++, to += width) {
      const from = (c * x.height + row) * x.width + left;
      part.data.set(x.data.subarray(from, from + width), to);
    }
  }
  return part;
}

/** Adds one input channel's slopes, a plane for each output from `firstOutput` on. */
function addTo(slopes: Float64Array, part: Planes, firstOutput: number, input: number, inputs: number): void {
  const size = part.height * part.width;
  let from = 0;
  for (let o = firstOutput; o < firstOutput + part.channels; o++) {
    const start = (o * inputs + input) * size;
    for (let i = 0; i < size; i++) slopes[start + i] += part.data[from++];
  }
}
