import { luma } from '../../correlate/luma.ts';
import type { Planes } from '../../planes/planes.ts';
import { originInAfter, type KernelShape } from '../kernelShape.ts';
import type { Example } from '../pairs.ts';
import { BLOCK, transformBlock } from './dct.ts';
import { quantiserSteps } from './quantiserSteps.ts';

/** What one quantised coefficient demands: |coefficients·unknowns − wanted| ≤ half. */
export interface CodedRows {
  readonly unknowns: number;
  readonly count: number;
  /** How many of a block's 64 frequencies are there, on average over the pictures. */
  readonly frequencies: number;
  /** count × unknowns. */
  readonly coefficients: Float64Array;
  readonly wanted: Float64Array;
  readonly half: Float64Array;
}

/** Of the 8-bit samples that a JPEG holds. */
const WHITE = 255;

/** Blocks nearer to black or white than this may hold samples that were clipped before they were coded, which rings. */
const MARGIN = 16;

/** Fewer tell too little; more tell little more. */
const LEAST_BLOCKS = 100;
const MOST_BLOCKS = 1500;

/** Of coefficients·unknowns: 64 MB. */
const MOST_PRODUCTS = 2 ** 23;

/**
 * The coefficients that a JPEG holds of its luma, as intervals of the taps of one kernel for all channels (and last a bias, in levels):
 * a coder rounds each to a multiple of its step. None of blocks that may be clipped, whose windows leave the before, or of
 * frequencies whose step is not known.
 *
 * @param examples with 8-bit afters as a JPEG was decoded, uncut
 * @returns nothing where no picture shows the grid of a JPEG in enough blocks
 */
export function codedRows(examples: readonly Example[], shape: KernelShape): CodedRows | undefined {
  const unknowns = shape.height * shape.width + (shape.bias ? 1 : 0);
  const most = Math.min(MOST_BLOCKS, Math.floor(MOST_PRODUCTS / (BLOCK * BLOCK * unknowns))) / examples.length;
  const parts = examples.map((example) => rowsOf(example, shape, unknowns, most)).filter((part) => part !== undefined);
  if (parts.length === 0) return undefined;
  return {
    unknowns,
    count: parts.reduce((sum, { count }) => sum + count, 0),
    frequencies: parts.reduce((sum, { frequencies }) => sum + frequencies, 0) / parts.length,
    coefficients: joined(parts.map((part) => part.coefficients)),
    wanted: joined(parts.map((part) => part.wanted)),
    half: joined(parts.map((part) => part.half)),
  };
}

function rowsOf(example: Example, shape: KernelShape, unknowns: number, most: number): CodedRows | undefined {
  if (example.before.white !== WHITE || example.after.white !== WHITE) return undefined;
  const places = blocksInside(example, shape);
  if (places.length < LEAST_BLOCKS) return undefined;
  const kept = spread(places, most);
  const before = brightness(example.before);
  const after = brightness(example.after);
  const coded = kept.map(([row, column]) => transformed(after, row, column));
  for (const block of coded) block[0] -= LEVEL_SHIFT;
  const steps = quantiserSteps(coded);
  const frequencies = Array.from(steps.keys()).filter((frequency) => steps[frequency] > 0);
  if (steps.filter((step) => step >= COARSE).length < LEAST_FREQUENCIES) return undefined;
  const count = kept.length * frequencies.length;
  const rows: CodedRows = {
    unknowns,
    count,
    frequencies: frequencies.length,
    coefficients: new Float64Array(count * unknowns),
    wanted: new Float64Array(count),
    half: new Float64Array(count),
  };
  const [top, left] = originInAfter(example, shape);
  kept.forEach(([row, column], b) => {
    frequencies.forEach((frequency, f) => {
      const step = steps[frequency];
      // The mean's multiple may be another, as its step is less sure.
      const wanted = frequency === 0 ? coded[b][0] + LEVEL_SHIFT : Math.round(coded[b][frequency] / step) * step;
      rows.wanted[b * frequencies.length + f] = wanted;
      rows.half[b * frequencies.length + f] = step / 2;
      // The first coefficient of a block of ones is 8.
      if (shape.bias) {
        rows.coefficients[(b * frequencies.length + f + 1) * unknowns - 1] = frequency === 0 ? BLOCK : 0;
      }
    });
    for (let tap = 0; tap < shape.height * shape.width; tap++) {
      const under = transformed(before, row - top + Math.floor(tap / shape.width), column - left + (tap % shape.width));
      frequencies.forEach((frequency, f) => {
        rows.coefficients[(b * frequencies.length + f) * unknowns + tap] = under[frequency];
      });
    }
  });
  return rows;
}

/** Samples are coded less 128, which the first coefficient sees eight times. */
const LEVEL_SHIFT = 128 * BLOCK;

/** Steps smaller than this stand out little from the rounding of samples. */
const COARSE = 3;

/** So many frequencies with a coarse step are the grid of a JPEG; a picture that is none, or not from its corner on, has none. */
const LEAST_FREQUENCIES = 6;

/** Corners in the after of the blocks on its grid whose windows lie in the before and whose samples are away from black and white. */
function blocksInside(example: Example, shape: KernelShape): [row: number, column: number][] {
  const { before, after } = example;
  const [top, left] = originInAfter(example, shape);
  const bottom = top + before.height - shape.height + 1;
  const right = left + before.width - shape.width + 1;
  const places: [number, number][] = [];
  for (let row = BLOCK * Math.ceil(top / BLOCK); row + BLOCK <= bottom; row += BLOCK) {
    for (let column = BLOCK * Math.ceil(left / BLOCK); column + BLOCK <= right; column += BLOCK) {
      if (isAwayFromEnds(after, row, column)) places.push([row, column]);
    }
  }
  return places;
}

function isAwayFromEnds({ channels, height, width, data }: Planes, row: number, column: number): boolean {
  for (let line = 0; line < channels * BLOCK; line++) {
    const from = (Math.floor(line / BLOCK) * height + row + (line % BLOCK)) * width + column;
    for (let i = from; i < from + BLOCK; i++) if (data[i] < MARGIN || data[i] > WHITE - MARGIN) return false;
  }
  return true;
}

/** At most so many, evenly from first to last. */
function spread<T>(items: readonly T[], most: number): readonly T[] {
  if (items.length <= most) return items;
  return Array.from({ length: Math.floor(most) }, (_, i) => items[Math.floor((i * items.length) / most)]);
}

function brightness(x: Planes): Planes {
  return x.channels === 3 ? luma(x) : x;
}

function transformed({ width, data }: Planes, row: number, column: number): Float64Array {
  const coefficients = new Float64Array(BLOCK * BLOCK);
  transformBlock(data, row * width + column, width, coefficients);
  return coefficients;
}

function joined(parts: readonly Float64Array[]): Float64Array {
  if (parts.length === 1) return parts[0];
  const whole = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
