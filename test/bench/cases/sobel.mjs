import { ceilings } from '../ceilings.mjs';
import { sobel } from '../contenders/product.mjs';
import { measure } from '../measure.mjs';
import { printTable } from '../report.mjs';
import { createScene } from '../scene.mjs';

export const title = 'Sobel magnitude of one plane of 4000×3000 (OpenCV: Sobel in both directions, then magnitude)';

export async function run({ products, opencv, rounds }) {
  const entries = [
    opencv.entry('OpenCV', 'Sobel', { scale: 1 / 4, border: 'replicate' }),
    ...products.flatMap((product) => ['deterministic', 'fast'].map((precision) => sobel(product, precision))),
    ...ceilings(products[0]),
  ];
  const rows = await measure(entries, (s) => createScene(1, Math.round(3000 / s), Math.round(4000 / s)), {
    rounds,
    bound: { relative: 1e-5, scale: 255 },
  });
  // Six taps that are not 0 in each direction.
  printTable('Sobel magnitude', rows, 12e6 * 12);
}
