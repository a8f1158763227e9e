import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { odiff, pixelmatch, regCli } from '../contenders/pictureTests.mjs';
import { printColumns } from '../report.mjs';

export const title =
  'verdicts that are written down in test/verify/cases.ts: ours under the options of a case, the others under a threshold';

/** Each under its defaults, and as strict as it can be told to be. */
const PAIRED = {
  'pixelmatch 0.1': (actual, golden) => pixelmatch(actual, golden),
  'pixelmatch 0': (actual, golden) => pixelmatch(actual, golden, { threshold: 0, antialiasing: true }),
  'odiff 0.1': (actual, golden) => odiff(actual, golden),
  'odiff 0': (actual, golden) => odiff(actual, golden, { threshold: 0 }),
};

export async function run({ products }) {
  const library = await import(new URL('index.js', products[0].dist).href);
  const root = await mkdtemp(join(tmpdir(), 'corr2d-bench-verdicts-'));
  const wrong = new Map();
  const lines = [['', 'right', 'corr2d', ...Object.keys(PAIRED), 'reg-cli']];
  const add = (name, right, verdicts) => {
    const cells = Object.entries(verdicts).map(([program, verdict]) => {
      if (verdict === undefined) return '–';
      const isRight = right === 'unreadable' ? verdict !== 'passed' : verdict === right;
      if (!isRight) wrong.set(program, (wrong.get(program) ?? 0) + 1);
      return isRight ? '✓' : verdict;
    });
    lines.push([name, right, ...cells]);
  };
  try {
    const { PAIR_CASES, FOLDER_CASES, writeFiles } = await loadCases(root);
    for (const [i, { name, verdict, options, actual, golden, extension = 'png' }] of PAIR_CASES.entries()) {
      const folder = join(root, `pair${i}`);
      const paths = ['actual', 'golden'].map((side) => join(folder, side, `a.${extension}`));
      for (const side of ['actual', 'golden']) await mkdir(join(folder, side), { recursive: true });
      await writeFile(paths[0], await actual());
      await writeFile(paths[1], await golden());
      const verdicts = { corr2d: await ours(library, paths, options) };
      for (const [program, judge] of Object.entries(PAIRED)) verdicts[program] = await judge(...paths);
      verdicts['reg-cli'] = await regCli(join(folder, 'actual'), join(folder, 'golden'), folder);
      add(name, verdict, verdicts);
    }
    for (const [i, { name, match, options, actual, golden }] of FOLDER_CASES.entries()) {
      const folder = join(root, `folder${i}`);
      const [first, second] = ['actual', 'golden'].map((side) => join(folder, side));
      await writeFiles(first, await actual());
      await writeFiles(second, await golden());
      const verdicts = { corr2d: (await library.verifyFolder(first, second, options)).match ? 'passed' : 'changed' };
      for (const program of Object.keys(PAIRED)) verdicts[program] = undefined;
      verdicts['reg-cli'] = await regCli(first, second, folder);
      add(`folders: ${name}`, match ? 'passed' : 'changed', verdicts);
    }
  } finally {
    await rm(root, { recursive: true, force: true });
  }
  printColumns(lines);
  const programs = ['corr2d', ...Object.keys(PAIRED), 'reg-cli'];
  process.stdout.write(`\nwrong: ${programs.map((program) => `${program} ${wrong.get(program) ?? 0}`).join(', ')}\n`);
  if (wrong.has('corr2d')) process.exitCode = 1;
}

async function ours({ compareImages, FileError }, [actual, golden], options) {
  try {
    return (await compareImages(actual, golden, options)).match ? 'passed' : 'changed';
  } catch (error) {
    if (error instanceof FileError) return 'error';
    throw error;
  }
}

/** Node 20 does not run .ts files. */
async function loadCases(folder) {
  const outfile = join(folder, 'cases.mjs');
  const sharp = fileURLToPath(import.meta.resolve('sharp'));
  await build({
    entryPoints: [fileURLToPath(new URL('../../verify/cases.ts', import.meta.url))],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
    // Where the file lies, nothing is found by name.
    alias: { sharp },
    external: [sharp],
    define: { 'import.meta.url': JSON.stringify(new URL('../../support/checkout.ts', import.meta.url).href) },
  });
  return import(pathToFileURL(outfile).href);
}
