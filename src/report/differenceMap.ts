import type { InterleavedPicture } from '../planes/picture.ts';

/**
 * How much each pixel of two pictures of one size differs: the largest difference of its samples in units of white, as a share of the
 * picture's largest, in bytes. What differs at all is at least 1, so that one level of 65,536 is seen too.
 *
 * @returns undefined where the sizes differ
 */
export function differenceMap(
  actual: InterleavedPicture,
  expected: InterleavedPicture,
): InterleavedPicture | undefined {
  const { height, width } = expected;
  if (actual.height !== height || actual.width !== width) return undefined;
  const differences = new Float64Array(height * width);
  let largest = 0;
  for (let i = 0; i < differences.length; i++) {
    const most = differenceAt(actual, expected, i);
    differences[i] = most;
    if (most > largest) largest = most;
  }
  const samples = Uint8Array.from(differences, (difference) =>
    difference === 0 ? 0 : Math.max(1, Math.round((255 * difference) / largest)),
  );
  return { samples, height, width, stride: 1, channels: 1, white: 255 };
}

function differenceAt(actual: InterleavedPicture, expected: InterleavedPicture, pixel: number): number {
  let most = Math.abs(opacity(actual, pixel) - opacity(expected, pixel));
  for (let c = 0; c < Math.max(actual.channels, expected.channels); c++) {
    const difference = Math.abs(colour(actual, pixel, c) - colour(expected, pixel, c));
    // What is no number on one side alone differs as much as anything can.
    if (difference > most) most = difference;
    else if (
      Number.isNaN(difference) &&
      Number.isNaN(colour(actual, pixel, c)) !== Number.isNaN(colour(expected, pixel, c))
    )
      most = 1;
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
