import { firstStage, LARGEST_TILE } from './fftLayout.ts';

/** Bytes of the weights of a butterfly of four: three complex numbers. */
export const SET_BYTES = 24;

const TABLE: number = 2 * SET_BYTES * (LARGEST_TILE / 4);

/**
 * Where weights stand, in bytes: each for all four columns of a vector (`one`), or those of four butterflies side by side (`lanes`).
 * On the way there, all blocks of a stage have the same weights, a set for each of their butterflies; on the way back all
 * butterflies of a block have the same, a set for each block. Tables of n sets begin `SET_BYTES · n` beyond.
 */
export const WEIGHTS_AT: Readonly<Record<'there' | 'back', Readonly<Record<'one' | 'lanes', number>>>> = {
  there: { one: 0, lanes: TABLE },
  back: { one: 2 * TABLE, lanes: 3 * TABLE },
};

export const TABLE_BYTES: number = 4 * TABLE;

let weights: Float32Array | undefined;

/**
 * The weights exp(−2πi·m/length) of all tiles' transforms, as their code reads them. Each is within half an ulp and 2⁻⁴⁸ of the
 * real number: they come of half angles and products in Float64, rounded to Float32 at the end, because `Math.sin` and
 * `Math.cos` differ from engine to engine and square roots do not.
 */
export function tileWeights(): Float32Array {
  weights ??= writeTables();
  return weights;
}

function writeTables(): Float32Array {
  const written = new Float32Array(TABLE_BYTES / 4);
  const turns = circle(LARGEST_TILE);
  for (let length = 8; length <= LARGEST_TILE; length *= 2) {
    const { radix } = firstStage(length);
    const sets = length / 4;
    const angles = Array.from({ length: length / radix }, (_, j) => (j * LARGEST_TILE) / length);
    const ofBlocks = blockAngles(sets);
    for (const [kind, lanes] of LANES) {
      writeSets(written, WEIGHTS_AT.there[kind] + SET_BYTES * sets, angles, { radix, lanes, turns });
      if (sets >= lanes)
        writeSets(written, WEIGHTS_AT.back[kind] + SET_BYTES * sets, ofBlocks, { radix: 4, lanes, turns });
    }
  }
  return written;
}

const LANES = [
  ['one', 1],
  ['lanes', 4],
] as const;

/** The angles of so many blocks' first weights. The digits of a block's number, reversed, are the frequency that it begins with. */
function blockAngles(blocks: number): number[] {
  let fractions = [0];
  while (fractions.length < blocks) {
    const { radix } = firstStage(blocks / fractions.length);
    fractions = fractions.flatMap((fraction) => Array.from({ length: radix }, (_, q) => (fraction + q) / radix));
  }
  return fractions.map((fraction) => (fraction * LARGEST_TILE) / 4);
}

interface Sets {
  readonly radix: 2 | 4;
  /** Butterflies whose weights stand side by side. */
  readonly lanes: 1 | 4;
  readonly turns: Turns;
}

/** For each butterfly, or for each four: the real parts, then the imaginary parts, of its weights from the first power on. */
function writeSets(
  written: Float32Array,
  from: number,
  angles: readonly number[],
  { radix, lanes, turns }: Sets,
): void {
  let at = from / 4;
  for (let first = 0; first < angles.length; first += lanes) {
    for (let power = 1; power < radix; power++) {
      for (let lane = 0; lane < lanes; lane++, at++) {
        const m = angles[first + lane] * power;
        written[at] = turns.cos[m];
        written[at + lanes] = -turns.sin[m];
      }
      at += lanes;
    }
  }
}

interface Turns {
  readonly cos: Float64Array;
  readonly sin: Float64Array;
}

/** Cosines and sines of 2π·m/length for m from 0 to length − 1; the length is a power of two from 4. */
function circle(length: number): Turns {
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
