import type { Aperture } from '../../kernels/aperture.ts';
import { type MagnitudeNorm } from '../gradient/magnitudeNorm.ts';
import { EDGE, followWeak, STRONG, WEAK } from '../lines/hysteresis.ts';
import type { Inside } from '../lines/mask.ts';

/**
 * The definition of Canny's edges by OpenCV's arithmetic (its `Canny` of 8-bit samples), in loops; never tuned.
 *
 * Gradients are whole numbers: Sobel's, the picture continued by its rim; at aperture 7 a sixteenth of them, ties to even. Lengths
 * are |x| + |y|, or x² + y². A pixel stays where it is longer than `low` and longest along the nearest of four directions: within
 * 22.5° of across it must exceed the pixel to the left and reach the one to the right, within 22.5° of down those above and below,
 * else exceed both on the diagonal. The tangent of 22.5° is 13573/32768. Outside the picture lengths are 0.
 */
export function cannyBytesReference(
  channels: readonly Uint8Array[],
  height: number,
  width: number,
  { aperture, magnitude, low, high, inside }: CannyBytesOptions,
): Uint8Array {
  const pitch = width + 2;
  const size = pitch * (height + 2);
  const across = new Int32Array(size);
  const down = new Int32Array(size);
  const lengths = new Int32Array(size);
  const marks = new Uint8Array(size);
  const eachPixel = (visit: (i: number, row: number, column: number) => void): void => {
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) visit((row + 1) * pitch + column + 1, row, column);
    }
  };
  for (const samples of channels) {
    eachPixel((i, row, column) => {
      const [x, y] = gradientAt(samples, height, width, row, column, aperture);
      const length = magnitude === 'l1' ? Math.abs(x) + Math.abs(y) : x * x + y * y;
      if (samples !== channels[0] && length <= lengths[i]) return;
      across[i] = x;
      down[i] = y;
      lengths[i] = length;
    });
  }
  eachPixel((i, row, column) => {
    const length = lengths[i];
    if (inside?.(row, row + 1)[column] === 0 || !(length > low) || !isLongest(i)) return;
    marks[i] = length > high ? STRONG : WEAK;
  });
  followWeak(marks, pitch);
  const edges = new Uint8Array(height * width);
  eachPixel((i, row, column) => {
    if (marks[i] === EDGE) edges[row * width + column] = 255;
  });
  return edges;

  function isLongest(i: number): boolean {
    const x = Math.abs(across[i]);
    const y = Math.abs(down[i]) * 32_768;
    if (y < x * TANGENT) return lengths[i] > lengths[i - 1] && lengths[i] >= lengths[i + 1];
    if (y > x * (TANGENT + 65_536)) return lengths[i] > lengths[i - pitch] && lengths[i] >= lengths[i + pitch];
    const step = across[i] < 0 !== down[i] < 0 ? pitch - 1 : pitch + 1;
    return lengths[i] > lengths[i - step] && lengths[i] > lengths[i + step];
  }
}

/** The tangent of 22.5°, in 32768ths. */
export const TANGENT = 13_573;

/** Sobel's smoothing and slope of each aperture. */
export const SOBEL_TAPS: Readonly<Record<Aperture, { smooth: readonly number[]; slope: readonly number[] }>> = {
  3: { smooth: [1, 2, 1], slope: [-1, 0, 1] },
  5: { smooth: [1, 4, 6, 4, 1], slope: [-1, -2, 0, 2, 1] },
  7: { smooth: [1, 6, 15, 20, 15, 6, 1], slope: [-1, -4, -5, 0, 5, 4, 1] },
};

function gradientAt(
  samples: Uint8Array,
  height: number,
  width: number,
  row: number,
  column: number,
  aperture: Aperture,
): [across: number, down: number] {
  const { smooth, slope } = SOBEL_TAPS[aperture];
  const reach = (aperture - 1) / 2;
  let x = 0;
  let y = 0;
  for (let r = 0; r < aperture; r++) {
    const from = Math.min(Math.max(row + r - reach, 0), height - 1) * width;
    for (let c = 0; c < aperture; c++) {
      const sample = samples[from + Math.min(Math.max(column + c - reach, 0), width - 1)];
      x += smooth[r] * slope[c] * sample;
      y += slope[r] * smooth[c] * sample;
    }
  }
  return aperture === 7 ? [sixteenth(x), sixteenth(y)] : [x, y];
}

/** A sixteenth, rounded to the nearest whole number, ties to even. */
function sixteenth(value: number): number {
  return (value + 7 + ((value >> 4) & 1)) >> 4;
}

export interface CannyBytesOptions {
  readonly aperture: Aperture;
  readonly magnitude: MagnitudeNorm;
  /** Whole numbers that lengths must exceed: of unscaled gradients (1/16 of them at aperture 7), squared for `l2`. */
  readonly low: number;
  readonly high: number;
  /** Where an edge may be; everywhere by default. */
  readonly inside?: Inside | undefined;
}
