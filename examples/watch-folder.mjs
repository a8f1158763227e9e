// Writes the edges of every picture that comes into a folder, or changes there, into another one.
//
//   npm install corr2d && node watch-folder.mjs incoming edges
//
// `corr2d detect incoming -o edges --watch` does the same and keeps a journal; this shows how a program of one's own does it.
import { watch } from 'node:fs';
import { mkdir, readdir, rename, stat, writeFile } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { detectEdgesAsync } from 'corr2d';

const [from, to] = process.argv.slice(2);
if (to === undefined) {
  console.error('Usage: node watch-folder.mjs <folder> <folder for edges>');
  process.exit(2);
}
await mkdir(to, { recursive: true });

/** The latest work on each picture, which a newer version of it stops. */
const inWork = new Map();

async function take(name) {
  if (!/\.(png|jpe?g|webp|tiff?|avif|gif)$/i.test(name)) return;
  inWork.get(name)?.abort();
  const newer = new AbortController();
  inWork.set(name, newer);
  const { signal } = newer;
  try {
    await settled(join(from, name), signal);
    const { bytes } = await detectEdgesAsync(join(from, name), { encode: { format: 'png' }, signal });
    const path = join(to, `${parse(name).name}.png`);
    // Nobody sees half a picture.
    await writeFile(`${path}.part`, bytes, { signal });
    await rename(`${path}.part`, path);
    console.log(`${name} -> ${path}`);
  } catch (error) {
    if (!signal.aborted) console.error(error.message);
  } finally {
    if (inWork.get(name) === newer) inWork.delete(name);
  }
}

/** Waits until a file that is being copied does not grow any more. */
async function settled(path, signal) {
  for (let size = -1; ;) {
    const now = (await stat(path)).size;
    if (now === size && now > 0) return;
    size = now;
    await pause(100, undefined, { signal });
  }
}

watch(from, (_, name) => void (name && take(name)));
for (const name of await readdir(from)) void take(name);
console.log(`watching ${from}`);
