import { describe, expect, test } from 'vitest';
import {
  type Kernel,
  kernel,
  type Picture,
  type Planes,
  readImage,
  type Rounding,
  toInterleaved,
} from '../../src/index.ts';
import { feasibleKernel } from '../../src/learn/feasible/feasibleKernel.ts';
import { findProgram } from '../../src/learn/feasible/findProgram.ts';
import type { KernelShape } from '../../src/learn/kernelShape.ts';
import { type BeforeAfter, examplesOf } from '../../src/learn/pairs.ts';
import { inCheckout } from '../support/checkout.ts';
import { filteredSamples } from '../support/ofSamples.ts';
import { cropped, leastSquaresOf, pause, picture, randomTaps, responseTo } from './intervals.ts';
import { photograph, stored } from './support.ts';

const camera = async (height: number, width: number): Promise<Planes> =>
  cropped(stored(await photograph('camera.png')).planes, height, width);

type Learned = Awaited<ReturnType<typeof feasibleKernel>>;

/** From least squares with a bias, as truncation is one to it. */
async function learn(pairs: readonly BeforeAfter[], size: number, bias = false): Promise<Learned> {
  const examples = examplesOf(pairs);
  const shape: KernelShape = {
    sharing: 'shared',
    outChannels: 1,
    inChannels: 1,
    height: size,
    width: size,
    groups: 1,
    bias,
  };
  const start = await leastSquaresOf(examples, { ...shape, bias: true });
  return feasibleKernel(examples, shape, start, pause);
}

function asKernel(learned: Learned, size: number): Kernel {
  if ('miss' in learned) expect.fail(`Expected feasible taps but received ${JSON.stringify(learned)}`);
  const [taps] = learned.unknowns;
  return kernel(Array.from({ length: size }, (_, row) => Array.from(taps.subarray(row * size, (row + 1) * size))));
}

describe('samples/pair', () => {
  test('is an unsharp mask, truncated, that regenerates its after sample for sample', { tags: ['slow'] }, async () => {
    const before = await readImage(inCheckout('samples/pair/before.png'));
    const after = await readImage(inCheckout('samples/pair/after.png'));
    const learned = await learn([{ before, after }], 5);
    const binomial = [1, 4, 6, 4, 1];
    const wanted = binomial.flatMap((a, i) => binomial.map((b, j) => ((i === 2 && j === 2 ? 512 : 0) - a * b) / 256));
    expect(learned).toMatchObject({ rounding: 'truncate', denominator: 256, unknowns: [Float64Array.from(wanted)] });

    const k = asKernel(learned, 5);
    const { rounding, borders = [], certificate } = await findProgram(k, examplesOf([{ before, after }]));
    expect([rounding, borders.length, certificate.samples - certificate.reproduced]).toEqual(['truncate', 1, 0]);
    const { channels, height, width } = before.planes;
    const samples = toInterleaved([before.planes], 8);
    const [border] = borders;
    const stored = { samples, height, width, stride: channels, channels, white: 255 };
    const made = filteredSamples(stored, k, { border, rounding: 'truncate' });
    expect(made.samples).toEqual(toInterleaved([after.planes], 8));
  });
});

describe('a kernel', () => {
  const pairOf = (before: Planes, after: Planes): BeforeAfter[] => [{ before: picture(before), after: picture(after) }];

  test.each(['nearest', 'truncate'] as const)('is found with its rounding and no bias: %s', async (rounding) => {
    const before = await camera(200, 300);
    const taps = randomTaps(25, 2, 41, 0.2);
    for (const bias of [false, true]) {
      const learned = await learn(pairOf(before, responseTo(before, 5, taps, rounding)), 5, bias);
      const unknowns = bias ? Float64Array.of(...taps, 0) : taps;
      expect(learned).toMatchObject({ rounding, denominator: 100, unknowns: [unknowns] });
    }
  });

  test('is found with an offset, of the rounding that makes it shorter', async () => {
    const before = await camera(200, 300);
    const taps = randomTaps(9, 2, 42, 0.3);
    for (const rounding of ['nearest', 'truncate'] as const) {
      const after = responseTo(before, 3, taps, rounding, { offset: 0.1 });
      expect(await learn(pairOf(before, after), 3, true)).toMatchObject({
        rounding,
        denominator: 100,
        unknowns: [Float64Array.of(...taps, 0.1)],
      });
      expect(await learn(pairOf(before, after), 3)).toHaveProperty('miss');
    }
  });

  test('has 0 for taps that are 0, where the others are not short', async () => {
    const before = await camera(321, 481);
    const taps = randomTaps(25, 12, 43, 0.3).map((tap, i) => (i % 6 === 0 || i === 12 ? tap : 0));
    const learned = await learn(pairOf(before, responseTo(before, 5, taps, 'nearest')), 5);
    const found = asKernel(learned, 5).weights;
    taps.forEach((tap, i) => {
      if (tap === 0) expect(found[i]).toBe(0);
      else expect(found[i]).toBeCloseTo(tap, 4);
    });
  });

  test('is none where no linear filter gives the samples, by how many levels it is told', async () => {
    const before = await camera(100, 100);
    const after = responseTo(before, 3, randomTaps(9, 2, 44, 0.3), 'nearest');
    after.data[5000] += after.data[5000] > 128 ? -20 : 20;
    const learned = await learn(pairOf(before, after), 3);
    if (!('miss' in learned)) expect.fail('Expected no kernel');
    for (const rounding of ['nearest', 'truncate'] as const) {
      expect(learned.miss[rounding]).toBeGreaterThan(0.1);
      expect(learned.miss[rounding]).toBeLessThan(20);
    }
  });
});

describe('the certificate', () => {
  const decimals = kernel([
    [0.03, -0.02, 0.1],
    [0.05, 0.6, -0.07],
    [0.21, 0.02, 0.01],
  ]);
  const taps = Float64Array.of(0.03, -0.02, 0.1, 0.05, 0.6, -0.07, 0.21, 0.02, 0.01);

  /** The response of a program of double precision, which has no last bits that matter. */
  async function madeBy(rounding: Rounding, offset = 0): Promise<{ before: Picture; after: Picture }> {
    const before = await camera(200, 200);
    return { before: picture(before), after: picture(responseTo(before, 3, taps, rounding, { offset })) };
  }

  test('is whole with a bias too small to see, where whole numbers would be cut to one less', async () => {
    const { certificate, rounding, instead } = await findProgram(decimals, examplesOf([await madeBy('truncate')]));
    expect(rounding).toBe('truncate');
    expect(certificate.reproduced).toBeLessThan(certificate.samples);
    expect(instead?.certificate.reproduced).toBe(certificate.samples);
    expect(instead?.bias).toBeLessThan(1e-6);
  });

  test('is whole with half a level more where ties went up', async () => {
    // Cut after half a level is added: rounded to the nearest, ties up.
    const { certificate, rounding, instead } = await findProgram(
      decimals,
      examplesOf([await madeBy('truncate', 0.5 / 255)]),
    );
    expect(rounding).toBe('nearest');
    expect(certificate.reproduced).toBeLessThan(certificate.samples);
    expect(instead?.certificate).toMatchObject({ reproduced: certificate.samples, rounding: 'truncate' });
    expect((instead?.bias ?? 0) * 255).toBeCloseTo(0.5, 3);
  });

  test('has no such bias where nothing is missed', async () => {
    const { before } = await madeBy('nearest');
    const exact = await findProgram(kernel([[1]]), examplesOf([{ before, after: before }]));
    expect(exact.instead).toBeUndefined();
  });
});
