import { ceilings } from '../ceilings.mjs';
import { kernelOf } from '../contenders/product.mjs';
import { inProcess, measure } from '../measure.mjs';
import { printTable } from '../report.mjs';
import { createScene, keep, randomTaps } from '../scene.mjs';
import { boundOf } from '../verify.mjs';

export const title = "plain arrays and planes in the engine's memory, 4000×3000, deterministic";

export async function run({ products, taps = [3, 7], rounds }) {
  for (const size of taps) {
    const kernel = { taps: randomTaps(1, 1, size), size };
    const rows = await measure(
      [
        ...products.flatMap((product, i) => [
          { ...route(product, kernel, 'allocated', 'allocated'), yardstick: i === 0 },
          route(product, kernel, 'plain', 'allocated'),
          route(product, kernel, 'allocated', 'plain'),
          route(product, kernel, 'plain', 'plain'),
          route(product, kernel, 'plain', 'fresh'),
        ]),
        ...ceilings(products[0]),
      ],
      (s) => createScene(1, Math.round(3000 / s), Math.round(4000 / s)),
      { rounds, bound: boundOf(kernel.taps) },
    );
    printTable(`4000×3000, ${size}×${size} taps`, rows, 12e6 * size * size);
  }
}

function route(product, kernel, from, to) {
  return {
    name: `${product.label} ${from} to ${to}`,
    precision: 'deterministic',
    open(scene) {
      const { x, out } = product.planesOf(scene);
      const { height, width, samples } = scene;
      const sources = { allocated: () => x, plain: () => ({ channels: 1, height, width, data: samples, white: 255 }) };
      const targets = {
        allocated: () => ({ out: out(1) }),
        plain: () => ({ out: keep(scene, 'plain', () => product.createPlanes(1, height, width, 255)) }),
        fresh: () => ({}),
      };
      const k = kernelOf(product, kernel);
      const source = sources[from]();
      const options = { padding: 'same', border: 'reflect101', ...targets[to]() };
      let y;
      return inProcess(
        () => (y = product.corr2d(source, k, options)),
        () => y.data,
      );
    },
  };
}
