import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { corr2d } from '../../src/correlate/corr2d.ts';
import { readImage } from '../../src/files/readImage.ts';
import { writeImage } from '../../src/files/writeImage.ts';
import { formatKernel } from '../../src/kernels/format.ts';
import { type Kernel, kernel, repeatKernel } from '../../src/kernels/kernel.ts';
import { namedKernel } from '../../src/kernels/named.ts';
import { type Border, formatBorder } from '../../src/planes/border.ts';
import { createPlanes, type Planes } from '../../src/planes/planes.ts';
import { type Rounding, toInterleaved } from '../../src/planes/samples.ts';
import { inCheckout } from '../support/checkout.ts';
import { run } from '../support/run.ts';

/** Debian's own Python, whose packages are the ones that are meant. */
const PYTHON = '/usr/bin/python3';

/** Asymmetric, of odd and even sides, of whole numbers, fractions and decimals. */
const KERNELS: readonly (readonly [string, Kernel])[] = [
  ['emboss', namedKernel('emboss')],
  ['the 5×5 binomial unsharp mask', namedKernel('unsharp')],
  ['Sobel across, with an offset', { ...namedKernel('sobel-x'), bias: Float32Array.of(0.4) }],
  ['a Gaussian', namedKernel('gaussian:0.7')],
  [
    'decimals, 4×2',
    kernel([
      [0.11, -0.23],
      [0.31, 0.17],
      [0.05, 0.4],
      [-0.07, 0.26],
    ]),
  ],
];

interface Job {
  readonly title: string;
  readonly k: Kernel;
  readonly border: Border;
  /** Names of files in the folder. */
  readonly before: string;
  readonly after: string;
}

interface Program {
  readonly name: string;
  readonly probe: readonly [string, readonly string[]];
  /** The Debian package that has it. */
  readonly from: string;
  readonly borders: readonly Border[];
  readonly rounding: Rounding;
  /** Filters each job's before into its after by what the kernel is in the program's notation. */
  readonly run: (jobs: readonly Job[], folder: string) => Promise<void>;
}

const PROGRAMS: readonly Program[] = [
  {
    name: 'ImageMagick',
    probe: ['convert', ['-version']],
    from: 'imagemagick',
    borders: ['replicate', 'zero', 'symmetric', 'wrap', { constant: 0.4 }],
    rounding: 'truncate',
    run: async (jobs, folder) => {
      const commands = jobs.map(({ k, border, before, after }) =>
        formatKernel(k, 'imagemagick-command', { border }).replace('before.png', before).replace('after.png', after),
      );
      await call('sh', ['-ec', commands.join('\n')], folder);
    },
  },
  {
    name: 'libvips',
    probe: ['vips', ['--version']],
    from: 'libvips-tools',
    borders: ['replicate'],
    rounding: 'truncate',
    run: async (jobs, folder) => {
      for (const { k, before, after } of jobs) {
        await writeFile(join(folder, 'kernel.mat'), formatKernel(k, 'libvips'));
        await call('vips', ['conv', before, after, 'kernel.mat'], folder);
      }
    },
  },
  {
    name: 'FFmpeg',
    probe: ['ffmpeg', ['-version']],
    from: 'ffmpeg',
    borders: ['reflect101'],
    rounding: 'nearest',
    run: async (jobs, folder) => {
      for (const { k, before, after } of jobs) {
        await call('ffmpeg', ['-i', before, '-vf', formatKernel(k, 'ffmpeg').trim(), after], folder);
      }
    },
  },
  {
    name: 'OpenCV',
    probe: [PYTHON, ['-c', 'import cv2']],
    from: 'python3-opencv',
    borders: ['replicate', 'zero', 'symmetric', 'wrap', 'reflect101', { constant: 0.4 }],
    rounding: 'nearest',
    run: async (jobs, folder) => {
      const script = jobs.flatMap(({ k, border, before, after }) => [
        'import cv2',
        `before = cv2.imread('${before}', cv2.IMREAD_UNCHANGED)`,
        formatKernel(k, 'opencv', { border }),
        `cv2.imwrite('${after}', after)`,
      ]);
      await writeFile(join(folder, 'filter.py'), script.join('\n'));
      await call(PYTHON, ['filter.py'], folder);
    },
  },
];

let folder: string;
const pictures: Record<string, Planes> = {};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'corr2d-programs-'));
  for (const name of ['camera.png', 'chelsea.png']) {
    const part = crop((await readImage(inCheckout('samples', name))).planes, 150, 140, 61, 83);
    await writeImage(join(folder, name), part);
    pictures[name] = part;
  }
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test.for(PROGRAMS)(
  '$name filters as corr2d does, called by its notation',
  { timeout: 120_000 },
  async (program, { skip }) => {
    if (!(await isThere(...program.probe)))
      skip(`no kernel was run by ${program.name}: Debian's ${program.from} is missing`);
    const jobs = KERNELS.flatMap(([title, k], i) =>
      program.borders.map((border, j): Job => ({
        title: `${title}, ${formatBorder(border)}`,
        k,
        border,
        before: j === 0 ? 'camera.png' : 'chelsea.png',
        after: `after-${i}-${j}.png`,
      })),
    );
    await program.run(jobs, folder);
    for (const { title, k, border, before, after } of jobs) {
      const { planes } = await readImage(join(folder, after));
      await rm(join(folder, after));
      expectSame(title, planes, pictures[before], k, border, program.rounding);
    }
  },
);

test('sharp filters as corr2d does, called by its notation', async () => {
  for (const [title, k] of KERNELS) {
    const before = pictures['camera.png'];
    const stored = { raw: { width: before.width, height: before.height, channels: 1 as const } };
    const filtered = sharp(toInterleaved([before], 8), stored).convolve(JSON.parse(formatKernel(k, 'sharp')));
    const { data } = await filtered.toColourspace('b-w').raw().toBuffer({ resolveWithObject: true });
    expectSame(title, { ...before, data: Float32Array.from(data) }, before, k, 'replicate', 'truncate');
  }
});

test('a browser filters as corr2d does, by the SVG filter', { tags: ['slow'], timeout: 120_000 }, async ({ skip }) => {
  if (!(await isThere('chromium', ['--version']))) skip("no kernel was run by a browser: Debian's chromium is missing");
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
  try {
    const before = pictures['chelsea.png'];
    const url = `data:image/png;base64,${(await readFile(join(folder, 'chelsea.png'))).toString('base64')}`;
    const page = await browser.newPage();
    for (const [title, k] of KERNELS) {
      for (const border of ['replicate', 'zero', 'wrap'] as const) {
        await page.setContent(
          `<body style="margin:0">${formatKernel(k, 'svg', { border })}<img src="${url}"` +
            ` style="filter:url(#kernel);position:absolute;left:0;top:0"></body>`,
        );
        const shot = await page.locator('img').screenshot();
        const { planes: after } = await readImage(shot);
        expectSame(`${title}, ${border}`, after, before, k, border, 'nearest', BROWSER_SHARE);
      }
    }
  } finally {
    await browser.close();
  }
});

async function isThere(program: string, words: readonly string[]): Promise<boolean> {
  const { status } = await run(program, words, { cwd: '/' }).catch(() => ({ status: null }));
  return status === 0;
}

async function call(program: string, words: readonly string[], cwd: string): Promise<void> {
  const { status, stderr } = await run(program, words, { cwd });
  if (status !== 0) throw new Error(`${program}: ${stderr}`);
}

function crop(p: Planes, top: number, left: number, height: number, width: number): Planes {
  const part = createPlanes(p.channels, height, width, p.white);
  for (let line = 0; line < p.channels * height; line++) {
    const start = ((Math.floor(line / height) * p.height + top + (line % height)) * p.width + left) | 0;
    part.data.set(p.data.subarray(start, start + width), line * width);
  }
  return part;
}

/** The same samples but for some that lie on a boundary of rounding, where programs add up in another order or number. */
function expectSame(
  title: string,
  after: Planes,
  before: Planes,
  k: Kernel,
  border: Border,
  rounding: Rounding,
  share: number = BOUNDARY_SHARE,
): void {
  const response = corr2d(before, repeatKernel(k, before.channels), { padding: 'same', border });
  const expected = toInterleaved([response], 8, rounding);
  const received = toInterleaved([after], 8);
  expect(received.length).toBe(expected.length);
  let differences = 0;
  let worst = 0;
  for (let i = 0; i < expected.length; i++) {
    if (received[i] !== expected[i]) differences++;
    worst = Math.max(worst, Math.abs(received[i] - expected[i]));
  }
  expect(worst, title).toBeLessThanOrEqual(1);
  expect(differences / expected.length, title).toBeLessThan(share);
}

const BOUNDARY_SHARE = 0.005;
/** Chromium adds up small taps in few bits: it is off by one on a quarter of the samples under a Gaussian. */
const BROWSER_SHARE = 0.3;
