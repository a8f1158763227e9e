import type { InterleavedPicture } from '../planes/picture.ts';

/** How much pixels differ, and where most. */
interface DifferenceMap {
  readonly picture: InterleavedPicture;
  /** Where the largest difference is; absent where there is none. */
  readonly largest?: { readonly row: number; readonly column: number };
}

/**
 * How much each pixel of two pictures differs, on the union of both: the largest difference of its samples in units of white, as a share
 * of the pictures' largest, in bytes. What differs at all is at least 1, so that one level of 65,536 is seen too; what lies in one of
 * them alone differs by all.
 */
export function differenceMap(actual: InterleavedPicture, expected: InterleavedPicture): DifferenceMap {
  const height = Math.max(actual.height, expected.height);
  const width = Math.max(actual.width, expected.width);
  const common = { height: Math.min(actual.height, expected.height), width: Math.min(actual.width, expected.width) };
  const differences = new Float32Array(height * width).fill(Number.POSITIVE_INFINITY);
  let most = { difference: 0, row: -1, column: -1 };
  for (let row = 0; row < common.height; row++) {
    for (let column = 0; column < common.width; column++) {
      const difference = differenceAt(actual, row * actual.width + column, expected, row * expected.width + column);
      differences[row * width + column] = difference;
      if (difference > most.difference) most = { difference, row, column };
    }
  }
  const samples = Uint8Array.from(differences, (difference) =>
    difference === 0
      ? 0
      : difference === Number.POSITIVE_INFINITY
        ? 255
        : Math.max(1, Math.round((255 * difference) / most.difference)),
  );
  const { row, column } = most;
  return {
    picture: { samples, height, width, stride: 1, channels: 1, white: 255 },
    ...(row < 0 ? {} : { largest: { row, column } }),
  };
}

function differenceAt(actual: InterleavedPicture, at: number, expected: InterleavedPicture, from: number): number {
  let most = Math.abs(opacity(actual, at) - opacity(expected, from));
  for (let c = 0; c < Math.max(actual.channels, expected.channels); c++) {
    const [one, other] = [colour(actual, at, c), colour(expected, from, c)];
    if (one === other || (Number.isNaN(one) && Number.isNaN(other))) continue;
    const difference = Math.abs(one - other);
    // What is no number on one side alone, or without end, differs as much as black and white.
    most = Math.max(most, Number.isFinite(difference) ? difference : 1);
  }
  return most;
}

/** Grey beside colour counts in each channel. */
function colour({ samples, stride, channels, white }: InterleavedPicture, pixel: number, channel: number): number {
  return samples[pixel * stride + Math.min(channel, channels - 1)] / white;
}

function opacity({ samples, stride, alphaAt, white }: InterleavedPicture, pixel: number): number {
  return alphaAt === undefined ? 1 : samples[pixel * stride + alphaAt] / white;
}
