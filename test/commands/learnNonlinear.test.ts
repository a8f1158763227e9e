import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readImage } from '../../src/index.ts';
import { inCheckout } from '../support/checkout.ts';
import { corr2d } from '../support/corr2d.ts';
import { quarter } from '../support/quarter.ts';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'corr2d-nonlinear-'));
  await sharp(inCheckout('samples', 'chelsea.png'))
    .extract({ left: 60, top: 40, width: 190, height: 150 })
    .toFile(join(cwd, 'before.png'));
  await writeFile(
    join(cwd, 'passes.json'),
    '{ "corr2d": 1, "kind": "filter", "passes": { "taps": [13107, 13107, 13107, 13107, 13107], "over": 65536, "times": 3 }, "border": "symmetric" }',
  );
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

const run = (...words: string[]) => corr2d(words, { cwd });

async function samplesOf(name: string): Promise<number[]> {
  return Array.from((await readImage(join(cwd, name))).planes.data);
}

/** The printed command, typed as it stands. */
async function redo(stderr: string): Promise<void> {
  const command = /^ {2}corr2d (filter .*)$/m.exec(stderr)?.[1];
  const { status, stderr: said } = await run(...(command ?? '').split(' '));
  expect(status, said).toBe(0);
}

const FILTERS: readonly (readonly [filter: readonly string[], known: RegExp])[] = [
  [['-k', 'median:3', '--border', 'symmetric'], /^known as {3}median of 3×3 samples: -k median:3$/m],
  [['-k', 'passes.json'], /^known as {3}FFmpeg's boxblur=2:3$/m],
  [['-k', 'maximum:5'], /^known as {3}maximum of 5×5 samples: -k maximum:5$/m],
  [
    ['-k', 'identity', '--curve', 'gamma:1/1.8'],
    /^known as {3}a power: -k identity --curve gamma:1\/1\.8 --rounding nearest$/m,
  ],
  [['-k', 'unsharp', '--threshold', '0.03'], /--threshold 0\.03/],
  [['-k', 'sharpen', '--luma'], /^note {7}The filter changed luma alone.* 100% of the samples come out exactly/m],
];

test.for(quarter(FILTERS))('%s is learned, and the printed command gives the after', async ([words, known]) => {
  await run('filter', 'before.png', ...words, '-o', 'after.png');
  const { status, stderr } = await run('learn', 'before.png', 'after.png', '-o', 'found.json');
  expect(status, stderr).toBe(0);
  expect(stderr).toMatch(known);
  await redo(stderr);
  expect(await samplesOf('before-filtered.png')).toEqual(await samplesOf('after.png'));
});

test(
  'filters that are no kernels are inspected, as files, by name and on standard input',
  { tags: ['slow'] },
  async () => {
    await run('filter', 'before.png', '-k', 'identity', '--curve', 'gamma:0.5', '-o', 'after.png');
    await run('learn', 'before.png', 'after.png', '-o', 'curve.json');
    const inspected = async (...words: string[]): Promise<string> => {
      const { status, stdout, stderr } = await run('inspect', ...words);
      expect(status, stderr).toBe(0);
      return stdout.toString();
    };
    expect(await inspected('passes.json')).toBe(
      [
        'kind    a blur in 6 rounded passes',
        'passes  3 along rows, then 3 along columns, each rounded: 5 × 13107, over 65536',
        'border  symmetric',
        '',
      ].join('\n'),
    );
    expect(await inspected('curve.json')).toMatch(
      /^kind +a tone curve\ncurve +0 → 0, 0\.25 → 0\.502, .*\nlearned from +before/,
    );
    expect(await inspected('median:3x5')).toBe('kind  the median of 3×5 samples\n');
    expect(JSON.parse(await inspected('maximum:3', '--json'))).toMatchObject({ kind: 'filter', rank: 'maximum' });
    const input = await readFile(join(cwd, 'passes.json'));
    expect((await corr2d(['inspect', '-'], { cwd, input })).stdout.toString()).toContain('a blur in 6 rounded passes');
    expect(await run('inspect', 'median:3', '--export', 'imagemagick')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('Expected a kernel for inspect --export but received a filter that is none'),
    });
  },
);

test(
  'a curve that was learned is applied after a kernel, too; what does not go together is refused',
  { tags: ['slow'] },
  async () => {
    await run('filter', 'before.png', '-k', 'identity', '--curve', 'gamma:0.5', '-o', 'after.png');
    await run('learn', 'before.png', 'after.png', '-o', 'curve.json');
    await run('filter', 'before.png', '-k', 'box:3', '-o', 'box.png');
    await run('filter', 'box.png', '-k', 'curve.json', '-o', 'one.png');
    await run('filter', 'box.png', '-k', 'identity', '--curve', 'curve.json', '-o', 'two.png');
    expect(await samplesOf('one.png')).toEqual(await samplesOf('two.png'));
    const { stderr: told } = await run('filter', 'before.png', '-k', 'median:3', '-o', 'median.png');
    expect(told).toContain('kernel median:3');
    const refusals: readonly (readonly [words: readonly string[], said: string])[] = [
      [['-k', 'median:4'], 'Expected an odd number up to 31 for --kernel but received 4'],
      [['-k', 'median:3', '--stride', '2'], 'with median:3, which is no kernel'],
      [['-k', 'median:3', '--luma'], 'Expected a kernel for --luma and --threshold'],
      [['-k', 'box:3', '--luma', '--linear'], 'Expected --luma or --linear'],
      [['-k', 'box:3', '--luma', '--threshold', '0.1'], 'but received both'],
      [
        ['-k', 'box:3', '--threshold', '12'],
        'Expected a number from 0 to 1, in units of white, for --threshold but received 12',
      ],
      [
        ['-k', 'box:3', '--curve', 'gamma:0'],
        'Expected gamma:0.6, gamma:1/1.4, or the file of a curve for --curve but received gamma:0',
      ],
      [['-k', 'box:3', '--curve', 'before.png'], 'before.png'],
    ];
    for (const [words, said] of refusals) {
      const { status, stderr } = await run('filter', 'before.png', ...words, '-o', 'refused.png');
      expect([status, stderr]).toEqual([expect.any(Number), expect.stringContaining(said)]);
      expect(status).not.toBe(0);
    }
  },
);
