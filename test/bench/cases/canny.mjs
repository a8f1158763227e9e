import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { cannyBytes } from '../contenders/product.mjs';
import { measure } from '../measure.mjs';
import { printTable } from '../report.mjs';
import { sceneOf } from '../scene.mjs';

export const title =
  "Canny's edges of 4000×3000 grey bytes by OpenCV's arithmetic (a photograph of samples/, mirrored side by side)";

/** OpenCV's own units: responses of the aperture to bytes. */
const THRESHOLDS = { 3: [60, 150], 5: [900, 2500], 7: [15_000, 40_000] };

export async function run({ products, opencv, rounds }) {
  const photograph = await greyOf(fileURLToPath(new URL('../../../samples/rocket.jpg', import.meta.url)));
  for (const aperture of [3, 5, 7]) {
    const [low, high] = THRESHOLDS[aperture];
    for (const magnitude of ['l1', 'l2']) {
      const entries = [
        opencv.entry('OpenCV', 'Canny', { low, high, aperture, l2: magnitude === 'l2' }),
        ...products.map((product) => cannyBytes(product, { low, high, aperture, magnitude })),
      ];
      const rows = await measure(entries, (s) => mirrored(photograph, Math.round(3000 / s), Math.round(4000 / s)), {
        rounds,
        bound: { relative: 0, scale: 1 },
      });
      printTable(`aperture ${aperture}, ${magnitude}, thresholds ${low} and ${high}`, rows, 12e6);
    }
  }
}

async function greyOf(path) {
  const { data, info } = await sharp(path).greyscale().raw().toBuffer({ resolveWithObject: true });
  return { samples: data, height: info.height, width: info.width };
}

function mirrored({ samples, height: tall, width: wide }, height, width) {
  const inside = (i, size) => (Math.floor(i / size) % 2 === 0 ? i % size : size - 1 - (i % size));
  const made = new Float32Array(height * width);
  for (let i = 0; i < height; i++) {
    const row = inside(i, tall) * wide;
    for (let j = 0; j < width; j++) made[i * width + j] = samples[row + inside(j, wide)];
  }
  return sceneOf(1, height, width, made);
}
