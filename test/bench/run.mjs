// Measures the product against OpenCV, opencv.js, TensorFlow.js, image-js and sharp, on this machine, now.
//
//   npm run bench                      the default: what takes a few minutes
//   npm run bench -- direct gaussian   these cases alone
//   npm run bench -- direct --taps=3,7 --rounds=15    (taps: odd sizes, for direct, small, channels, gaussian, pictures, copies)
//   npm run bench -- batch --folder=photos    (--folder: pictures, and nothing else, for batch)
//   npm run bench -- memory --side=4096      (peak memory of every command; 16383 where left out, which takes minutes)
//   npm run bench -- queue                   (workers over a queue; needs redis-server, takes minutes)
//   node test/bench/run.mjs small      without building and installing first
//   node test/bench/run.mjs direct --build=dist --build=../before/dist    two builds of the product in the same rounds
//
// Method. Contenders are held against each other before they are timed: one whose result differs by more than a relative
// bound gets no time. Then they take turns: a round times each of them once, short calls repeated to make a sample, and the
// best of seven rounds counts. Only ratios within a table mean something; on a machine with other tenants absolute times
// vary by a factor of two within minutes. The last rows of a table are the machine's own limits, timed in the same rounds.
// The columns are explained in report.mjs.
//
// OpenCV runs in a Python process (`apt-get install python3-opencv`; PYTHON names the interpreter), the packages of
// package.json beside this file in this process, everything on one thread. The picture is the same whole numbers from 0 to
// 255 every time, as Float32; destinations are reused. Node 20 needs a V8 flag for fused multiply-adds, which this program
// sets for itself where that helps.
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startOpenCv, withoutOpenCv } from './contenders/opencv.mjs';
import { buildAt, loadProduct } from './contenders/product.mjs';

const CASES = [
  'direct',
  'small',
  'channels',
  'gaussian',
  'sobel',
  'canny',
  'contours',
  'pictures',
  'copies',
  'compile',
  'threads',
  'learn',
  'verify',
  'verdicts',
  'batch',
  'memory',
  'queue',
];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    taps: { type: 'string' },
    rounds: { type: 'string' },
    folder: { type: 'string' },
    side: { type: 'string' },
    build: { type: 'string', multiple: true, default: [fileURLToPath(new URL('../../dist', import.meta.url))] },
  },
});
const unknown = positionals.find((name) => !CASES.includes(name));
if (unknown !== undefined) throw new Error(`Expected cases among ${CASES.join(', ')} but received ${unknown}`);
const taps = values.taps?.split(',').map(Number);
if (taps?.some((size) => !(size % 2 === 1 && size > 0)))
  throw new Error(`Expected odd sizes for --taps but received ${values.taps}`);
const rounds = values.rounds && Number(values.rounds);
if (rounds !== undefined && !(rounds >= 1))
  throw new Error(`Expected a number from 1 for --rounds but received ${values.rounds}`);

const start = performance.now();
const products = [];
for (const [i, folder] of values.build.entries()) {
  products.push(await loadProduct(buildAt(folder), i === 0 ? 'corr2d' : `build ${i + 1}`));
}
const opencv = (await startOpenCv()) ?? withoutOpenCv;
const print = (text) => process.stdout.write(`${text}\n`);
try {
  print(
    [
      `${cpus()[0].model.trim()}, ${cpus().length} processors`,
      `Node ${process.version}${products[0].flag && ` ${products[0].flag}`}`,
      `OpenCV ${opencv.version ?? 'missing'}`,
      `algorithms: ${products[0].algorithms.join(', ')}`,
    ].join('; '),
  );
  const wanted = CASES.filter(
    (name) => name !== 'memory' && name !== 'queue' && (name !== 'batch' || values.folder !== undefined),
  );
  for (const name of positionals.length > 0 ? positionals : wanted) {
    const { run, title } = await import(`./cases/${name}.mjs`);
    print(`\n══ ${name}: ${title}`);
    await run({
      products,
      opencv,
      folder: values.folder,
      ...(taps && { taps }),
      ...(rounds && { rounds }),
      ...(values.side && { side: Number(values.side) }),
    });
  }
  print(`\n${((performance.now() - start) / 1000).toFixed(0)} s`);
} finally {
  await opencv.close();
}
