import { type Pair, pairOf } from '../correlate/geometry.ts';
import type { Shape } from '../correlate/outputShape.ts';
import { expected } from '../planes/expected.ts';
import { expectOptions, optionNames } from '../planes/expectOptions.ts';
import { createPlanes, expectPlanes, type Planes } from '../planes/planes.ts';
import { expectGradient } from './expectGradient.ts';
import type { Layer } from './layer.ts';

export interface AveragePool2dOptions {
  /** Rows and columns of a window; 2 by default. */
  size?: Pair;
}

export interface AveragePool2d extends Layer {
  readonly type: 'AveragePool2d';
  readonly size: readonly [rows: number, columns: number];
}

const OPTIONS = optionNames<AveragePool2dOptions>({ size: true });

/**
 * The mean of every window, windows side by side: each channel is made smaller by `size`, added up in Float64 and rounded once.
 * Rows and columns at the end that fill no window are left out, as by PyTorch's AvgPool2d.
 *
 * @throws ExpectationError for a size that is not a whole number from 1, or a picture smaller than one window
 * @example
 * toNested(AveragePool2d({ size: 2 }).forward(planes([[1, 3, 9], [5, 7, 9]]))) // [[[4]]]
 */
export function AveragePool2d(options: AveragePool2dOptions = {}): AveragePool2d {
  const type = 'AveragePool2d';
  expectOptions(options, OPTIONS, type);
  const size = pairOf(options.size, 'size', 2, 1);
  const [rows, columns] = size;
  let input: Shape | undefined;
  const outputShape = ({ channels, height, width }: Shape): Shape => {
    if (height < rows || width < columns) {
      throw expected(`a picture of at least ${rows}×${columns}`, type, `${height}×${width}`);
    }
    return { channels, height: Math.floor(height / rows), width: Math.floor(width / columns) };
  };

  return {
    type,
    size,
    parameters: [],
    reach: { size, stride: size, offset: [0, 0] },
    outputShape,
    forward(x) {
      expectPlanes(x, `the input of ${type}`);
      const { channels, height, width } = outputShape(x);
      const y = createPlanes(channels, height, width, x.white);
      eachWindow(x, y, size, (at, from) => {
        let sum = 0;
        for (let r = 0; r < rows; r++) {
          for (let q = 0; q < columns; q++) sum += x.data[from + r * x.width + q];
        }
        y.data[at] = sum / (rows * columns);
      });
      input = { channels: x.channels, height: x.height, width: x.width };
      return y;
    },
    backward(gradient) {
      expectGradient(gradient, input && outputShape(input), type);
      const { channels, height, width } = input as Shape;
      const slopes = createPlanes(channels, height, width, gradient.white);
      eachWindow(slopes, gradient, size, (at, from) => {
        const slope = gradient.data[at] / (rows * columns);
        for (let r = 0; r < rows; r++) slopes.data.fill(slope, from + r * width, from + r * width + columns);
      });
      return slopes;
    },
    toJSON: () => ({ type, size }),
  };
}

/** Calls `visit` with each place in the small planes, and where its window begins in the large ones. */
function eachWindow(
  large: Planes,
  small: Planes,
  [rows, columns]: readonly [number, number],
  visit: (at: number, from: number) => void,
): void {
  let at = 0;
  for (let c = 0; c < small.channels; c++) {
    for (let i = 0; i < small.height; i++) {
      const line = (c * large.height + i * rows) * large.width;
      for (let j = 0; j < small.width; j++) visit(at++, line + j * columns);
    }
  }
}
