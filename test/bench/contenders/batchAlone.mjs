// The decoding and encoding of a batch without what is between: pictures are decoded, and maps that are ready are encoded and written;
// batchAlone.mjs DIST FOLDER RESULTS MAPS, where MAPS holds maps of samples under their pictures' names.
process.env.UV_THREADPOOL_SIZE = '4';

const { readdirSync } = await import('node:fs');
const { readFile, writeFile } = await import('node:fs/promises');
const path = await import('node:path');

const AT_ONCE = 3;

const [dist, folder, results, maps] = process.argv.slice(2);
const { encodeStored, readImage } = await import(new URL('index.js', dist).href);
const { tuneSharp } = await import(new URL('internals.js', dist).href);
tuneSharp({ threads: 1 });
const names = readdirSync(folder);

async function work() {
  for (let name = names.pop(); name !== undefined; name = names.pop()) {
    const { stored } = await readImage(new Uint8Array(await readFile(path.join(folder, name))));
    const { height, width } = stored;
    const samples = new Uint8Array(await readFile(path.join(maps, name)));
    const bytes = await encodeStored({ samples, height, width, stride: 1 }, {}, { format: 'png' });
    await writeFile(path.join(results, `${path.parse(name).name}.png`), bytes);
  }
}
await Promise.all(Array.from({ length: AT_ONCE }, work));
