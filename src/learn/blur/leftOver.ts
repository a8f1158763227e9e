import { corr2d } from '../../correlate/corr2d.ts';
import { channelOf, type Planes, whiteOf } from '../../planes/planes.ts';
import { encodeSrgb } from '../../planes/srgb.ts';
import { type Example, isClipped } from '../pairs.ts';

/** A column times a row, and a factor of the sample itself, of a bias in units of white. */
export interface Product {
  readonly column: Float64Array;
  readonly row: Float64Array;
  readonly own: number;
  readonly bias: number;
}

/** What a product leaves of samples that are not clipped and whose windows lie in the before, and what those samples are. */
interface LeftOver {
  /** After − response, in levels of the after. */
  readonly levels: Float32Array;
  /** Windows whose sample is clipped. */
  readonly clipped: number;
  /** Σ (sample − mean of its channel)², in levels. */
  readonly spread: number;
}

/**
 * @param stored where the examples are of linear light, the afters as they are stored: what is left is told of those
 */
export function leftOver(
  examples: readonly Example[],
  product: Product,
  stored: readonly Example[] = examples,
): LeftOver {
  const parts = examples.flatMap((example, i) =>
    Array.from({ length: example.after.channels }, (_, c) =>
      ofChannel(
        { ...example, before: channelOf(example.before, c), after: channelOf(stored[i].after, c) },
        product,
        stored !== examples,
      ),
    ),
  );
  const levels = new Float32Array(parts.reduce((sum, part) => sum + part.levels.length, 0));
  let at = 0;
  for (const part of parts) {
    levels.set(part.levels, at);
    at += part.levels.length;
  }
  return {
    levels,
    clipped: parts.reduce((sum, part) => sum + part.clipped, 0),
    spread: parts.reduce((sum, part) => sum + part.spread, 0),
  };
}

function ofChannel(example: Example, { column, row, own, bias }: Product, isLinear: boolean): LeftOver {
  const { before, after } = example;
  const [top, left] = [(column.length - 1) / 2, (row.length - 1) / 2];
  const blurred = correlated(correlated(before, row, 1, row.length), column, column.length, 1);
  for (let r = 0; r < blurred.height; r++) {
    const from = (r + top) * before.width + left;
    const to = r * blurred.width;
    for (let c = 0; c < blurred.width; c++) {
      blurred.data[to + c] += own * before.data[from + c] + bias * whiteOf(before);
    }
  }
  const response = isLinear ? encodeSrgb(blurred) : blurred;
  const white = whiteOf(after);
  const scale = white / whiteOf(response);
  const levels = new Float32Array(response.data.length);
  let [count, total, energy] = [0, 0, 0];
  for (let r = 0; r < response.height; r++) {
    for (let c = 0; c < response.width; c++) {
      const at = (r + top) * after.width + c + left;
      const sample = after.data[at];
      if (isClipped(sample, example)) continue;
      levels[count++] = sample - response.data[r * response.width + c] * scale;
      total += sample;
      energy += sample * sample;
    }
  }
  const spread = Math.max(0, energy - total ** 2 / Math.max(1, count));
  return { levels: levels.subarray(0, count), clipped: levels.length - count, spread };
}

function correlated(x: Planes, taps: Float64Array, height: number, width: number): Planes {
  const weights = Float32Array.from(taps);
  const k = { outChannels: 1, inChannels: 1, height, width, weights, bias: new Float32Array(1) };
  return corr2d(x, k, { precision: 'fast' });
}
