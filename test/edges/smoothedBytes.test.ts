import { expect, test } from 'vitest';
import { createPlanes } from '../../src/core.ts';
import { smoothedBytes } from '../../src/edges/canny/opencvCanny.ts';
import { smoothing } from '../../src/edges/gradient/responses.ts';
import { roundSample } from '../../src/planes/samples.ts';
import { anyBorder } from '../support/arbitraries.ts';
import fc from '../support/fc.ts';
import { numRuns } from '../support/numRuns.ts';

test('rows that are smoothed some at a time are those of the whole channel', () => {
  fc.assert(
    fc.property(
      fc.record({ height: fc.integer({ min: 1, max: 400 }), width: fc.integer({ min: 1, max: 12 }), seed: fc.nat() }),
      fc.constantFrom(0.3, 1.4, 3, 9),
      anyBorder,
      ({ height, width, seed }, sigma, border) => {
        const channel = Uint8Array.from(
          { length: height * width },
          (_, i) => Math.imul(i + seed, 2_654_435_761) >>> 24,
        );
        const x = { channels: 1, height, width, data: Float32Array.from(channel), white: 255 };
        const whole = smoothing(border, 'deterministic', true)(x, sigma, createPlanes(1, height, width, 255));
        const found = smoothedBytes(height, width, { sigmas: [sigma], border, precision: 'deterministic' })(channel);
        expect(found).toEqual(Uint8Array.from(whole.data, (value) => roundSample(value, 255)));
      },
    ),
    numRuns(200),
  );
});
