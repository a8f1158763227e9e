import { ceilings } from '../ceilings.mjs';
import { loadOpenCvJs } from '../contenders/opencvJs.mjs';
import { correlations, inTwoPasses } from '../contenders/product.mjs';
import { measure } from '../measure.mjs';
import { printMeans, printTable } from '../report.mjs';
import { createScene, gaussianRow } from '../scene.mjs';
import { boundOf } from '../verify.mjs';

export const title = 'Gaussian smoothing of one plane of 4000×3000; taps are counted in rows and columns';

const ALGORITHMS = { deterministic: ['auto', 'separable'], fast: ['auto', 'separable'] };

export async function run({ products, opencv, taps = [3, 7, 15, 31], rounds }) {
  const opencvJs = await loadOpenCvJs();
  const tables = [];
  const tooSlow = new Set();
  for (const size of taps) {
    const { sigma, row } = gaussianRow(size);
    const kernel = {
      taps: Float32Array.from({ length: size * size }, (_, i) => row[i % size] * row[Math.floor(i / size)]),
      size,
    };
    const entries = [
      opencv.entry('OpenCV', 'GaussianBlur', { size, sigma, border: 'reflect101' }),
      ...products.flatMap((product) => [
        ...correlations(product, kernel, 'reflect101', ALGORITHMS),
        ...['deterministic', 'fast'].map((precision) => inTwoPasses(product, row, 'reflect101', precision)),
      ]),
      opencvJs.gaussian(size, sigma),
      ...ceilings(products[0]),
    ];
    const rows = await measure(entries, (s) => createScene(1, Math.round(3000 / s), Math.round(4000 / s)), {
      rounds,
      tooSlow,
      bound: boundOf(kernel.taps),
    });
    const ratios = printTable(`GaussianBlur ${size}×${size}, σ ${sigma.toFixed(2)}`, rows, 12e6 * 2 * size);
    tables.push({ label: String(size), ratios });
  }
  if (tables.length > 1) printMeans('Geometric means of the ratios', tables);
}
