import { expect, test } from 'vitest';
import { type DetectOptions, detectEdges } from '../../src/core.ts';
import { detectionOf } from '../../src/edges/detection.ts';
import { turns } from '../../src/edges/gradient/orientation.ts';
import { turnsOf } from '../../src/edges/turnsOf.ts';
import { pictureFrom } from '../../src/planes/picture.ts';
import { toInterleaved } from '../../src/planes/samples.ts';
import { anyBorder } from '../support/arbitraries.ts';
import { describeSamples } from '../support/describeSamples.ts';
import fc from '../support/fc.ts';
import { numRuns } from '../support/numRuns.ts';
import { anySamples } from '../support/samplesCases.ts';

const anyOptions: fc.Arbitrary<DetectOptions & { linear?: boolean }> = fc.record(
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
      const stored = pictureFrom(picture, linear ? { metadata: { linear } } : {});
      // A copy holds planes alone.
      const { orientation, alpha } = detectEdges({ ...stored }, { ...how, orientation: true });
      if (orientation === undefined) throw new Error('Expected directions');
      const found = turnsOf(stored, detectionOf({ ...how, orientation: true }));
      expect(describeSamples(found.map.stored, toInterleaved([turns(orientation)], 16))).toBe('');
      expect(found.alpha).toBe(alpha);
    }),
    numRuns(200),
  );
}, 120_000);

test('are refused of what has none', () => {
  const picture = { samples: Uint8Array.of(1), height: 1, width: 1, stride: 1, channels: 1, white: 255 };
  expect(() => turnsOf(pictureFrom(picture), detectionOf({ operator: 'laplacian', orientation: true }))).toThrow(
    'two directions',
  );
});
