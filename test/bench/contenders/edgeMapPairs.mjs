import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';

const WIDTH = 1632;
const HEIGHT = 1226;

const samples = (name) => fileURLToPath(new URL(`../../../samples/${name}`, import.meta.url));
const SOURCES = ['chelsea.png', 'camera.png', 'pair/before.png'];

/** Whatever is changed is so in one pair of twenty. */
export const CHANGED_OF = 20;

/**
 * Folders of 8-bit edge maps of 2 megapixels below `root`: `actual`; `golden`, the same in other bytes, but for every twentieth map,
 * in which a few pixels differ; `filtered`, that again with its rows filtered, as many programs write PNGs; `same`, a copy of `actual`.
 */
export async function writePairs(root, count, { detectEdges, readImage, encodeImage }) {
  for (const folder of ['actual', 'golden', 'filtered', 'same']) await mkdir(`${root}/${folder}`, { recursive: true });
  for (let i = 0; i < count; i++) {
    const picture = await sharp(samples(SOURCES[i % SOURCES.length]))
      // Another detail every time, so that no two maps are alike.
      .rotate((i * 7) % 360)
      .resize(WIDTH, HEIGHT, { fit: 'cover' })
      .removeAlpha()
      .png({ compressionLevel: 1 })
      .toBuffer();
    const { map } = detectEdges(await readImage(picture), { store: {} });
    const bytes = await encodeImage(map, { format: 'png' });
    const name = `${String(i).padStart(3, '0')}.png`;
    const golden = { ...map.stored, samples: map.stored.samples.slice() };
    if (i % CHANGED_OF === 0)
      for (let k = 0; k < 5; k++) golden.samples[(i * 7919 + k * 104729) % golden.samples.length] ^= 200;
    const again = sharp(golden.samples, { raw: { width: WIDTH, height: HEIGHT, channels: 1 } }).toColourspace('b-w');
    await Promise.all([
      writeFile(`${root}/actual/${name}`, bytes),
      writeFile(`${root}/same/${name}`, bytes),
      writeFile(`${root}/golden/${name}`, await again.clone().png({ compressionLevel: 6 }).toBuffer()),
      writeFile(
        `${root}/filtered/${name}`,
        await again.clone().png({ compressionLevel: 6, adaptiveFiltering: true }).toBuffer(),
      ),
    ]);
  }
}
