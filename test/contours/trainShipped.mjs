// Makes src/contours/shipped/*.ts anew: npm run train:contours -- <folder of BSDS500> [sizes..]. The folder holds train/ and val/, each
// with images/*.jpg and boundaries/*.png (16 bits, one person a bit). On one processor some 10 to 40 minutes a net; the bytes are the same
// on every run. Without changing anything, --check tells whether they are those that are there.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, parse } from 'node:path';
import { fileURLToPath } from 'node:url';
import { formatNet, readNet } from '../../dist/index.js';

/** Steps that each net was trained for; all else is what corr2d train does by itself. */
const STEPS = { tiny: 4000, small: 12_000, large: 10_000 };

const words = process.argv.slice(2);
const check = words.includes('--check');
const [folder, ...asked] = words.filter((word) => word !== '--check');
if (folder === undefined) throw new Error('Expected the folder of BSDS500 but received none');
const sizes = asked.length === 0 ? Object.keys(STEPS) : asked;
const root = fileURLToPath(new URL('../..', import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'corr2d-contours-'));
try {
  gather();
  for (const size of sizes) await make(size);
} finally {
  rmSync(work, { recursive: true, force: true });
}

/** Train before val, each by name: the order decides what is drawn. */
function gather() {
  for (const kind of ['images', 'boundaries']) {
    mkdirSync(join(work, kind));
    for (const part of ['train', 'val']) {
      const from = join(folder, part, kind);
      for (const name of readdirSync(from)) copyFileSync(join(from, name), join(work, kind, `${part}-${name}`));
    }
  }
}

async function make(size) {
  if (STEPS[size] === undefined)
    throw new Error(`Expected one of ${Object.keys(STEPS).join(', ')} but received ${size}`);
  const output = join(work, `${size}.json`);
  const call = ['train', join(work, 'images'), join(work, 'boundaries'), '-o', output, '--size', size];
  const { status } = spawnSync(
    process.execPath,
    [join(root, 'dist/cli.js'), ...call, '--steps', String(STEPS[size]), '--held-out', '0'],
    { stdio: 'inherit' },
  );
  if (status !== 0) throw new Error(`Expected corr2d train to end with 0 but it ended with ${status}`);
  const { net } = JSON.parse(formatNet({ net: await readNet(output) }, 'float16'));
  const file = join(root, 'src/contours/shipped', `${size}.ts`);
  const text = sourceOf(size, net.weights);
  if (!check) writeFileSync(file, text);
  else if (readFileSync(file, 'utf8') !== text)
    throw new Error(`Expected ${parse(file).base} to be what training gives`);
  else console.log(`${parse(file).base} is what training gives`);
}

function sourceOf(size, weights) {
  const lines = weights.match(/.{1,1000}/g).join("' +\n  '");
  return (
    '/** Weights in half precision, Base64: docs/contours.md says what they were trained on. */\n' +
    `export const ${size.toUpperCase()}: string =\n  '${lines}';\n`
  );
}
