import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writePairs } from '../contenders/edgeMapPairs.mjs';
import { odiffFolders, odiffServers, regCli, run as runProgram } from '../contenders/pictureTests.mjs';
import { printColumns } from '../report.mjs';

const PAIRS = 200;

export const title = `${PAIRS} pairs of edge maps of 2 megapixels, one in twenty changed: seconds from start to end`;

const FOLDERS = {
  golden: 're-encoded, rows unfiltered',
  filtered: 're-encoded, rows filtered',
  same: 'the same bytes',
};

export async function run({ products, rounds = 3 }) {
  const root = await mkdtemp(join(tmpdir(), 'corr2d-bench-verify-'));
  try {
    await writePairs(root, PAIRS, await import(new URL('index.js', products[0].dist).href));
    const contenders = {
      ...Object.fromEntries(products.map((product) => [`${product.label} verify`, verifyOf(product)])),
      'odiff, two processes': odiffFolders,
      'odiff, two servers': odiffServers,
      'reg-cli, two processes': regCli,
    };
    const best = new Map();
    for (let round = 0; round < rounds; round++) {
      for (const folder of Object.keys(FOLDERS)) {
        for (const [name, verify] of Object.entries(contenders)) {
          const scratch = await mkdtemp(join(root, 'scratch-'));
          const start = performance.now();
          await verify(join(root, 'actual'), join(root, folder), scratch);
          const seconds = (performance.now() - start) / 1000;
          await rm(scratch, { recursive: true });
          const key = `${folder} ${name}`;
          best.set(key, Math.min(best.get(key) ?? Infinity, seconds));
        }
      }
    }
    for (const [folder, what] of Object.entries(FOLDERS)) {
      const yardstick = best.get(`${folder} odiff, two processes`);
      process.stdout.write(`\n${what}\n`);
      printColumns([
        ['', 'seconds', '× odiff'],
        ...Object.keys(contenders).map((name) => {
          const seconds = best.get(`${folder} ${name}`);
          return [name, seconds.toFixed(2), (yardstick / seconds).toFixed(2)];
        }),
      ]);
    }
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

function verifyOf({ dist }) {
  const cli = fileURLToPath(new URL('cli.js', dist));
  return (actual, golden, scratch) =>
    runProgram(process.execPath, [cli, 'verify', actual, golden, '-q', '-o', join(scratch, 'diff')]);
}
