import { describe, expect, test } from 'vitest';
import { crossEntropy } from '../../src/contours/training/cropSlopes.ts';
import {
  beginDescent,
  cropSeed,
  expectSchedule,
  rateAt,
  type Schedule,
  takeStep,
  DEFAULT_SCHEDULE,
} from '../../src/contours/training/descent.ts';
import { drawCrop, emptyCrop } from '../../src/contours/training/drawCrop.ts';
import { type Example, exampleAt, exampleCount, shareExamples } from '../../src/contours/training/example.ts';
import { softTarget } from '../../src/contours/training/softTarget.ts';
import { seededRandom } from '../../src/layers/random.ts';
import { Diverged, divergence } from '../../src/train/divergence.ts';

describe('softTarget', () => {
  const [height, width] = [15, 17];
  const one = new Uint8Array(height * width);
  one[7 * width + 8] = 255;

  test('falls off around a contour as a Gaussian of σ 1.5', () => {
    const target = softTarget([one], height, width);
    target.forEach((value, i) => {
      const [y, x] = [Math.floor(i / width) - 7, (i % width) - 8];
      const isNear = Math.abs(y) <= 6 && Math.abs(x) <= 6;
      expect(value).toBe(isNear ? Math.round(255 * Math.exp(-(y * y + x * x) / 4.5)) : 0);
    });
    expect(target[7 * width + 8]).toBe(255);
  });

  test('is the mean of all people, and of one the nearest contour’s', () => {
    const both = one.slice();
    both[7 * width + 9] = 1;
    const single = softTarget([both], height, width);
    expect(single[7 * width + 9]).toBe(255);
    expect(single[7 * width + 11]).toBe(Math.round(255 * Math.exp(-4 / 4.5)));
    expect(softTarget([one, new Uint8Array(one.length)], height, width)[7 * width + 8]).toBe(128);
    expect(softTarget([new Uint8Array(one.length)], height, width).every((value) => value === 0)).toBe(true);
  });
});

/** A picture whose colours say where they lie. */
function placesOf(height: number, width: number): Example {
  const size = height * width;
  const colours = Uint8Array.from({ length: 3 * size }, (_, i) => {
    const at = i % size;
    return [Math.floor(at / width), at % width, 77][Math.floor(i / size)];
  });
  return { height, width, colours, target: new Uint8Array(size).fill(51) };
}

describe('drawCrop', () => {
  const side = 16;
  const size = side * side;
  const crops = (example: Example) =>
    Array.from({ length: 40 }, (_, seed) => {
      const crop = emptyCrop(side);
      // What the crop held before has no effect.
      for (const samples of Object.values(crop) as Float32Array[]) samples.fill(Number.NaN);
      drawCrop(crop, example, side, seededRandom(seed));
      return crop;
    });
  /** Whether a crop's samples are whole ones of the picture that follow each other. */
  const isUpright = ({ colours }: { colours: Float32Array }): boolean => {
    const places = Array.from({ length: 2 * size }, (_, i) => 255 * colours[i]);
    return places.every((place) => Math.abs(place - Math.round(place)) < 1e-4);
  };

  test('of a larger picture shows its samples, most crops by right angles, others turned and scaled', () => {
    const drawn = crops(placesOf(60, 50));
    const upright = drawn.filter(isUpright);
    expect(upright.length).toBeGreaterThan(20);
    expect(upright.length).toBeLessThan(40);
    const kinds = new Set<string>();
    for (const { colours, target, weight } of upright) {
      const placeOf = (i: number): [number, number] =>
        [0, 1].map((c) => Math.round(255 * colours[c * size + i])) as [number, number];
      const [start, right, down] = [0, 1, side].map(placeOf);
      const [u, v] = [right, down].map(([y, x]) => [y - start[0], x - start[1]]);
      kinds.add(JSON.stringify([u, v]));
      expect(Math.abs(u[0]) + Math.abs(u[1])).toBe(1);
      expect(Math.abs(u[0] * v[0] + u[1] * v[1])).toBe(0);
      for (let i = 0; i < size; i++) {
        const [row, column] = [Math.floor(i / side), i % side];
        expect(placeOf(i)).toStrictEqual([0, 1].map((k) => start[k] + column * u[k] + row * v[k]));
      }
      expect(weight.every((share) => share === 1)).toBe(true);
      expect(target.every((value) => Math.abs(value - 0.2) < 1e-6)).toBe(true);
    }
    expect(kinds.size).toBe(8);
    for (const { colours } of drawn) {
      for (let i = 2 * size; i < 3 * size; i++) expect(Math.abs(255 * colours[i] - 77)).toBeLessThan(1e-3);
    }
  });

  test('beyond a picture’s sides shows its mirror image, which counts for nothing', () => {
    for (const crop of crops(placesOf(10, 7)).filter(isUpright)) {
      expect(crop.weight.reduce((sum, share) => sum + 4 * share, 0)).toBe(70);
      crop.weight.forEach((share, i) => expect(crop.target[i]).toBeCloseTo(share > 0 ? 0.2 : 0, 6));
      for (let i = 0; i < size; i++) {
        expect(255 * crop.colours[i]).toBeLessThan(9.5);
        expect(255 * crop.colours[size + i]).toBeLessThan(6.5);
      }
    }
  });

  test('is the same for the same seed', () => {
    expect(crops(placesOf(30, 31))).toStrictEqual(crops(placesOf(30, 31)));
  });
});

test('examples that are shared are the same ones', () => {
  const examples = [placesOf(3, 5), placesOf(1, 1), placesOf(4, 2)];
  const shared = shareExamples(examples);
  expect(exampleCount(shared)).toBe(3);
  examples.forEach((example, i) => {
    const { height, width, colours, target } = exampleAt(shared, i);
    expect({ height, width, colours: Uint8Array.from(colours), target: Uint8Array.from(target) }).toStrictEqual(
      example,
    );
  });
});

test('crossEntropy is −t·log p − (1 − t)·log(1 − p), and its slopes are p − t', () => {
  const logits = Float32Array.of(-3, 0, 0.5, 4, 2);
  const target = Float32Array.of(0, 0.5, 1, 0.25, 1);
  const weight = Float32Array.of(1, 0.5, 1, 0.75, 0);
  const slopes = new Float32Array(5).fill(Number.NaN);
  const sums = crossEntropy(logits, { target, weight }, slopes);
  const p = Array.from(logits, (z) => 1 / (1 + Math.exp(-z)));
  const loss = p.reduce(
    (sum, q, i) => sum - weight[i] * (target[i] * Math.log(q) + (1 - target[i]) * Math.log(1 - q)),
    0,
  );
  expect(sums.loss).toBeCloseTo(loss, 6);
  expect(sums.weight).toBe(3.25);
  p.forEach((q, i) => expect(slopes[i]).toBeCloseTo(weight[i] * (q - target[i]), 6));
  const far = crossEntropy(
    Float32Array.of(1000, -1000),
    { target: Float32Array.of(0, 1), weight: Float32Array.of(1, 1) },
    slopes,
  );
  expect(far.loss).toBe(2000);
});

const SCHEDULE: Schedule = { steps: 100, batch: 4, side: 16, rate: 0.01, warmUp: 10, seed: 1 };

describe('the descent', () => {
  test('its rate rises to the largest and falls by a cosine to a thousandth', () => {
    expect(rateAt(SCHEDULE, 0)).toBeCloseTo(0.001, 12);
    expect(rateAt(SCHEDULE, 9)).toBeCloseTo(0.01, 12);
    expect(rateAt(SCHEDULE, 10)).toBeCloseTo(0.01, 12);
    expect(rateAt(SCHEDULE, 55)).toBeCloseTo(0.01 * (0.001 + 0.999 / 2), 12);
    expect(rateAt(SCHEDULE, 100)).toBeCloseTo(0.01 * 0.001, 12);
    expect(rateAt({ ...SCHEDULE, warmUp: 0 }, 0)).toBe(0.01);
    for (let step = 10; step < 100; step++) expect(rateAt(SCHEDULE, step + 1)).toBeLessThan(rateAt(SCHEDULE, step));
  });

  test('cuts a gradient that is longer than 1, and leaves a shorter one', () => {
    const long = Float64Array.of(3, -4);
    takeStep(beginDescent(Float32Array.of(1, 1)), long, SCHEDULE);
    expect([...long].map((slope) => Math.round(1e9 * slope) / 1e9)).toStrictEqual([0.6, -0.8]);
    const short = Float64Array.of(0.3, -0.4);
    takeStep(beginDescent(Float32Array.of(1, 1)), short, SCHEDULE);
    expect([...short]).toStrictEqual([0.3, -0.4]);
  });

  test('goes down, and its mean follows', () => {
    const descent = beginDescent(Float32Array.of(1, -1));
    takeStep(descent, Float64Array.of(0.3, -0.4), SCHEDULE);
    // Adam's first step is the rate, whatever the slope's size.
    expect(descent.weights[0]).toBeCloseTo(0.999, 6);
    expect(descent.weights[1]).toBeCloseTo(-0.999, 6);
    expect(descent.step).toBe(1);
    expect(descent.mean[0]).toBeCloseTo(0.1 * 1 + 0.9 * 0.999, 6);
  });

  test('each crop of a training has a seed of its own', () => {
    const seeds = Array.from({ length: 400 }, (_, i) => cropSeed(SCHEDULE, Math.floor(i / 4), i % 4));
    expect(new Set(seeds).size).toBe(400);
  });

  test.each([
    ['steps', 0],
    ['batch', 1.5],
    ['side', 18],
    ['side', 2],
    ['rate', 0],
    ['rate', 1.5],
    ['rate', Number.NaN],
    ['warmUp', 101],
    ['seed', -1],
  ])('refuses %s %d', (name, value) => {
    const shape = { widths: [4, 6], blocks: [1, 1], lateral: 3 };
    expect(expectSchedule(SCHEDULE, shape)).toBe(SCHEDULE);
    expect(expectSchedule(DEFAULT_SCHEDULE, shape)).toBe(DEFAULT_SCHEDULE);
    expect(() => expectSchedule({ ...SCHEDULE, [name]: value }, shape)).toThrow(`schedule.${name}`);
  });
});

describe('divergence', () => {
  const shape = { widths: [1], blocks: [0], lateral: 1 };
  const watched = (lossAt: (step: number) => number): Diverged | undefined => {
    const watch = divergence();
    const descent = beginDescent(Float32Array.of(0));
    try {
      for (let step = 1; step <= 200; step++) {
        descent.step = step;
        descent.mean[0] = step;
        watch(lossAt(step), descent, shape);
      }
    } catch (error) {
      if (error instanceof Diverged) return error;
      throw error;
    }
    return undefined;
  };

  test('losses that fall, or rise a little, go on', () => {
    expect(watched((step) => 1 / step)).toBeUndefined();
    expect(watched((step) => 1 + (step % 7 === 0 ? 5 : 0))).toBeUndefined();
  });

  test('losses that double stop, with weights from before', () => {
    const stopped = watched((step) => (step < 100 ? 1 / Math.sqrt(step) : 3));
    expect(stopped?.message).toMatch(/^Expected losses that fall but at step 1\d\d found a loss of .*, after one of /);
    expect(stopped?.net.weights[0]).toBeGreaterThan(50);
    expect(stopped?.net.weights[0]).toBeLessThan(101);
  });

  test('a loss that is no number stops at once', () => {
    const stopped = watched((step) => (step < 60 ? 1 / step : Number.NaN));
    expect(stopped?.step).toBe(60);
    expect(stopped?.message).toMatch(/found a loss of NaN/);
    expect(stopped?.net.weights[0]).toBeLessThan(60);
  });
});
