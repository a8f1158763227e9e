import type { Stage, TileLayout } from './fftLayout.ts';

/**
 * The weights exp(−2πi·m/length) of a tile's transforms, as its code reads them. Each is within half an ulp and 2⁻⁴⁸ of the
 * real number: they come of half angles and products in Float64, rounded to Float32 at the end, because `Math.sin` and
 * `Math.cos` differ from engine to engine and square roots do not.
 */
export function tileWeights(layout: TileLayout): Float32Array {
  const table = new Float32Array(layout.tableBytes / 4);
  for (const stage of layout.columnStages) {
    if (stage.length > 4) writeWeights(table, stage, 1);
  }
  for (const stage of layout.rowStages) writeWeights(table, stage, 4);
  writeWeights(table, { length: 16, radix: 4, weights: layout.blockWeights }, 4);
  return table;
}

/** For each butterfly, or for each four (`lanes`): the real parts, then the imaginary parts, of its weights from the first power on. */
function writeWeights(table: Float32Array, { length, radix, weights }: Stage, lanes: 1 | 4): void {
  const { cos, sin } = circle(length);
  let at = weights / 4;
  for (let first = 0; first < length / radix; first += lanes) {
    for (let power = 1; power < radix; power++) {
      for (let lane = 0; lane < lanes; lane++, at++) {
        const m = (first + lane) * power;
        table[at] = cos[m];
        table[at + lanes] = -sin[m];
      }
      at += lanes;
    }
  }
}

/** Cosines and sines of 2π·m/length for m from 0 to length − 1; the length is a power of two from 4. */
function circle(length: number): { cos: Float64Array; sin: Float64Array } {
  const cos = new Float64Array(length);
  const sin = new Float64Array(length);
  cos[0] = 1;
  let angle = length / 4;
  let [c, s] = [0, 1];
  // From a quarter turn down: each angle's half, then everything between by adding angles that are there already.
  const halves: [angle: number, c: number, s: number][] = [];
  for (; angle >= 1; angle /= 2) {
    halves.push([angle, c, s]);
    const half = Math.sqrt((1 + c) / 2);
    [c, s] = [half, s / (2 * half)];
  }
  for (const [step, stepCos, stepSin] of halves.toReversed()) {
    for (let m = step; m < 2 * step; m++) {
      cos[m] = cos[m - step] * stepCos - sin[m - step] * stepSin;
      sin[m] = sin[m - step] * stepCos + cos[m - step] * stepSin;
    }
  }
  for (let m = length / 2; m < length; m++) {
    cos[m] = -cos[m - length / 2];
    sin[m] = -sin[m - length / 2];
  }
  return { cos, sin };
}
