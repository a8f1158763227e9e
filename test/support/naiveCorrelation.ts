import type { Corr2dOptions } from '../../src/correlate/corr2d.ts';
import type { Kernel } from '../../src/kernels/kernel.ts';
import type { Border } from '../../src/planes/border.ts';
import { createPlanes, type Planes } from '../../src/planes/planes.ts';
import { sampleAt } from './naiveBorder.ts';

/**
 * Cross-correlation written a second time, after the formula alone: one closure a question, Float64 sums, borders by
 * walking back into the picture. It shares no code with the product, and nothing is fast about it.
 */
export function naiveCorrelation(x: Planes, k: Kernel, options: Corr2dOptions & { border?: Border } = {}): Planes {
  const { dilation = 1, stride = 1, border = 'zero', padding = 'valid' } = options;
  const [strideRows, strideColumns] = typeof stride === 'number' ? [stride, stride] : stride;
  const [dilationRows, dilationColumns] = typeof dilation === 'number' ? [dilation, dilation] : dilation;
  const { top, right, bottom, left } = naiveSides(padding, k, [dilationRows, dilationColumns], {
    x,
    stride: [strideRows, strideColumns],
  });
  const groups = k.groups ?? 1;

  const tap = (o: number, c: number, r: number, q: number): number =>
    k.weights[o * k.inChannels * k.height * k.width + c * k.height * k.width + r * k.width + q];

  const response = (o: number, i: number, j: number): number => {
    const group = Math.floor((o * groups) / k.outChannels);
    let sum = 0;
    for (let c = 0; c < k.inChannels; c++)
      for (let r = 0; r < k.height; r++)
        for (let q = 0; q < k.width; q++) {
          const row = i * strideRows - top + r * dilationRows;
          const column = j * strideColumns - left + q * dilationColumns;
          sum += tap(o, c, r, q) * sampleAt(x, group * k.inChannels + c, row, column, border);
        }
    return sum + k.bias[o] * (x.white ?? 1);
  };

  const height = count(x.height + top + bottom, strideRows, dilationRows * (k.height - 1));
  const width = count(x.width + left + right, strideColumns, dilationColumns * (k.width - 1));

  const y = createPlanes(k.outChannels, height, width, x.white);
  let at = 0;
  for (let o = 0; o < k.outChannels; o++)
    for (let i = 0; i < height; i++) for (let j = 0; j < width; j++) y.data[at++] = response(o, i, j);
  return y;
}

/** Counted, not computed: positions from which the last tap still lies in the padded picture. */
function count(length: number, step: number, span: number): number {
  let positions = 0;
  while (positions * step + span < length) positions++;
  return positions;
}

/**
 * What a padding adds on each side: the odd line of `same` first, that of `same-upper` last.
 *
 * @param on what those of ONNX depend on
 */
export function naiveSides(
  padding: NonNullable<Corr2dOptions['padding']>,
  k: { height: number; width: number },
  [dilationRows, dilationColumns]: readonly [number, number],
  on?: { readonly x: { height: number; width: number }; readonly stride: readonly [number, number] },
): { top: number; right: number; bottom: number; left: number } {
  const rows = dilationRows * (k.height - 1);
  const columns = dilationColumns * (k.width - 1);
  const [more, less] = [Math.ceil, Math.floor].map((round) => [round(rows / 2), round(columns / 2)]);
  if (padding === 'valid') return { top: 0, right: 0, bottom: 0, left: 0 };
  if (padding === 'full') return { top: rows, right: columns, bottom: rows, left: columns };
  if (padding === 'same') return { top: more[0], left: more[1], bottom: less[0], right: less[1] };
  if (padding === 'same-upper') return { top: less[0], left: less[1], bottom: more[0], right: more[1] };
  if (padding === 'onnx-same-upper' || padding === 'onnx-same-lower') {
    if (on === undefined) throw new Error(`Expected a picture and a stride for the sides of ${padding}`);
    const isUpper = padding === 'onnx-same-upper';
    const [top, bottom] = sidesOfOnnx(on.x.height, on.stride[0], rows, isUpper);
    const [left, right] = sidesOfOnnx(on.x.width, on.stride[1], columns, isUpper);
    return { top, right, bottom, left };
  }
  if (typeof padding === 'number') return { top: padding, right: padding, bottom: padding, left: padding };
  if ('top' in padding) return padding;
  return { top: padding[0], right: padding[1], bottom: padding[0], left: padding[1] };
}

/** The fewest lines with which every stride-th line of the picture has a result, shared out line by line. */
function sidesOfOnnx(length: number, stride: number, span: number, isUpper: boolean): [before: number, after: number] {
  const results = count(length, stride, 0);
  const sides: [number, number] = [0, 0];
  for (let added = 0; count(length + added, stride, span) < results; added++) {
    const isLast = added % 2 === 0 ? isUpper : !isUpper;
    sides[isLast ? 1 : 0]++;
  }
  return sides;
}
