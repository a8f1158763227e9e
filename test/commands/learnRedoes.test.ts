import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { shellQuote } from '../../src/commands/shared/shellQuote.ts';
import { filterPicture, kernel, type Kernel, type Picture, readImage, writeImage } from '../../src/index.ts';
import { cutPlanes } from '../../src/planes/cut.ts';
import { windowOf } from '../../src/planes/window.ts';
import { inCheckout } from '../support/checkout.ts';
import { corr2d } from '../support/corr2d.ts';
import { quarter } from '../support/quarter.ts';
import { run } from '../support/run.ts';

/** The command that `learn` prints makes as many samples of the after as the certificate says, whatever the program did beside. */

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'corr2d-redoes-'));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

const odd = kernel([
  [0.0625, -0.1875, 0.125],
  [0.25, 0.75, -0.125],
  [-0.0625, 0.125, 0.0625],
]);
const box = kernel(Array.from({ length: 3 }, () => Array<number>(3).fill(1 / 9)));

interface Made {
  readonly taps: Kernel;
  readonly border?: 'symmetric' | 'leave-rim' | 'replicate';
  readonly round?: (value: number) => number;
  readonly bias?: number;
  /** What becomes of the result. */
  readonly altered?: (picture: Picture) => Picture;
  readonly words: RegExp;
  /** Where not all samples come out: the share that does. */
  readonly least?: number;
}

const halvesUp = (value: number): number => Math.floor(value + 0.5);

test.for<[string, Made]>(
  quarter([
    ['a copied rim', { taps: odd, border: 'leave-rim', words: /--border leave-rim --rounding nearest/ }],
    [
      'a copied rim of a program that cuts',
      {
        taps: box,
        border: 'leave-rim',
        round: (value) => Math.floor(value + 1e-4),
        words: /--border leave-rim --rounding truncate/,
      },
    ],
    ['a border', { taps: odd, border: 'symmetric', words: /--border (symmetric|replicate) --rounding nearest/ }],
    ['a bias', { taps: odd, bias: 20 / 255, words: /--rounding nearest/ }],
    [
      'a program that cuts, with a bias',
      { taps: box, bias: -10 / 255, round: Math.floor, words: /--rounding/, least: 0.99 },
    ],
    ['a program that rounds halves up', { taps: odd, round: halvesUp, words: /--rounding truncate --bias 0\.00196/ }],
    [
      'a part of the picture',
      {
        taps: odd,
        altered: (picture) => ({ ...picture, planes: cutPlanes(picture.planes, 11, 7, 93, 120) }),
        words: /--crop 11,7,93,120/,
      },
    ],
    [
      'a displaced picture',
      {
        taps: odd,
        altered: (picture) => ({ ...picture, planes: windowOf(picture.planes, -3, 2, 120, 160) }),
        words: /--shift=3,-2/,
      },
    ],
  ]),
)('%s', async ([, { taps, border = 'replicate', round = halvesToEven, bias = 0, altered, words, least = 1 }]) => {
  const cut = { left: 150, top: 60, width: 160, height: 120 };
  await sharp(inCheckout('samples', 'chelsea.png'))
    .extract(cut)
    .greyscale()
    .toColourspace('b-w')
    .png()
    .toFile(join(cwd, 'before.png'));
  const before = await readImage(join(cwd, 'before.png'));
  const response = filterPicture(before, { ...taps, bias: taps.bias.map(() => bias) }, { border });
  const { planes } = response;
  const stored = planes.data.map((value) => Math.min(255, Math.max(0, round(value))));
  const after = altered?.({ ...before, planes: { ...planes, data: stored } }) ?? {
    ...before,
    planes: { ...planes, data: stored },
  };
  await writeImage(join(cwd, 'after.png'), after);

  const learned = await corr2d(['learn', 'before.png', 'after.png', '-o', 'k.json', '--json', 'report.json'], { cwd });
  expect(learned).toMatchObject({ status: 0 });
  const { certificate, filter } = JSON.parse(await readFile(join(cwd, 'report.json'), 'utf8'));
  expect(learned.stderr).toContain(filter);
  expect(filter).toMatch(words);
  expect(certificate.reproduced / certificate.samples).toBeGreaterThanOrEqual(least);

  const program = `${shellQuote(process.execPath)} ${shellQuote(inCheckout('dist', 'cli.js'))}`;
  const typed = String(filter).replace(/^corr2d/, program);
  expect(await run('bash', ['-c', typed], { cwd })).toMatchObject({ status: 0 });
  const [made, wanted] = await Promise.all(
    ['before-filtered.png', 'after.png'].map((name) => readImage(join(cwd, name))),
  );
  expect([made.planes.height, made.planes.width]).toEqual([wanted.planes.height, wanted.planes.width]);
  const equal = made.planes.data.reduce((count, sample, i) => count + Number(sample === wanted.planes.data[i]), 0);
  expect([equal, made.planes.data.length]).toEqual([certificate.reproduced, certificate.samples]);
});

test('--shift and --crop take whole numbers, and a part that is there', { tags: ['slow'] }, async () => {
  const photo = inCheckout('samples', 'camera.png');
  for (const [words, message] of [
    [['--shift', '3'], 'Expected rows,columns, as in 3,-2, for --shift but received 3'],
    [['--crop', '1,2,0,4'], 'Expected row,column,height,width, as in 10,20,480,640, for --crop but received 1,2,0,4'],
  ] as const) {
    expect(await corr2d(['filter', photo, '-k', 'identity', ...words, '-o', 'out.png'], { cwd })).toMatchObject({
      status: 2,
      stderr: expect.stringContaining(message),
    });
  }
  const beyond = await corr2d(['filter', photo, '-k', 'identity', '--crop', '500,0,20,8', '-o', 'out.png'], { cwd });
  expect(beyond).toMatchObject({ status: 1, stderr: expect.stringContaining('Expected a part of 512×512 samples') });
  await corr2d(['filter', photo, '-k', 'identity', '--shift', '2,-1', '--crop', '0,5,4,3', '-o', 'out.png'], { cwd });
  const [part, whole] = [(await readImage(join(cwd, 'out.png'))).planes, (await readImage(photo)).planes];
  expect([part.height, part.width]).toEqual([4, 3]);
  // The third row is the picture's first, its first column the picture's seventh.
  expect([...part.data.subarray(6, 9)]).toEqual([...whole.data.subarray(6, 9)]);
  expect([...part.data.subarray(0, 3)]).toEqual([...whole.data.subarray(6, 9)]);
});

function halvesToEven(value: number): number {
  const down = Math.floor(value);
  const part = value - down;
  return part > 0.5 || (part === 0.5 && down % 2 === 1) ? down + 1 : down;
}
