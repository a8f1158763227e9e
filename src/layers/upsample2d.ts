import { type Pair, pairOf } from '../correlate/geometry.ts';
import type { Shape } from '../correlate/outputShape.ts';
import { expectOptions, optionNames } from '../planes/expectOptions.ts';
import { createPlanes, expectPlanes } from '../planes/planes.ts';
import { expectGradient } from './expectGradient.ts';
import type { Layer } from './layer.ts';

export interface Upsample2dOptions {
  /** How many times as many rows and columns; 2 by default. */
  factor?: Pair;
}

export interface Upsample2d extends Layer {
  readonly type: 'Upsample2d';
  readonly factor: readonly [rows: number, columns: number];
}

const OPTIONS = optionNames<Upsample2dOptions>({ factor: true });

/**
 * Each channel made larger by bilinear interpolation between the centres of samples, as PyTorch's `interpolate` has it with
 * `align_corners=False`: output i stands at (i + ½) / factor − ½ of its input, whose outermost samples go on beyond it. In Float64,
 * rounded once.
 *
 * @throws ExpectationError for a factor that is not a whole number from 1
 * @example
 * toNested(Upsample2d({ factor: [1, 2] }).forward(planes([[0, 4]]))) // [[[0, 1, 3, 4]]]
 */
export function Upsample2d(options: Upsample2dOptions = {}): Upsample2d {
  const type = 'Upsample2d';
  expectOptions(options, OPTIONS, type);
  const factor = pairOf(options.factor, 'factor', 2, 1);
  const [rows, columns] = factor.map(reachAlong);
  let input: Shape | undefined;
  const outputShape = ({ channels, height, width }: Shape): Shape => ({
    channels,
    height: height * factor[0],
    width: width * factor[1],
  });

  return {
    type,
    factor,
    parameters: [],
    reach: {
      size: [rows.size, columns.size],
      stride: [rows.stride, columns.stride],
      offset: [rows.offset, columns.offset],
      ...(factor.every((times) => times === 1) ? {} : { period: [1, 1] }),
    },
    outputShape,
    forward(x) {
      expectPlanes(x, `the input of ${type}`);
      const { channels, height, width } = outputShape(x);
      const y = createPlanes(channels, height, width, x.white);
      const down = between(x.height, factor[0]);
      const across = between(x.width, factor[1]);
      let at = 0;
      for (let c = 0; c < channels; c++) {
        for (const { first, second, share } of down) {
          const above = (c * x.height + first) * x.width;
          const below = (c * x.height + second) * x.width;
          for (const column of across) {
            const top = mixed(x.data[above + column.first], x.data[above + column.second], column.share);
            const bottom = mixed(x.data[below + column.first], x.data[below + column.second], column.share);
            y.data[at++] = mixed(top, bottom, share);
          }
        }
      }
      input = { channels: x.channels, height: x.height, width: x.width };
      return y;
    },
    backward(gradient) {
      expectGradient(gradient, input && outputShape(input), type);
      const { channels, height, width } = input as Shape;
      const slopes = new Float64Array(channels * height * width);
      const down = between(height, factor[0]);
      const across = between(width, factor[1]);
      let at = 0;
      for (let c = 0; c < channels; c++) {
        for (const { first, second, share } of down) {
          const above = (c * height + first) * width;
          const below = (c * height + second) * width;
          for (const column of across) {
            const bottom = gradient.data[at] * share;
            const top = gradient.data[at++] - bottom;
            slopes[above + column.first] += top * (1 - column.share);
            slopes[above + column.second] += top * column.share;
            slopes[below + column.first] += bottom * (1 - column.share);
            slopes[below + column.second] += bottom * column.share;
          }
        }
      }
      const rounded = createPlanes(channels, height, width, gradient.white);
      rounded.data.set(slopes);
      return rounded;
    },
    toJSON: () => ({ type, factor }),
  };
}

/** The two samples that an output stands between, and the share that it has of the second. */
interface Between {
  readonly first: number;
  readonly second: number;
  readonly share: number;
}

function between(inputs: number, factor: number): Between[] {
  return Array.from({ length: inputs * factor }, (_, i) => {
    // In whole numbers as far as they go, so that shares do not depend on where a part of a picture begins.
    const halves = Math.max(0, 2 * i + 1 - factor);
    const first = Math.floor(halves / (2 * factor));
    return { first, second: Math.min(first + 1, inputs - 1), share: (halves - 2 * factor * first) / (2 * factor) };
  });
}

function mixed(first: number, second: number, share: number): number {
  return first * (1 - share) + second * share;
}

/**
 * Output i stands at t = (2i + 1 − f) / 2f. The samples before and after it are less than 1 away: 1 − 1/2f at most for an even
 * factor, for which t is never whole, and 1 − 1/f for an odd one.
 */
function reachAlong(f: number): { size: number; stride: number; offset: number } {
  const short = f % 2 === 0 ? 1 : 2;
  return { size: (3 * f - short) / f, stride: 1 / f, offset: (1 + short - 3 * f) / (2 * f) };
}
