import { expect, test } from 'vitest';
import { corr2d, createPlanes, type Kernel, kernel, type Planes } from '../../src/core.ts';
import { correlatedRows } from '../../src/correlate/correlatedRows.ts';
import { filterPicture } from '../../src/correlate/filterPicture.ts';
import { filterRows } from '../../src/correlate/filterRows.ts';
import type { Padding } from '../../src/correlate/geometry.ts';
import { placeRows, rowsOfPlanes } from '../../src/planes/pictureRows.ts';
import { anyBorder } from '../support/arbitraries.ts';
import fc from '../support/fc.ts';
import { quarter } from '../support/quarter.ts';
import { seeded } from '../support/seeded.ts';

function noise(channels: number, height: number, width: number, seed: number, white = 255): Planes {
  const random = seeded(seed);
  const x = createPlanes(channels, height, width, white);
  return { ...x, data: x.data.map(() => Math.floor(random() * (white + 1))) };
}

function kernelOf(channels: number, height: number, width: number, seed: number): Kernel {
  const random = seeded(seed);
  const weights = Array.from({ length: channels }, () =>
    Array.from({ length: height }, () => Array.from({ length: width }, () => random() - 0.4)),
  );
  return kernel([weights], { bias: 0.25 });
}

/** Poisoned where nothing is written. */
const poisoned = (channels: number, height: number, width: number, white: number | undefined): Planes => {
  const fresh = createPlanes(channels, height, width, white);
  fresh.data.fill(Number.NaN);
  return fresh;
};

const odd = fc.integer({ min: 12, max: 40 });

test('rows that transforms give are those of the whole picture, to the last bit, however many are read at a time', () => {
  let bands = 0;
  fc.assert(
    fc.property(
      fc.record({
        channels: fc.constantFrom(1, 2),
        height: fc.integer({ min: 60, max: 400 }),
        width: fc.integer({ min: 40, max: 180 }),
        taps: fc.tuple(odd, odd),
        stride: fc.constantFrom(1, 2, 3),
        dilation: fc.constantFrom(1, 2),
        padding: fc.constantFrom<Padding>('same', 'same-upper', 'full', 'onnx-same-lower', [7, 3]),
        border: anyBorder,
        precision: fc.constantFrom('deterministic' as const, 'fast' as const),
        rows: fc.integer({ min: 1, max: 70 }),
        seed: fc.nat(1000),
      }),
      ({ channels, height, width, taps: [tall, wide], rows, seed, ...how }) => {
        const x = noise(channels, height, width, seed);
        const k = kernelOf(channels, tall, wide, seed + 1);
        fc.pre(2 * (tall - 1) < height && 2 * (wide - 1) < width);
        const wanted = corr2d(x, k, how);
        let read = 0;
        const source = rowsOfPlanes(x);
        const counted = { ...source, read: (...at: Parameters<typeof source.read>) => (read++, source.read(...at)) };
        const found = correlatedRows(counted, k, how, 1);
        expect([found.channels, found.height, found.width]).toEqual([1, wanted.height, wanted.width]);
        const whole = poisoned(1, wanted.height, wanted.width, 255);
        for (let from = 0; from < wanted.height; from += rows) {
          const [top, bottom] = [Math.max(0, from - 1), Math.min(wanted.height, from + rows + 1)];
          placeRows(found.read(top, bottom, poisoned), top, whole);
        }
        if (read > 1) bands++;
        expect(whole.data).toEqual(wanted.data);
      },
    ),
    { numRuns: 60 },
  );
  expect(bands).toBeGreaterThan(20);
});

test.each(quarter(['premultiplied', 'keep'] as const))(
  'a transparent picture is filtered by rows as it is whole: alpha %s',
  (policy) => {
    const planes = noise(3, 700, 210, 5);
    const alpha = noise(1, 700, 210, 6);
    const picture = { planes, alpha, depth: 8, lossy: false, metadata: {} } as const;
    const taps = kernelOf(1, 31, 17, 7);
    const wanted = filterPicture(picture, taps, { alpha: policy, border: 'reflect101' });
    const k = { ...taps, outChannels: 3, groups: 3 };
    const repeated = { ...k, weights: new Float32Array(3 * 31 * 17), bias: new Float32Array(3).fill(0.25) };
    for (let c = 0; c < 3; c++) repeated.weights.set(taps.weights, c * 31 * 17);
    const rows = filterRows(
      { colours: rowsOfPlanes(planes), alpha: rowsOfPlanes(alpha), weighs: policy === 'premultiplied' },
      repeated,
      { padding: 'same', border: 'reflect101' },
    );
    const found = { planes: poisoned(3, 700, 210, 255), alpha: poisoned(1, 700, 210, 255) };
    rows.eachRows((part, from, ofAlpha) => {
      placeRows(part, from, found.planes);
      placeRows(ofAlpha as Planes, from, found.alpha);
    });
    expect(found.planes.data).toEqual(wanted.planes.data);
    expect(found.alpha.data).toEqual(wanted.alpha?.data);
  },
);
