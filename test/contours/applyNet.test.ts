import { describe, expect, test } from 'vitest';
import { applyNet, roomForNet } from '../../src/contours/applyNet.ts';
import { type ContourNet, initialWeights } from '../../src/contours/contourNet.ts';
import { seededRandom } from '../../src/layers/random.ts';
import { rowsOfPlanes } from '../../src/planes/pictureRows.ts';
import type { Planes } from '../../src/planes/planes.ts';
import { allocateAnywhere } from '../../src/wasm/workspace.ts';
import fc from '../support/fc.ts';
import { referenceLikelihoods } from './reference.ts';

interface Case {
  readonly net: ContourNet;
  readonly picture: Planes;
}

const cases = fc
  .record({
    levels: fc.array(fc.record({ width: fc.integer({ min: 1, max: 7 }), blocks: fc.integer({ min: 0, max: 2 }) }), {
      minLength: 1,
      maxLength: 3,
    }),
    lateral: fc.integer({ min: 1, max: 5 }),
    height: fc.integer({ min: 1, max: 40 }),
    width: fc.integer({ min: 1, max: 40 }),
    channels: fc.constantFrom(1, 3),
    white: fc.constantFrom(1, 255, 65535),
    seed: fc.nat(),
  })
  .map(({ levels, lateral, height, width, channels, white, seed }): Case => {
    const shape = { widths: levels.map((level) => level.width), blocks: levels.map((level) => level.blocks), lateral };
    return { net: netOf(shape, seed), picture: pictureOf(channels, height, width, white, seed) };
  });

/** First weights, and biases that are not 0. */
function netOf(shape: Omit<ContourNet, 'weights'>, seed: number): ContourNet {
  const random = seededRandom(seed % 1000);
  return { ...shape, weights: initialWeights(shape, seed).map((weight) => weight + random.uniform(-0.1, 0.1)) };
}

function pictureOf(channels: number, height: number, width: number, white: number, seed: number): Planes {
  const random = seededRandom(seed % 997);
  const data = Float32Array.from({ length: channels * height * width }, () => random.uniform(0, white));
  return { channels, height, width, data, white };
}

function applied(net: ContourNet, picture: Planes, rowsOfStrip?: number): Float32Array {
  const map = new Float32Array(picture.height * picture.width).fill(Number.NaN);
  let next = 0;
  const onRow = (row: Float32Array, y: number): void => {
    expect(y).toBe(next++);
    map.set(row, y * picture.width);
  };
  applyNet(net, rowsOfPlanes(picture), onRow, rowsOfStrip);
  expect(next).toBe(picture.height);
  return map;
}

function expectDefinition(net: ContourNet, picture: Planes): void {
  const { channels, height, width, data, white = 1 } = picture;
  const size = height * width;
  const planes = [0, 1, 2].map((c) => {
    const start = channels === 1 ? 0 : c * size;
    return Float64Array.from(data.subarray(start, start + size));
  });
  const wanted = referenceLikelihoods(net, { height, width, planes }, white);
  const worst = applied(net, picture).reduce((most, value, i) => Math.max(most, Math.abs(value - wanted[i])), 0);
  expect(worst).toBeLessThan(1e-5);
}

const SHAPE = { widths: [4, 6, 5], blocks: [1, 2, 1], lateral: 3 };

describe('applyNet', () => {
  test('answers as the definition does, for any net and picture', () => {
    fc.assert(
      fc.property(cases, ({ net, picture }) => expectDefinition(net, picture)),
      { numRuns: 25, seed: 20 },
    );
  });

  test.each([
    [1, 1, 3],
    [1, 90, 1],
    [70, 1, 3],
    [7, 9, 1],
    [70, 90, 3],
    [69, 83, 3],
  ])('answers as the definition does for %i×%i samples of %i channels', (height, width, channels) => {
    expectDefinition(netOf(SHAPE, 3), pictureOf(channels, height, width, 255, 5));
  });

  test('gives the same bytes in strips of any number of rows', () => {
    const run = (net: ContourNet, picture: Planes): void => {
      const whole = applied(net, picture, 1024);
      for (const rows of [2, 4, 8, undefined]) expect(applied(net, picture, rows)).toStrictEqual(whole);
    };
    run(netOf(SHAPE, 4), pictureOf(3, 131, 45, 1, 6));
    fc.assert(
      fc.property(cases, ({ net, picture }) => run(net, picture)),
      { numRuns: 15, seed: 21 },
    );
  });

  test('a picture of more rows than a strip has is the same in the strips that are chosen', () => {
    const net = netOf({ widths: [2, 3], blocks: [1, 1], lateral: 2 }, 5);
    const picture = pictureOf(1, 601, 9, 255, 7);
    expect(applied(net, picture)).toStrictEqual(applied(net, picture, 1024));
  });

  test('does not depend on what its memory held before', () => {
    const run = (net: ContourNet, picture: Planes): void => {
      const first = applied(net, picture);
      const { arena, address } = allocateAnywhere(2 * roomForNet(net, picture));
      arena.floats.fill(Number.NaN, address / 4, address / 4 + roomForNet(net, picture) / 2);
      arena.free(address);
      expect(applied(net, picture)).toStrictEqual(first);
      expect(first.every((value) => value > 0 && value < 1)).toBe(true);
    };
    run(netOf(SHAPE, 6), pictureOf(3, 37, 29, 255, 8));
    fc.assert(
      fc.property(cases, ({ net, picture }) => run(net, picture)),
      { numRuns: 25, seed: 22 },
    );
  });

  test('sees grey as three colours that are alike', () => {
    const net = netOf(SHAPE, 7);
    const grey = pictureOf(1, 21, 34, 65535, 9);
    const colour = { ...grey, channels: 3, data: Float32Array.from([0, 1, 2].flatMap(() => [...grey.data])) };
    expect(applied(net, colour)).toStrictEqual(applied(net, grey));
  });
});
