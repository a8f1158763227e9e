import { filterBytes } from '../contenders/product.mjs';
import { convolve } from '../contenders/sharp.mjs';
import { measure } from '../measure.mjs';
import { printTable } from '../report.mjs';
import { createScene, gaussianRow } from '../scene.mjs';

export const title = "raw 8-bit RGB of 2000×1500 to the same: sharp's convolve and filterPicture";

export async function run({ products, taps = [3, 7], rounds }) {
  for (const size of taps) {
    const { row } = gaussianRow(size);
    // Not quite symmetric, so that a flipped kernel shows; the sum stays about 1.
    const kernel = {
      taps: Float32Array.from(
        { length: size * size },
        (_, i) => row[i % size] * row[Math.floor(i / size)] * (0.8 + (0.4 * i) / size ** 2),
      ),
      size,
    };
    const entries = [
      convolve(kernel),
      ...products.flatMap((product) =>
        ['deterministic', 'fast'].map((precision) => filterBytes(product, kernel, precision)),
      ),
    ];
    const rows = await measure(entries, (s) => createScene(3, Math.round(1500 / s), Math.round(2000 / s)), {
      rounds,
      // One level: libvips cuts towards zero where we round to the nearest.
      bound: { relative: 1, scale: 1 },
    });
    printTable(`2000×1500 RGB, ${size}×${size} taps`, rows, 9e6 * size * size);
  }
}
