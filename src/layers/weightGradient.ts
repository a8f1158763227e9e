import { corr2d } from '../correlate/corr2d.ts';
import type { Axis, Geometry } from '../correlate/geometry.ts';
import { type Kernel, MOST_TAPS } from '../kernels/kernel.ts';
import type { Border } from '../planes/border.ts';
import { pad } from '../planes/pad.ts';
import { createPlanes, type Planes } from '../planes/planes.ts';
import { type Strip, strips } from '../planes/strips.ts';
import { loopedWeightGradient } from './loopedWeightGradient.ts';

/**
 * Taps up to which loops are faster than the engine, for which every tile of slopes is a kernel of its own that has to be made ready:
 * five times for 1×1 and 3×3, about as fast for 7×7, half as fast for 15×15.
 */
const MOST_LOOPED_TAPS = 49;

/** Longest side of a tile, in samples: a sum of 1,024 products keeps five digits or more, and the windows overlap by little. */
const LONGEST_SIDE = 32;

/**
 * The slope of a loss along each tap of a correlation: the padded picture correlated with the slopes along the output, stride and
 * dilation exchanged. For large kernels that is done tile by tile of the output and added up in Float64, so that the error does not
 * grow with the picture.
 *
 * @param x the correlation's picture
 * @param gradient slopes along its output
 * @param k its kernel's shape
 * @returns O×I×kh×kw slopes
 */
export function weightGradient(x: Planes, gradient: Planes, k: Kernel, at: Geometry, border: Border): Float64Array {
  const { rows, columns } = at;
  const padded = pad(x, { top: rows.before, right: columns.after, bottom: rows.after, left: columns.before }, border);
  if (k.height * k.width <= MOST_LOOPED_TAPS) return loopedWeightGradient(padded, gradient, k, at);
  const groups = k.groups ?? 1;
  const outputs = k.outChannels / groups;
  const exchanged = {
    stride: [rows.dilation, columns.dilation],
    dilation: [rows.stride, columns.stride],
  } as const;
  const slopes = new Float64Array(k.weights.length);
  // Of very many outputs fewer samples make as many taps as a kernel may have.
  const side = Math.min(LONGEST_SIDE, Math.floor(Math.sqrt(MOST_TAPS / outputs)));
  for (const down of tiles(rows, side)) {
    for (const across of tiles(columns, side)) {
      for (let group = 0; group < groups; group++) {
        const tile = cut(gradient, group * outputs, outputs, [down.from, down.to], [across.from, across.to]);
        const taps = kernelOf(tile);
        for (let c = 0; c < k.inChannels; c++) {
          const channel = group * k.inChannels + c;
          const seen = cut(padded, channel, 1, [down.sourceFrom, down.sourceTo], [across.sourceFrom, across.sourceTo]);
          addTo(slopes, corr2d(seen, taps, exchanged), group * outputs, c, k.inChannels);
        }
      }
    }
  }
  return slopes;
}

/** Outputs along an axis, with what they see of the padded picture and no more: correlated with them it gives kh×kw. */
function tiles({ output, stride, dilation, taps }: Axis, side: number): Strip[] {
  return strips(output, side, { span: dilation * (taps - 1) + 1, stride, top: 0 });
}

/** First line, and the one after the last. */
type Range = readonly [from: number, to: number];

function cut(
  x: Planes,
  firstChannel: number,
  channels: number,
  [fromRow, toRow]: Range,
  [fromColumn, toColumn]: Range,
): Planes {
  const part = createPlanes(channels, toRow - fromRow, toColumn - fromColumn);
  let to = 0;
  for (let c = firstChannel; c < firstChannel + channels; c++) {
    for (let row = fromRow; row < toRow; row++, to += part.width) {
      const line = (c * x.height + row) * x.width;
      part.data.set(x.data.subarray(line + fromColumn, line + toColumn), to);
    }
  }
  return part;
}

/** Each channel as the kernel of an output of its own. */
function kernelOf({ channels, height, width, data }: Planes): Kernel {
  return { outChannels: channels, inChannels: 1, height, width, weights: data, bias: new Float32Array(channels) };
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
