import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { learnEither } from '../../../src/commands/learn/learnAs.ts';
import { type Picture, readImage } from '../../../src/index.ts';
import { inCheckout } from '../../support/checkout.ts';
import { quarter } from '../../support/quarter.ts';
import { run } from '../../support/run.ts';
import { falseStatements, nameOfFilter } from './falseStatements.ts';
import { PAIRS } from './table.ts';

/**
 * Pairs by programs that others wrote, stored and altered as people store and alter them: nothing that is said of one is false, and
 * nothing ends in an error.
 */

/** Debian's own Python: its packages are the programs that are meant. */
const PYTHON = '/usr/bin/python3';

const PROBES: Readonly<Record<string, readonly string[]>> = {
  imagemagick: ['convert', '-version'],
  graphicsmagick: ['gm', 'version'],
  gmic: ['gmic', 'version'],
  'libvips-tools': ['vips', '--version'],
  ffmpeg: ['ffmpeg', '-version'],
  'python3-opencv, python3-scipy, python3-pil and python3-skimage': [PYTHON, '-c', 'import cv2, scipy, PIL, skimage'],
};

const missing = (
  await Promise.all(
    Object.entries(PROBES).map(async ([packages, [program, ...words]]) => {
      const { status } = await run(program, words, { cwd: '/' }).catch(() => ({ status: null }));
      return status === 0 ? [] : [packages];
    }),
  )
).flat();

test('the other programs are there to learn from', ({ skip }) => {
  const sentence = `no pairs of other programs were learned from: Debian's ${missing.join(', ')} missing`;
  skip(missing.length > 0 && !process.env['CI'], sentence);
  expect(missing.length > 0 ? sentence : '').toBe('');
});

test('the table in table.md has a row for each pair', async () => {
  const document = await readFile(inCheckout('test', 'learn', 'foreign', 'table.md'), 'utf8');
  const rows = document.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| program'));
  const told = rows.map((line) => line.split(' | ').slice(0, 3).join(' ').replace('| ', ''));
  expect(told.filter((one) => !one.startsWith('---'))).toEqual(
    PAIRS.map(({ program, name, source }) => `${program} ${name} ${source}`),
  );
});

test('there are at least 120 pairs by at least nine programs', () => {
  expect(PAIRS.length).toBeGreaterThanOrEqual(120);
  expect(new Set(PAIRS.map(({ program }) => program)).size).toBeGreaterThanOrEqual(9);
});

describe.skipIf(missing.length > 0)('pairs of other programs', () => {
  let folder = '';
  const lines: string[] = [];
  const cases = quarter(PAIRS).map((pair) => ({ ...pair, title: `${pair.program} ${pair.name} ${pair.source}` }));

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'corr2d-foreign-'));
    const jobs = cases.map(({ title, ...job }) => ({ ...job, truth: undefined, name: fileName(title) }));
    await writeFile(join(folder, 'jobs.json'), JSON.stringify(jobs));
    const script = inCheckout('test', 'learn', 'foreign', 'pairs.py');
    const { status, stderr } = await run(PYTHON, [script, folder, join(folder, 'jobs.json')], { cwd: folder });
    if (status !== 0) throw new Error(stderr);
  }, 600_000);

  afterAll(async () => {
    process.stdout.write(`\nPairs of other programs:\n${lines.join('\n')}\n`);
    await rm(folder, { recursive: true, force: true });
  });

  test.for(cases)('$title', { timeout: 120_000 }, async ({ title, truth, pairs: count = 1, stored, storedBefore }) => {
    const names = count === 1 ? [fileName(title)] : Array.from({ length: count }, (_, i) => `${fileName(title)}.${i}`);
    const read = (name: string, side: string, how = 'png'): Promise<Picture> =>
      readImage(join(folder, `${name}.${side}.${EXTENSIONS[how.split(':')[0]]}`));
    const pairs = await Promise.all(
      names.map(async (name) => ({
        before: await read(name, 'before', storedBefore),
        after: await read(name, 'after', stored),
      })),
    );
    const start = process.cpuUsage();
    const found = await learnEither(pairs, {});
    const { user, system } = process.cpuUsage(start);
    const said = falseStatements(found, truth, pairs);
    lines.push(lineOf(title, found, truth.taps === undefined ? 'no kernel' : 'a kernel', (user + system) / 1e6, said));
    expect(said).toEqual([]);
  });
});

const EXTENSIONS: Readonly<Record<string, string>> = { png: 'png', jpeg: 'jpg', webp: 'webp' };

function fileName(title: string): string {
  return title.replaceAll(/[^a-zA-Z0-9]+/g, '-');
}

/** Truth, what was said, certificate, processor seconds. */
function lineOf(
  title: string,
  found: Awaited<ReturnType<typeof learnEither>>,
  truth: string,
  seconds: number,
  said: readonly string[],
): string {
  const { report, words } =
    'filter' in found
      ? { report: { certificate: found.filter.found }, words: nameOfFilter(found) }
      : 'kernel' in found
        ? {
            report: found.kernel.report,
            words:
              found.kernel.report.known?.text ??
              (found.kernel.report.explained ? `a kernel of ${found.kernel.report.size.join('×')} taps` : 'no kernel'),
          }
        : { report: found.detector.report, words: 'a detector' };
  const { certificate } = report;
  const share = certificate ? `${((100 * certificate.reproduced) / certificate.samples).toFixed(2)} %` : '';
  const cells = [title.padEnd(44), truth.padEnd(10), words.padEnd(50).slice(0, 50), share.padStart(9)];
  return `  ${cells.join(' ')} ${seconds.toFixed(1).padStart(5)} s${said.map((one) => `\n      FALSE: ${one}`).join('')}`;
}
