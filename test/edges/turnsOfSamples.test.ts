import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeSrgb, detectEdges } from '../../src/core.ts';
import { turns } from '../../src/edges/gradient/orientation.ts';
import { type TurnsOptions, turnsOfSamples } from '../../src/edges/turnsOfSamples.ts';
import { pictureFrom } from '../../src/planes/picture.ts';
import { toInterleaved } from '../../src/planes/samples.ts';
import { anyBorder } from '../support/arbitraries.ts';
import { describeSamples } from '../support/describeSamples.ts';
import { numRuns } from '../support/numRuns.ts';
import { anySamples } from '../support/samplesCases.ts';

const anyOptions: fc.Arbitrary<TurnsOptions> = fc.record(
  {
    operator: fc.constantFrom('sobel', 'scharr', 'roberts', 'kirsch', 'canny', 'gaussian-gradient'),
    color: fc.constantFrom('luma', 'max', 'each', 'di-zenzo'),
    sigma: fc.constantFrom(1, [1, 2]),
    border: anyBorder,
    alpha: fc.constantFrom('edges', 'drop'),
    linear: fc.boolean(),
  },
  { requiredKeys: [] },
);

test('the directions of stored samples are those of its planes', () => {
  fc.assert(
    fc.property(anySamples, anyOptions, (picture, { linear, ...how }) => {
      fc.pre(how.operator !== 'kirsch' || how.color !== 'di-zenzo');
      const stored = pictureFrom(picture);
      const seen = linear ? { ...stored, planes: decodeSrgb(stored.planes), metadata: { linear } } : stored;
      const { orientation, alpha } = detectEdges(seen, { ...how, orientation: true });
      if (orientation === undefined) throw new Error('Expected directions');
      const found = turnsOfSamples(picture, { ...how, linear: linear ?? false });
      expect(describeSamples(found.map, toInterleaved([turns(orientation)], 16))).toBe('');
      expect(found.alpha).toBe(alpha);
    }),
    numRuns(200),
  );
}, 120_000);

test('are refused of what has none', () => {
  const picture = { samples: Uint8Array.of(1), height: 1, width: 1, stride: 1, channels: 1, white: 255 };
  expect(() => turnsOfSamples(picture, { operator: 'laplacian' })).toThrow('two directions');
});
