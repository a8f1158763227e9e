import { type Planes, whiteOf } from '../../planes/planes.ts';
import { type KernelShape, originInAfter } from '../kernelShape.ts';
import type { Example } from '../pairs.ts';
import { rangeOf, rangeOfBits, type SampleRange, widerRange } from './lineSamples.ts';
import type { Tile } from './tiles.ts';
import { type Row, type Windows } from './windows.ts';
import { MOST_COLUMNS } from './windowSums.ts';

/** Windows of a tile as they are summed, and what is known of their samples after. */
export interface Part {
  readonly example: Example;
  /** A sample that is clipped is 0 in its target's row: it adds nothing to a sum of products. */
  readonly windows: Windows;
  /** One a target. */
  readonly facts: readonly TargetFacts[];
  /** Writes 1 for each sample of a target's row that is clipped, and 0 for the others. */
  readonly markClipped: (target: number, row: number, to: Uint8Array) => void;
}

/** In the after's own samples; of those that are not clipped, but for the range. */
export interface TargetFacts {
  readonly range: SampleRange;
  readonly samples: number;
  readonly clipped: number;
  readonly total: number;
  readonly energy: number;
}

/** A tile, cut where its rows are longer than sums of whole numbers allow. */
export function cutTile(tile: Tile, shape: KernelShape, inputs: readonly number[], targets: readonly number[]): Part[] {
  const parts: Part[] = [];
  for (let left = 0; left < tile.width; left += MOST_COLUMNS) {
    const width = Math.min(MOST_COLUMNS, tile.width - left);
    parts.push(partOf({ ...tile, left: tile.left + left, width }, shape, inputs, targets));
  }
  return parts;
}

function partOf(
  { example, top, left, height, width }: Tile,
  shape: KernelShape,
  inputs: readonly number[],
  targets: readonly number[],
): Part {
  const { before, after } = example;
  const origin = originInAfter(example, shape);
  const columns = width + shape.width - 1;
  const inputRow = (i: number, row: number): Row => rowOf(before, inputs[i], top + row, left);
  const afterRow = (i: number, row: number): Row => rowOf(after, targets[i], top + origin[0] + row, left + origin[1]);
  // What is at or beyond these is clipped.
  const low = example.clips ? 0 : Number.NEGATIVE_INFINITY;
  const high = example.clips ? whiteOf(after) : Number.POSITIVE_INFINITY;
  const facts = targets.map((_, i) => factsOf((row) => afterRow(i, row), height, width, low, high));
  const masked = new Float32Array(width);
  let range = facts.map((of) => of.range).reduce(widerRange);
  for (let row = 0; row < height + shape.height - 1; row++) {
    for (let i = 0; i < inputs.length; i++) {
      const { samples, from } = inputRow(i, row);
      range = rangeOf(samples, from, columns, range);
    }
  }
  return {
    example,
    facts,
    windows: {
      height,
      width,
      tapRows: shape.height,
      tapColumns: shape.width,
      inputs: inputs.length,
      inputRow,
      targets: targets.length,
      targetRow(i, row) {
        const whole = afterRow(i, row);
        if (facts[i].clipped === 0) return whole;
        for (let j = 0; j < width; j++) {
          const sample = whole.samples[whole.from + j];
          masked[j] = sample > low && sample < high ? sample : 0;
        }
        return { samples: masked, from: 0 };
      },
      range,
    },
    markClipped(i, row, to) {
      const { samples, from } = afterRow(i, row);
      for (let j = 0; j < width; j++) {
        const sample = samples[from + j];
        to[j] = sample > low && sample < high ? 0 : 1;
      }
    },
  };
}

function rowOf({ data, height, width }: Planes, channel: number, row: number, column: number): Row {
  return { samples: data, from: (channel * height + row) * width + column };
}

function factsOf(rowAt: (row: number) => Row, height: number, width: number, low: number, high: number): TargetFacts {
  const facts = { samples: 0, total: 0, energy: 0 };
  let allBits = 0;
  let allWhole = true;
  for (let row = 0; row < height; row++) {
    const { samples, from } = rowAt(row);
    let count = 0;
    let total = 0;
    let energy = 0;
    let bits = 0;
    let rest = 0;
    const end = from + width;
    for (let i = from; i < end; i++) {
      const sample = samples[i];
      const whole = sample | 0;
      bits |= whole;
      // What is left out is no number, and tells nothing of the range.
      if (sample !== whole && sample === sample) rest++;
      if (sample > low && sample < high) {
        count++;
        total += sample;
        energy += sample * sample;
      }
    }
    facts.samples += count;
    facts.total += total;
    facts.energy += energy;
    allBits |= bits;
    allWhole &&= rest === 0;
  }
  const range = allWhole ? rangeOfBits(allBits) : 'floats';
  return { ...facts, clipped: height * width - facts.samples, range };
}
