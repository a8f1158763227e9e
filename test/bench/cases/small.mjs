import { ceilings } from '../ceilings.mjs';
import { rawConvolution } from '../contenders/imageJs.mjs';
import { loadOpenCvJs } from '../contenders/opencvJs.mjs';
import { correlations } from '../contenders/product.mjs';
import { loadTfjs } from '../contenders/tfjs.mjs';
import { measure } from '../measure.mjs';
import { printTable } from '../report.mjs';
import { createScene, randomTaps } from '../scene.mjs';
import { boundOf } from '../verify.mjs';

export const title = 'small pictures, where a call itself costs something; the definition, which is never tuned';

const ALGORITHMS = { deterministic: ['auto', 'direct', 'reference'], fast: ['auto', 'direct'] };

export async function run({ products, opencv, taps = [3], rounds }) {
  const opencvJs = await loadOpenCvJs();
  const tfjs = await loadTfjs();
  for (const side of [512, 64]) {
    for (const size of taps) {
      const kernel = { taps: randomTaps(1, 1, size), size };
      const entries = [
        opencv.entry('OpenCV', 'filter2D', { taps: [...kernel.taps], shape: [1, 1, size, size], border: 'reflect101' }),
        ...products.flatMap((product) => correlations(product, kernel, 'reflect101', ALGORITHMS)),
        opencvJs.filter2d(kernel),
        tfjs.conv2d(kernel, true),
        rawConvolution(kernel),
        ...ceilings(products[0]),
      ];
      const options = { rounds, rim: size, bound: boundOf(kernel.taps) };
      const rows = await measure(entries, (s) => createScene(1, side / s, side / s), options);
      printTable(`${side}×${side}, ${size}×${size} taps`, rows, side * side * size * size);
    }
  }
}
