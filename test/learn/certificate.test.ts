import { describe, expect, test } from 'vitest';
import {
  type BeforeAfter,
  type BorderName,
  type Kernel,
  kernel,
  type Picture,
  planes,
  readImage,
  toInterleaved,
} from '../../src/index.ts';
import { certify } from '../../src/learn/feasible/certify.ts';
import { findProgram } from '../../src/learn/feasible/findProgram.ts';
import { examplesOf } from '../../src/learn/pairs.ts';
import { pictureFrom } from '../../src/planes/picture.ts';
import type { Rounding } from '../../src/planes/samples.ts';
import { inCheckout } from '../support/checkout.ts';
import { filteredSamples } from '../support/ofSamples.ts';
import { photograph, stored } from './support.ts';

const binomial = [1, 4, 6, 4, 1];

/** Twice the picture less its 5×5 binomial blur: what made samples/pair. */
const unsharp = kernel(binomial.map((a, i) => binomial.map((b, j) => (i === 2 && j === 2 ? 2 : 0) - (a * b) / 256)));
const decimals = kernel([
  [0.1, -0.23, 0.07],
  [0.31, 0.9, -0.41],
  [0.05, 0.13, 0.02],
]);

const samplePair = async (): Promise<BeforeAfter> => ({
  before: await readImage(inCheckout('samples/pair/before.png')),
  after: await readImage(inCheckout('samples/pair/after.png')),
});

/** What the filter command makes of a picture, as it reads it again. */
function filtered(before: Picture, k: Kernel, border: BorderName, rounding: Rounding, depth: 8 | 16 = 8): Picture {
  const { channels, height, width } = before.planes;
  const samples = toInterleaved([before.planes], before.depth === 16 ? 16 : 8);
  const white = before.planes.white ?? 1;
  const picture = { samples, height, width, stride: channels, channels, white };
  return pictureFrom(filteredSamples(picture, k, { border, rounding, depth }));
}

/** The picture with some samples replaced. */
function changed({ planes: p, ...picture }: Picture, at: Readonly<Record<number, number>>): Picture {
  const data = p.data.slice();
  for (const [i, sample] of Object.entries(at)) data[Number(i)] = sample;
  return { ...picture, planes: { ...p, data } };
}

/** Rows and columns around the middle, as an after that is a valid response has them. */
function cropped({ planes: p, ...picture }: Picture, by: number): Picture {
  const [height, width] = [p.height - 2 * by, p.width - 2 * by];
  const rows = Array.from({ length: p.channels * height }, (_, line) => {
    const row = Math.floor(line / height) * p.height + by + (line % height);
    return p.data.subarray(row * p.width + by, row * p.width + by + width);
  });
  const data = Float32Array.from(rows.flatMap((row) => Array.from(row)));
  return { ...picture, planes: { channels: p.channels, height, width, white: 255, data } };
}

describe('a certificate', () => {
  test('counts every sample of samples/pair, rim included', async () => {
    const examples = examplesOf([await samplePair()]);
    const samples = examples[0].after.data.length;
    expect(certify(unsharp, examples, { rounding: 'truncate', border: 'replicate' })).toMatchObject({ samples });
    const { certificate, ...program } = await findProgram(unsharp, examples);
    expect(program.rounding).toBe('truncate');
    expect(program.borders).toHaveLength(1);
    expect(certificate).toEqual({
      reproduced: samples,
      samples,
      rounding: 'truncate',
      border: program.borders?.[0],
    });
  });

  test('names the first sample that differs, in the pair, channel, row and column where it stands', async () => {
    const before = await readImage(inCheckout('samples/astronaut.png'));
    const after = filtered(before, decimals, 'replicate', 'nearest');
    const { height, width } = after.planes;
    const at = (1 * height + 20) * width + 30;
    const expectedSample = after.planes.data[at] === 7 ? 8 : 7;
    const pairs = [
      { before, after },
      { before, after: changed(after, { [at]: expectedSample, [at + 5]: after.planes.data[at + 5] ^ 1 }) },
    ];
    expect(certify(decimals, examplesOf(pairs), { rounding: 'nearest', border: 'replicate' })).toEqual({
      reproduced: 2 * 3 * height * width - 2,
      samples: 2 * 3 * height * width,
      rounding: 'nearest',
      border: 'replicate',
      first: { pair: 1, channel: 1, row: 20, column: 30, expected: expectedSample, received: after.planes.data[at] },
    });
  });

  test('has no border where afters are valid responses', async () => {
    const before = stored(await photograph('camera.png'));
    const after = cropped(filtered(before, unsharp, 'zero', 'truncate'), 2);
    const { certificate, ...program } = await findProgram(unsharp, examplesOf([{ before, after }]));
    expect(program).toEqual({ rounding: 'truncate' });
    const samples = after.planes.data.length;
    expect(certificate).toEqual({ reproduced: samples, samples, rounding: 'truncate' });
  });

  test('is that of a 16-bit after of an 8-bit before, and the other way round', async () => {
    const eight = stored(await photograph('camera.png'));
    const sixteen: Picture = {
      ...eight,
      depth: 16,
      planes: { ...eight.planes, white: 65535, data: eight.planes.data.map((v, i) => v * 257 - (i % 200)) },
    };
    sixteen.planes.data.forEach((v, i, data) => {
      data[i] = Math.max(0, v);
    });
    for (const [before, depth] of [
      [eight, 16],
      [sixteen, 8],
    ] as const) {
      const after = filtered(before, decimals, 'symmetric', 'truncate', depth);
      const { certificate, rounding } = await findProgram(decimals, examplesOf([{ before, after }]));
      expect(rounding).toBe('truncate');
      expect(certificate.reproduced).toBe(after.planes.data.length);
    }
  });

  test('refuses afters of other sizes and channels', async () => {
    const before = await readImage(inCheckout('samples/astronaut.png'));
    const how = { rounding: 'nearest', border: 'zero' } as const;
    const small = examplesOf([{ before, after: cropped(before, 2) }]);
    expect(() => certify(decimals, small, how)).toThrow(/^Expected an after of 512×512.* or of 510×510/);
    const grey = examplesOf([{ before, after: stored(await photograph('astronaut.png')) }]);
    expect(() => certify(decimals, grey, how)).toThrow(
      'Expected an after of 3×512×512, as the kernel gives, for pairs[0] but received 1×512×512',
    );
  });
});

describe('the program', () => {
  const cases = (['zero', 'replicate', 'reflect101', 'symmetric', 'wrap'] as const).flatMap((border) =>
    (['nearest', 'truncate'] as const).map((rounding) => ({ border, rounding })),
  );

  test.each(cases)('is told by its rounding and border: $rounding, $border', async ({ border, rounding }) => {
    const before = await readImage(inCheckout('samples/chelsea.png'));
    const after = filtered(before, unsharp, border, rounding);
    const { certificate, ...program } = await findProgram(unsharp, examplesOf([{ before, after }]));
    expect(program).toEqual({ rounding, borders: [border] });
    expect(certificate.reproduced).toBe(certificate.samples);
  });

  test('has several borders where a 3×3 kernel cannot tell them apart', async () => {
    const before = await readImage(inCheckout('samples/chelsea.png'));
    const after = filtered(before, decimals, 'symmetric', 'nearest');
    const { borders, certificate } = await findProgram(decimals, examplesOf([{ before, after }]));
    expect(borders).toEqual(['replicate', 'symmetric']);
    expect(certificate).toMatchObject({ border: 'replicate', reproduced: certificate.samples });
  });

  test('has an indistinguishable rounding where the taps are whole numbers', async () => {
    const before = stored(await photograph('camera.png'));
    const sharpen = kernel([
      [0, -1, 0],
      [-1, 5, -1],
      [0, -1, 0],
    ]);
    const after = filtered(before, sharpen, 'reflect101', 'truncate');
    const { rounding, borders, certificate } = await findProgram(sharpen, examplesOf([{ before, after }]));
    expect([rounding, borders]).toEqual(['indistinguishable', ['reflect101']]);
    expect(certificate).toMatchObject({ reproduced: certificate.samples, rounding: 'nearest' });
  });

  test('has no border where the rim was copied', async () => {
    const before = stored(await photograph('camera.png'));
    const inner = filtered(before, unsharp, 'zero', 'nearest');
    const { height, width } = before.planes;
    const rim: Record<number, number> = {};
    before.planes.data.forEach((sample, i) => {
      const [row, column] = [Math.floor(i / width), i % width];
      if (Math.min(row, height - 1 - row, column, width - 1 - column) < 2) rim[i] = sample;
    });
    const found = await findProgram(unsharp, examplesOf([{ before, after: changed(inner, rim) }]));
    expect(found).toMatchObject({ rounding: 'nearest', rim: 'copied' });
    expect(found.borders).toBeUndefined();
    expect(found.certificate.reproduced).toBeLessThan(found.certificate.samples);
    expect(found.certificate.reproduced).toBeGreaterThanOrEqual((height - 4) * (width - 4));
  });

  test('has no border where none gives half as much of the rim as the kernel gives elsewhere', async () => {
    const before = stored(await photograph('camera.png'));
    const { height, width } = before.planes;
    const inner = filtered(before, unsharp, 'replicate', 'truncate');
    const rim: Record<number, number> = {};
    for (const row of [0, 1, height - 2, height - 1]) {
      for (let column = 0; column < width; column++) rim[row * width + column] = (row * 91 + column * 57) % 256;
    }
    for (let row = 0; row < height; row++) for (const column of [0, 1]) rim[row * width + column] = (row * 37) % 256;
    const found = await findProgram(unsharp, examplesOf([{ before, after: changed(inner, rim) }]));
    expect([found.rounding, found.borders, found.rim]).toEqual(['truncate', undefined, undefined]);
  });

  test('puts the extra line of even kernels on top and on the left', async () => {
    const k = kernel([
      [0.5, 0.25],
      [0.125, 0.125],
    ]);
    const before = stored(
      planes([
        [0, 1, 0.5],
        [0.25, 0.75, 1],
        [1, 0, 0.3],
      ]),
    );
    const after = filtered(before, k, 'zero', 'nearest');
    const { borders, certificate } = await findProgram(k, examplesOf([{ before, after }]));
    expect(borders).toEqual(['zero']);
    expect(certificate.reproduced).toBe(9);
  });
});
