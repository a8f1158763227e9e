import { ceilings } from '../ceilings.mjs';
import { loadOpenCvJs } from '../contenders/opencvJs.mjs';
import { correlations } from '../contenders/product.mjs';
import { loadTfjs } from '../contenders/tfjs.mjs';
import { measure } from '../measure.mjs';
import { printMeans, printTable } from '../report.mjs';
import { createScene, randomTaps } from '../scene.mjs';
import { boundOf } from '../verify.mjs';

const TAPS = [3, 5, 7, 9, 11, 15, 21, 31, 63];

/** The sizes that the geometric means are taken over. */
const IN_MEAN = new Set([3, 5, 7, 9, 11, 15, 21, 31]);

const ALGORITHMS = { deterministic: ['auto', 'direct', 'fft'], fast: ['auto', 'direct', 'fft'] };

export const title = 'one plane of 4000×3000 with kernels of random taps';

export async function run({ products, opencv, taps = TAPS, rounds }) {
  const opencvJs = await loadOpenCvJs();
  const tfjs = await loadTfjs();
  const tooSlow = new Set();
  const tables = [];
  for (const size of taps) {
    const kernel = { taps: randomTaps(1, 1, size), size };
    const entries = [
      opencv.entry('OpenCV', 'filter2D', { taps: [...kernel.taps], shape: [1, 1, size, size], border: 'reflect101' }),
      ...products.flatMap((product) => correlations(product, kernel, 'reflect101', ALGORITHMS)),
      opencvJs.filter2d(kernel),
      tfjs.conv2d(kernel, true),
      ...ceilings(products[0]),
    ];
    const rows = await measure(entries, (s) => createScene(1, Math.round(3000 / s), Math.round(4000 / s)), {
      rounds,
      tooSlow,
      rim: size,
      bound: boundOf(kernel.taps),
    });
    const ratios = printTable(`4000×3000, ${size}×${size} taps`, rows, 12e6 * size * size);
    tables.push({ label: String(size), size, ratios });
  }
  const means = tables.filter(({ size }) => IN_MEAN.has(size));
  if (means.length > 1) printMeans('Geometric means of the ratios', means);
}
