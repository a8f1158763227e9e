import { describe, expect, test } from 'vitest';
import { type ContourShape, initialWeights, partsInOrder, weightsLayout } from '../../src/contours/contourNet.ts';
import { openTape } from '../../src/contours/training/tape.ts';
import { seededRandom } from '../../src/layers/random.ts';
import { openArena } from '../../src/wasm/arena.ts';
import { type Channels, referenceLogits } from './reference.ts';

const SHAPES: readonly [string, ContourShape, number][] = [
  ['one level', { widths: [5], blocks: [1], lateral: 3 }, 8],
  ['two levels', { widths: [4, 6], blocks: [1, 2], lateral: 3 }, 12],
  ['three levels, one without blocks', { widths: [3, 5, 2], blocks: [0, 1, 1], lateral: 5 }, 16],
];

/** Weights, a crop, and slopes along the logits. */
function drawn(shape: ContourShape, side: number) {
  const random = seededRandom(11);
  const weights = initialWeights(shape, 2).map((weight) => weight + random.uniform(-0.1, 0.1));
  const crop = Float32Array.from({ length: 3 * side * side }, () => random.uniform(0, 1));
  const along = Float32Array.from({ length: (side / 2) ** 2 }, () => random.uniform(-1, 1));
  return { weights, crop, along };
}

function channelsOf(crop: Float32Array, side: number): Channels {
  const size = side * side;
  const planes = [0, 1, 2].map((c) => Float64Array.from(crop.subarray(c * size, (c + 1) * size)));
  return { height: side, width: side, planes };
}

const tapeOf = (shape: ContourShape, side: number) => openTape(shape, side, (bytes) => openArena(bytes + 4096));

describe.each(SHAPES)('the tape of a net of %s', (_, shape, side) => {
  const { weights, crop, along } = drawn(shape, side);

  test('gives the logits of the definition', () => {
    const tape = tapeOf(shape, side);
    tape.setWeights(weights);
    const logits = tape.forward(crop);
    const wanted = referenceLogits({ ...shape, weights }, channelsOf(crop, side)).planes[0];
    expect(logits.length).toBe(wanted.length);
    logits.forEach((logit, i) => expect(Math.abs(logit - wanted[i])).toBeLessThan(1e-4));
  });

  test('gives the slopes that the definition has, of every weight', { tags: ['slow'] }, () => {
    const tape = tapeOf(shape, side);
    tape.setWeights(weights);
    tape.forward(crop);
    const gradient = new Float32Array(weights.length).fill(Number.NaN);
    tape.backward(along, gradient);
    const own = Float64Array.from(weights);
    const seen = channelsOf(crop, side);
    const loss = (): number =>
      referenceLogits({ ...shape, weights: own }, seen).planes[0].reduce((sum, logit, i) => sum + logit * along[i], 0);
    const step = 1e-6;
    const slopeAt = (i: number): number => {
      own[i] = weights[i] + step;
      const above = loss();
      own[i] = weights[i] - step;
      const below = loss();
      own[i] = weights[i];
      return (above - below) / (2 * step);
    };
    for (const { name, offset, length } of partsInOrder(weightsLayout(shape))) {
      const wanted = Array.from({ length }, (__, i) => slopeAt(offset + i));
      const largest = Math.max(...wanted.map(Math.abs));
      expect(largest, name).toBeGreaterThan(0);
      const worst = Math.max(...wanted.map((slope, i) => Math.abs(slope - gradient[offset + i])));
      expect(worst / largest, name).toBeLessThan(1e-3);
    }
  });

  test('gives the same bytes again, whatever crop came between', () => {
    const tape = tapeOf(shape, side);
    const run = (samples: Float32Array) => {
      const gradient = new Float32Array(weights.length).fill(Number.NaN);
      tape.setWeights(weights);
      const logits = tape.forward(samples).slice();
      tape.backward(along, gradient);
      return { logits, gradient };
    };
    const first = run(crop);
    run(crop.map((sample) => 1 - sample));
    expect(run(crop)).toStrictEqual(first);
  });

  test('refuses a crop of another size', () => {
    expect(() => tapeOf(shape, side).forward(new Float32Array(3))).toThrow(/Expected a crop/);
  });
});
