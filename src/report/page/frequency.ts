import type { TapsShown } from '../data.ts';

/** What a kernel multiplies each frequency by: absolute values, 0 in the middle, half a cycle a sample at the rim. */
interface FrequencyResponse {
  readonly side: number;
  readonly gains: readonly number[];
}

/** Odd, so that one of them is 0. */
const SIDE = 65;

/** |Σ tap·exp(−2πi(u·column + v·row))| of u and v from −1/2 to 1/2, u across: by rows first, as sums of products. */
export function frequencyResponse({ height, width, taps }: TapsShown): FrequencyResponse {
  const [cos, sin] = tableOf(Math.max(height, width));
  const gains = new Array<number>(SIDE * SIDE);
  for (let u = 0; u < SIDE; u++) {
    const real = new Float64Array(height);
    const imaginary = new Float64Array(height);
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        real[row] += taps[row * width + column] * cos[u][column];
        imaginary[row] -= taps[row * width + column] * sin[u][column];
      }
    }
    for (let v = 0; v < SIDE; v++) {
      let [a, b] = [0, 0];
      for (let row = 0; row < height; row++) {
        a += real[row] * cos[v][row] + imaginary[row] * sin[v][row];
        b += imaginary[row] * cos[v][row] - real[row] * sin[v][row];
      }
      gains[v * SIDE + u] = Math.hypot(a, b);
    }
  }
  return { side: SIDE, gains };
}

type Point = readonly [frequency: number, gain: number];

/** Gains from 0 to half a cycle along rows and along columns. */
export function profiles({ side, gains }: FrequencyResponse): { row: Point[]; column: Point[] } {
  const middle = (side - 1) / 2;
  const steps = Array.from({ length: middle + 1 }, (_, i) => i);
  return {
    row: steps.map((i) => [i / (2 * middle), gains[middle * side + middle + i]]),
    column: steps.map((i) => [i / (2 * middle), gains[(middle + i) * side + middle]]),
  };
}

function tableOf(length: number): [cos: Float64Array[], sin: Float64Array[]] {
  const angles = Array.from({ length: SIDE }, (_, k) => (2 * Math.PI * (k - (SIDE - 1) / 2)) / (SIDE - 1));
  const each = (wave: (angle: number) => number): Float64Array[] =>
    angles.map((angle) => Float64Array.from({ length }, (_, i) => wave(angle * i)));
  return [each(Math.cos), each(Math.sin)];
}
