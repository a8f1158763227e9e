import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import sharp from 'sharp';
import { printColumns } from '../report.mjs';

export const title = 'the most memory that a command held at once, of a grey picture (Linux)';

const MODEL = {
  corr2d: 1,
  kind: 'model',
  layers: [
    {
      type: 'Conv2d',
      weights: [
        [
          [
            [1, 2, 1],
            [0, 0, 0],
            [-1, -2, -1],
          ],
        ],
        [
          [
            [1, 0, -1],
            [2, 0, -2],
            [1, 0, -1],
          ],
        ],
      ],
    },
    { type: 'Magnitude' },
  ],
};

const COMMANDS = [
  ...[
    ...[
      'difference',
      'roberts',
      'prewitt',
      'sobel',
      'sobel-x',
      'scharr',
      'farid',
      'laplacian',
      'log',
      'dog',
      'kirsch',
      'gaussian-gradient',
      'gaussian-gradient-x',
      'canny',
      'contours',
      'gaussian:8',
      'model.json',
      'all',
    ].map((operator) => ['--operator', operator]),
    ['--operator', 'canny', '--convention', 'opencv'],
    ['--operator', 'canny', '--convention', 'opencv', '--sigma', '1.4'],
    ['--operator', 'canny', '--convention', 'skimage'],
    ['--threshold', 'otsu'],
    ['--thin'],
    ['--linear'],
    ['--orientation'],
  ].map((options) => ['detect', 'grey.png', ...options, '-o', 'out.png', '--overwrite']),
  ...[['gaussian:1'], ['gaussian:8'], ['sharpen', '--linear'], ['model.json']].map((options) => [
    'filter',
    'grey.png',
    '-k',
    ...options,
    '-o',
    'out.png',
    '--overwrite',
  ]),
  ...['absolute', 'pixelmatch', 'boundary', 'ssim'].map((metric) => ['verify', 'actual', 'golden', '--metric', metric]),
  ['inspect', 'grey.png'],
];

/** @param side rows and columns of the picture; `--side=4096` for a faster one */
export async function run({ products: [{ dist }], side = 16_383 }) {
  if (process.platform !== 'linux') {
    process.stdout.write('Only Linux tells how much memory a process held at once.\n');
    return;
  }
  const cwd = await mkdtemp(join(tmpdir(), 'corr2d-bench-memory-'));
  try {
    await writePictures(cwd, side);
    await writeFile(join(cwd, 'model.json'), JSON.stringify(MODEL));
    process.stdout.write(
      `${side}×${side} pixels; bytes a pixel of all that the process held, the program itself among it\n`,
    );
    for (const words of COMMANDS) {
      const { peak, status } = await peakOf(fileURLToPath(new URL('cli.js', dist)), [...words, ...roomFor(words)], cwd);
      const shown = words.filter((word) => word !== '--overwrite').join(' ');
      printColumns([
        [shown.padEnd(70), `${Math.round(peak / 1e6)} MB`, (peak / side ** 2).toFixed(1), `status ${status}`],
      ]);
    }
  } finally {
    await rm(cwd, { recursive: true, force: true });
  }
}

/** Whatever the machine has: what is measured is not to be refused. */
function roomFor([command]) {
  return command === 'inspect' ? [] : ['--memory', '1000000'];
}

/** A photograph again and again, and the same with a sample in a thousand changed. */
async function writePictures(cwd, side) {
  const photo = fileURLToPath(new URL('../../../samples/camera.png', import.meta.url));
  const { data, info } = await sharp(photo).toColourspace('b-w').raw().toBuffer({ resolveWithObject: true });
  const samples = new Uint8Array(side * side);
  for (let y = 0; y < side; y++) {
    const row = (y % info.height) * info.width;
    for (let x = 0; x < side; x += info.width) {
      samples.set(data.subarray(row, row + Math.min(info.width, side - x)), y * side + x);
    }
  }
  const write = (name) =>
    sharp(samples, { raw: { width: side, height: side, channels: 1 }, limitInputPixels: false })
      .toColourspace('b-w')
      .png({ compressionLevel: 1 })
      .toFile(join(cwd, name));
  for (const folder of ['actual', 'golden']) await mkdir(join(cwd, folder));
  await write('grey.png');
  await write('golden/grey.png');
  for (let i = 0; i < samples.length; i += 997) samples[i] ^= 8;
  await write('actual/grey.png');
}

async function peakOf(cli, words, cwd) {
  const peak = join(cwd, 'peak');
  await rm(peak, { force: true });
  const teller = pathToFileURL(fileURLToPath(new URL('../../support/peakMemory.mjs', import.meta.url))).href;
  const child = spawn(process.execPath, [`--import=${teller}`, cli, ...words], {
    cwd,
    env: { ...process.env, PEAK: peak },
    stdio: 'ignore',
  });
  const status = await new Promise((resolve) => child.on('close', resolve));
  return { peak: Number((await readFile(peak, 'utf8')).trim()), status };
}
