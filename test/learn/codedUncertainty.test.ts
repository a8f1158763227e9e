import { expect, test } from 'vitest';
import {
  encodeImage,
  filterPicture,
  type Kernel,
  learnKernel,
  namedKernel,
  type Picture,
  readImage,
} from '../../src/index.ts';
import { cutPlanes } from '../../src/planes/cut.ts';
import { inCheckout } from '../support/checkout.ts';
import { photograph, stored } from './support.ts';

const NAMES = ['sharpen', 'emboss', 'box:5', 'gaussian:1', 'unsharp'];

/** The worst tap's, whatever the size. */
function awayFrom(learned: Kernel, made: Kernel): number {
  const [height, width] = [Math.max(learned.height, made.height) + 1, Math.max(learned.width, made.width) + 1];
  const at = (k: Kernel, row: number, column: number): number => {
    const [r, c] = [row + Math.ceil((k.height - 1) / 2), column + Math.ceil((k.width - 1) / 2)];
    return r < 0 || c < 0 || r >= k.height || c >= k.width ? 0 : k.weights[r * k.width + c];
  };
  let worst = 0;
  for (let row = -height; row <= height; row++) {
    for (let column = -width; column <= width; column++) {
      worst = Math.max(worst, Math.abs(at(learned, row, column) - at(made, row, column)));
    }
  }
  return worst;
}

test(
  'taps of afters of JPEG are within what is stated in nine of ten',
  { tags: ['slow'], timeout: 120_000 },
  async () => {
    const pictures: Picture[] = [];
    for (const name of ['chelsea.png', 'astronaut.png', 'camera.png']) {
      const whole = await readImage(inCheckout('samples', name));
      pictures.push(
        stored(cutPlanes(whole.planes, 40, 60, 220, 260)),
        stored(cutPlanes(await photograph(name), 40, 60, 220, 260)),
      );
    }
    const told: string[] = [];
    let [stated, held] = [0, 0];
    for (const [i, before] of pictures.entries()) {
      for (const name of NAMES) {
        const made = namedKernel(name);
        const after = await readImage(
          await encodeImage(filterPicture(before, made).planes, { format: 'jpg', quality: 90 }),
        );
        const { kernel: learned, report } = await learnKernel([{ before, after }]);
        if (report.standardErrors === undefined || report.explained === false) continue;
        const [worst, within] = [awayFrom(learned, made), Math.max(...report.standardErrors.filter(Number.isFinite))];
        stated++;
        if (worst <= within) held++;
        else told.push(`${i} ${name}: ${worst} beyond ${within}`);
      }
    }
    expect(stated).toBeGreaterThan(15);
    expect(held / stated, told.join('; ')).toBeGreaterThanOrEqual(0.9);
  },
);
