// What sharp alone can do of Sobel: one of its two kernels on grey, to PNG; batchSharp.mjs FOLDER RESULTS LEVEL
import { readdirSync } from 'node:fs';
import { join, parse } from 'node:path';
import sharp from 'sharp';

const AT_ONCE = 2;

const [folder, results, level] = process.argv.slice(2);
sharp.cache(false);
sharp.concurrency(1);
const kernel = { width: 3, height: 3, kernel: [-1, 0, 1, -2, 0, 2, -1, 0, 1], scale: 4 };
const names = readdirSync(folder);

async function work() {
  for (let name = names.pop(); name !== undefined; name = names.pop()) {
    await sharp(join(folder, name))
      .greyscale()
      .convolve(kernel)
      .toColourspace('b-w')
      .png({ compressionLevel: Number(level) })
      .toFile(join(results, `${parse(name).name}.png`));
  }
}
await Promise.all(Array.from({ length: AT_ONCE }, work));
