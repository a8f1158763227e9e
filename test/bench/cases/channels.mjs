import { ceilings } from '../ceilings.mjs';
import { correlations } from '../contenders/product.mjs';
import { loadTfjs } from '../contenders/tfjs.mjs';
import { measure } from '../measure.mjs';
import { printTable } from '../report.mjs';
import { createScene, randomTaps } from '../scene.mjs';
import { boundOf } from '../verify.mjs';

export const title =
  'sums over channels, zeros outside the picture (OpenCV: a filter2D for every pair of channels, and additions)';

const TABLES = [
  { inChannels: 3, outChannels: 1, size: 3, width: 2000, height: 1500 },
  { inChannels: 3, outChannels: 3, size: 3, width: 2000, height: 1500 },
  { inChannels: 3, outChannels: 3, size: 7, width: 2000, height: 1500 },
  { inChannels: 16, outChannels: 16, size: 3, width: 512, height: 512 },
  { inChannels: 16, outChannels: 16, size: 5, width: 512, height: 512 },
];

/** Minimal filtering takes three rows of taps. */
const algorithmsOf = (size) => ({
  deterministic: ['auto', 'direct'],
  fast: size === 3 ? ['auto', 'direct', 'minimal'] : ['auto', 'direct', 'fft'],
});

export async function run({ products, opencv, taps: wanted, rounds }) {
  const tfjs = await loadTfjs();
  for (const { inChannels, outChannels, size, width, height } of TABLES) {
    if (wanted && !wanted.includes(size)) continue;
    const kernel = { taps: randomTaps(outChannels, inChannels, size), size, outChannels, inChannels };
    const shape = [outChannels, inChannels, size, size];
    const entries = [
      opencv.entry('OpenCV', 'filter2D', { taps: [...kernel.taps], shape, border: 'zero' }),
      ...products.flatMap((product) => correlations(product, kernel, 'zero', algorithmsOf(size))),
      tfjs.conv2d(kernel, false),
      ...ceilings(products[0]),
    ];
    const options = { rounds, bound: boundOf(kernel.taps) };
    const rows = await measure(
      entries,
      (s) => createScene(inChannels, Math.round(height / s), Math.round(width / s)),
      options,
    );
    const name = `${inChannels} to ${outChannels} channels of ${width}×${height}, ${size}×${size} taps`;
    printTable(name, rows, width * height * kernel.taps.length);
  }
}
