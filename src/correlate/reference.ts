import type { Kernel } from '../kernels/kernel.ts';
import { type Border, borderConstant, borderMap, OUTSIDE } from '../planes/border.ts';
import { type Planes, whiteOf } from '../planes/planes.ts';
import type { Geometry } from './geometry.ts';
import { type Part, shareOf, WHOLE } from './part.ts';

/**
 * The definition of the operation, in loops; never tuned. Every other way to compute it is held against this one.
 *
 * Accumulators start at +0. Each tap adds its product with the sample under it: a Float32 multiplication, then a Float32
 * addition, in the order input channel, kernel row, kernel column; the bias (bias·white) is added last. Taps that are ±0
 * contribute nothing, whatever stands under them.
 *
 * @param out planes of the result's shape; every sample of it is written, or of the part's rows.
 */
export function correlateByDefinition(
  x: Planes,
  k: Kernel,
  at: Geometry,
  border: Border,
  out: Planes,
  part: Part = WHOLE,
): void {
  const { rows, columns } = at;
  const sourceRows = borderMap(border, rows.input, rows.before, rows.after);
  const sourceColumns = borderMap(border, columns.input, columns.before, columns.after);
  const white = whiteOf(x);
  const outside = borderConstant(border, white);
  const outputsOfGroup = k.outChannels / (k.groups ?? 1);
  const [from, end] = shareOf(rows.output, part);
  for (let o = 0; o < k.outChannels; o++) {
    const firstInput = Math.floor(o / outputsOfGroup) * k.inChannels;
    const bias = Math.fround(k.bias[o] * white);
    for (let i = from; i < end; i++) {
      for (let j = 0; j < columns.output; j++) {
        let sum = 0;
        for (let c = 0; c < k.inChannels; c++) {
          for (let r = 0; r < k.height; r++) {
            const row = sourceRows[i * rows.stride + r * rows.dilation];
            for (let q = 0; q < k.width; q++) {
              const tap = k.weights[((o * k.inChannels + c) * k.height + r) * k.width + q];
              if (tap === 0) continue;
              const column = sourceColumns[j * columns.stride + q * columns.dilation];
              const inside = row !== OUTSIDE && column !== OUTSIDE;
              const sample = inside ? x.data[((firstInput + c) * rows.input + row) * columns.input + column] : outside;
              sum = Math.fround(sum + Math.fround(tap * sample));
            }
          }
        }
        out.data[(o * rows.output + i) * columns.output + j] = Math.fround(sum + bias);
      }
    }
  }
}
