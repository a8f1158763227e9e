import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { leastSquaresOfPair, mixingKernel, pairScene } from '../contenders/leastSquares.mjs';
import { measure } from '../measure.mjs';
import { milliseconds, printColumns, printTable } from '../report.mjs';
import { createScene } from '../scene.mjs';

export const title = 'learning a 7×7 kernel that mixes three channels, by least squares';

const SIZE = 7;

export async function run({ products, opencv, rounds }) {
  await againstDecoding(products);
  await againstNumPy(products, opencv, rounds);
}

const PAIR = fileURLToPath(new URL('learnPair.mjs', import.meta.url));
const PHOTOGRAPH = fileURLToPath(new URL('../../../samples/rocket.jpg', import.meta.url));

/** 12 megapixels of colour: reading the two files, and learning from them, in the same process. */
async function againstDecoding(products) {
  const folder = await mkdtemp(join(tmpdir(), 'corr2d-bench-'));
  try {
    const lines = [['', 'decode both, ms', 'least squares, ms', 'ratio', 'peak MB', 'with its report, ms']];
    const { before, after } = await largePair(products[0]);
    for (const [format, options] of [
      ['png', {}],
      ['jpeg', { quality: 90 }],
    ]) {
      const write = async (name, { samples, height, width }) => {
        const path = join(folder, `${name}.${format}`);
        await sharp(samples, { raw: { height, width, channels: 3 } })
          .toFormat(format, options)
          .toFile(path);
        return path;
      };
      const paths = [await write('before', before), await write('after', after)];
      for (const product of products) {
        const child = spawnSync(process.execPath, [PAIR, product.dist, ...paths]);
        if (child.status !== 0) throw new Error(String(child.stderr));
        const { decode, solve, learn, megabytes } = JSON.parse(String(child.stdout));
        lines.push([
          `${product.label}, ${format}`,
          milliseconds(decode),
          milliseconds(solve),
          (solve / decode).toFixed(2),
          megabytes.toFixed(0),
          milliseconds(learn),
        ]);
      }
    }
    process.stdout.write('\n4000×3000 RGB\n');
    printColumns(lines);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A photograph enlarged, with grain of ±8 levels that leaves nothing of it smooth, and what a kernel makes of it. */
async function largePair(product) {
  const shape = { channels: 3, height: 3000, width: 4000 };
  const { data } = await sharp(PHOTOGRAPH)
    .resize(shape.width, shape.height, { fit: 'fill' })
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { samples: grain } = createScene(1, 1, data.length);
  const before = Uint8Array.from(data, (sample, i) => 16 + 0.8 * sample + grain[i] / 16);
  const planes = product.fromInterleaved(before, shape, 255);
  const filtered = product.filterPicture({ planes }, mixingKernel(product, SIZE), { border: 'replicate' });
  const after = product.toInterleaved([filtered.planes], 8);
  return { before: { ...shape, samples: before }, after: { ...shape, samples: after } };
}

/** On a picture whose windows NumPy can hold: 300,000 of 147 samples are 350 MB. */
async function againstNumPy(products, opencv, rounds) {
  const entries = [
    { ...opencv.entry('NumPy im2col, lstsq', 'leastSquares', { size: SIZE, how: 'lstsq' }), longest: 60_000 },
    {
      ...opencv.entry('NumPy im2col, AᵀA', 'leastSquares', { size: SIZE, how: 'normal' }),
      yardstick: false,
      longest: 60_000,
    },
    ...products.map((product) => leastSquaresOfPair(product, SIZE)),
  ];
  const rows = await measure(entries, (s) => pairScene(products[0], SIZE, Math.round(480 / s), Math.round(640 / s)), {
    ...(rounds && { rounds }),
    bound: { relative: 1e-5, scale: 1 },
  });
  printTable('640×480 RGB', rows, 0);
}
