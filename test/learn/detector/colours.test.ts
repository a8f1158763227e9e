import { expect, test } from 'vitest';
import { detectEdges, type DetectorColor, type KernelDetector, learnDetector, readImage } from '../../../src/index.ts';
import { cutPlanes } from '../../../src/planes/cut.ts';
import { inCheckout } from '../../support/checkout.ts';
import { UNNAMED } from '../../support/pairsOfKernels.ts';
import { quarter } from '../../support/quarter.ts';
import { stored } from '../support.ts';

const { planes } = await readImage(inCheckout('samples', 'astronaut.png'));
const rgb = cutPlanes(planes, 60, 120, 160, 224);

test.for<[string, DetectorColor]>(
  quarter([
    ['luma of BT.601', { mix: [0.299, 0.587, 0.114] }],
    ['luma of BT.709', { mix: [0.2126, 0.7152, 0.0722] }],
    ['the average', { mix: [1 / 3, 1 / 3, 1 / 3] }],
    ['one channel', { mix: [0, 1, 0] }],
    ['a mixture of nobody’s', { mix: [0.5, 0.2, 0.3] }],
    ['the strongest channel', 'max'],
    ['each channel', 'each'],
    ['the length of all channels', 'length'],
  ]),
)('kernels that nobody has named, of %s: weights and every sample come out', { timeout: 60_000 }, async ([, color]) => {
  const operator: KernelDetector = {
    kernels: UNNAMED,
    response: 'l2',
    color,
    border: 'reflect101',
    rounding: 'nearest',
  };
  const { map } = detectEdges(rgb, { operator });
  const found = await learnDetector([{ before: stored(rgb), after: stored(map) }]);
  if (found === undefined) throw new Error('no detector was found');
  const { certificate, method } = found.report;
  expect(method).toBe('recovered');
  expect((found.detector as KernelDetector).color).toEqual(color);
  expect(certificate?.reproduced).toBe(certificate?.samples);
});
