import { expect, test } from 'vitest';
import { createPlanes, filterPicture, learnKernel, namedKernel, type Planes, seededRandom } from '../../src/index.ts';
import { stored } from './support.ts';

/** A white page with black marks, where most samples after are bounds. */
function page(): Planes {
  const random = seededRandom(1);
  const p = createPlanes(1, 191, 384, 255);
  p.data.fill(255);
  for (let mark = 0; mark < 300; mark++) {
    const within = [180, 370].map((side) => Math.floor(random.uniform(0, side)));
    const [height, width] = [6, 10].map((side) => Math.floor(random.uniform(1, side)));
    for (let row = within[0]; row < within[0] + height; row++) {
      p.data.fill(0, row * 384 + within[1], row * 384 + within[1] + width);
    }
  }
  return p;
}

test('256/255 of a kernel is not learned where the kernel itself gives more samples', { tags: ['slow'] }, async () => {
  const before = stored(page());
  const after = stored(filterPicture(before, namedKernel('binomial:5')).planes);
  const { kernel: learned, report } = await learnKernel([{ before, after }]);
  expect(learned.weights.reduce((sum, tap) => sum + tap, 0)).toBeCloseTo(1, 6);
  expect(report.certificate?.reproduced).toBe(report.certificate?.samples);
  expect(report.known?.text).toBe('5×5 binomial blur');
});
