import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { run as runProgram } from '../contenders/pictureTests.mjs';
import { printColumns } from '../report.mjs';

export const title = "Sobel's magnitude of a folder of pictures to PNG: from a program's start to its end";

const fromHere = (path) => fileURLToPath(new URL(path, import.meta.url));
const PYTHON = process.env.PYTHON ?? 'python3';

/** GNU time tells what a program and those it started used; without it these columns stay empty. */
const TIME = '/usr/bin/time';

export async function run({ products, folder, rounds = 3 }) {
  if (folder === undefined) throw new Error('Expected --folder=… for batch: a folder of pictures, and nothing else');
  const root = await mkdtemp(join(tmpdir(), 'corr2d-bench-batch-'));
  try {
    const facts = await prepare(folder, root, products[0]);
    const contenders = contendersOf(products, folder, root);
    const best = new Map();
    for (let round = 0; round < rounds; round++) {
      for (const contender of contenders) {
        const results = join(root, `results of ${contender.name}`);
        await rm(results, { recursive: true, force: true });
        await mkdir(results);
        const found = await timed(contender.call(results), join(root, 'time'));
        const before = best.get(contender);
        if (before === undefined || found.seconds < before.seconds) best.set(contender, found);
      }
    }
    for (const contender of contenders) {
      const results = join(root, `results of ${contender.name}`);
      Object.assign(best.get(contender), await judge(contender, results, facts, root));
    }
    report(contenders, best, facts);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

/** Counts the pixels, and leaves every picture's map as bare samples for those who only encode. */
async function prepare(folder, root, { dist, detectEdges }) {
  const { readImage } = await import(new URL('index.js', dist).href);
  const names = (await readdir(folder)).sort();
  let pixels = 0;
  for (const color of ['luma', 'max']) await mkdir(join(root, color));
  for (const name of names) {
    const picture = await readImage(join(folder, name));
    pixels += picture.stored.width * picture.stored.height;
    for (const color of ['luma', 'max']) {
      await writeFile(join(root, color, name), detectEdges(picture, { color, store: {} }).map.stored.samples);
    }
  }
  return { names, megapixels: pixels / 1e6 };
}

function contendersOf(products, folder, root) {
  const node = (...words) => [process.execPath, ...words];
  const python = (how) => (results) => [PYTHON, fromHere('../contenders/batch.py'), how, folder, results];
  const sharpConvolve = (level) => (results) =>
    node(fromHere('../contenders/batchSharp.mjs'), folder, results, String(level));
  const corr2d = (product, color) => (results) =>
    node(fileURLToPath(new URL('cli.js', product.dist)), 'detect', folder, '-q', '-o', results, '--color', color);
  const alone = (product, color) => (results) =>
    node(fromHere('../contenders/batchAlone.mjs'), product.dist, folder, results, join(root, color));
  return [
    { name: 'OpenCV, two processes, grey', table: 'luma', yardstick: true, call: python('grey') },
    ...products.map((product) => ({ name: `${product.label}, grey`, table: 'luma', call: corr2d(product, 'luma') })),
    { name: 'decoding and encoding alone, grey', table: 'luma', call: alone(products[0], 'luma') },
    { name: 'sharp convolve, one kernel, grey', call: sharpConvolve(6) },
    { name: 'the same, its PNG at level 2', call: sharpConvolve(2) },
    { name: 'OpenCV, two processes, colour', table: 'max', yardstick: true, call: python('colour') },
    { name: 'the same, never in NumPy', table: 'max', call: python('colour-tuned') },
    ...products.map((product) => ({ name: `${product.label}, colour`, table: 'max', call: corr2d(product, 'max') })),
    { name: 'decoding and encoding alone, colour', table: 'max', call: alone(products[0], 'max') },
  ];
}

async function timed([program, ...words], path) {
  // What the one before has left to be written would be waited for.
  await runProgram('sync', []);
  const measured = existsSync(TIME);
  const start = performance.now();
  const status = measured
    ? await runProgram(TIME, ['-o', path, '-f', '%U %S %M', program, ...words])
    : await runProgram(program, words);
  const seconds = (performance.now() - start) / 1000;
  if (status !== 0) return { seconds: Number.POSITIVE_INFINITY, note: `ended with status ${status}` };
  if (!measured) return { seconds };
  const [user, system, kilobytes] = (await readFile(path, 'utf8')).trim().split(' ').map(Number);
  return { seconds, processor: user + system, peak: kilobytes / 1000 };
}

/** The mean difference of two maps of the same picture from which on they are not the same thing, of 255. */
const MOST_DIFFERENT = 1;

/** The bytes of all results, and whether they are what they should be: the maps, but for a grey that is decoded otherwise. */
async function judge({ table }, results, { names }, root) {
  const outputs = (await readdir(results)).filter((name) => name.endsWith('.png'));
  if (outputs.length !== names.length) return { note: `wrote ${outputs.length} of ${names.length} pictures` };
  let bytes = 0;
  for (const name of outputs) bytes += (await stat(join(results, name))).size;
  if (table === undefined) return { bytes };
  let worst = 0;
  for (const name of names) {
    const written = await sharp(join(results, name.replace(/\.[^.]*$/, '.png')))
      .toColourspace('b-w')
      .raw()
      .toBuffer();
    const wanted = await readFile(join(root, table, name));
    const sum = written.reduce((total, sample, i) => total + Math.abs(sample - wanted[i]), 0);
    worst = Math.max(worst, sum / wanted.length);
  }
  return worst <= MOST_DIFFERENT ? { bytes } : { note: `wrong by ${worst.toFixed(2)} of 255 in the mean` };
}

function report(contenders, best, { names, megapixels }) {
  process.stdout.write(`\n${names.length} pictures, ${megapixels.toFixed(0)} megapixels\n`);
  let yardstick;
  printColumns([
    ['', 'seconds', 'MP/s', '× OpenCV', 'MB', 'processor s', 'peak MB'],
    ...contenders.map((contender) => {
      const { name } = contender;
      const { seconds, bytes, processor, peak, note } = best.get(contender);
      if (contender.yardstick) yardstick = seconds;
      if (note !== undefined) {
        process.exitCode = 1;
        return [name, note];
      }
      return [
        name,
        seconds.toFixed(2),
        (megapixels / seconds).toFixed(1),
        (yardstick / seconds).toFixed(2),
        (bytes / 1e6).toFixed(1),
        processor === undefined ? '' : processor.toFixed(1),
        peak === undefined ? '' : peak.toFixed(0),
      ];
    }),
  ]);
}
