import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { corr2d } from '../support/corr2d.ts';
import { outsideCi } from '../support/outsideCi.ts';
import { quarter } from '../support/quarter.ts';
import { writeFiles } from '../verify/cases.ts';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'corr2d-verify-'));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

const at = (...names: string[]): string => join(cwd, ...names);
const run = (...words: string[]) => corr2d(['verify', ...words], { cwd, env: outsideCi });

function picture(change?: (samples: Uint8Array) => void): Promise<Buffer> {
  const samples = Uint8Array.from({ length: 20 * 30 }, (_, i) => (i * 7) % 251);
  change?.(samples);
  return sharp(samples, { raw: { width: 30, height: 20, channels: 1 } })
    .toColourspace('b-w')
    .png()
    .toBuffer();
}

const offByOne = () => picture((samples) => void samples[77]++);

describe('corr2d verify', () => {
  test('ends with 0 where everything matches, and says so in a line a picture', async () => {
    await writeFiles(at('out'), { 'a.png': await picture(), 'deep/b.png': await offByOne() });
    await writeFiles(at('golden'), { 'a.png': await picture(), 'deep/b.png': await offByOne() });
    const { status, stdout, stderr } = await run('out', 'golden');
    expect([status, stdout.toString()]).toEqual([0, '']);
    const [first, second, summary, ...rest] = stderr.split('\n');
    expect([first, second].sort()).toEqual(['passed     a.png', 'passed     deep/b.png']);
    expect(summary).toMatch(/^2 pictures in \d+\.\d\d s: 2 passed$/);
    expect(rest).toEqual(['']);
    expect((await readdir(cwd)).sort()).toEqual(['golden', 'out']);
  });

  test('ends with 1 where one differs: which, where, by how much, and pictures of it', async () => {
    await writeFiles(at('out'), { 'a.png': await offByOne(), 'n.png': await picture() });
    await writeFiles(at('golden'), { 'a.png': await picture(), 'd.png': await picture((samples) => samples.fill(9)) });
    const { status, stdout, stderr } = await run('out', 'golden', '--json', '--junit', 'junit.xml');
    expect(status).toBe(1);
    expect(stderr).toContain(
      'changed    a.png: 1 of 600 pixels (0.167 %) differs, within 1×1 pixels from column 17, row 2; largest difference 0.003922 of white (1 of 255), mean 0.000006536',
    );
    expect(stderr).toMatch(/^3 pictures in .* s: 0 passed, 1 changed, 1 new, 1 deleted → out-diff$/m);
    expect((await readdir(at('out-diff'))).sort()).toEqual([
      'a-actual.png',
      'a-diff.png',
      'a-expected.png',
      'corr2d-verify.json',
    ]);
    expect(JSON.parse(stdout.toString())).toMatchObject({
      type: 'danger',
      failedItems: ['a.png'],
      newItems: ['n.png'],
      deletedItems: ['d.png'],
      passedItems: [],
      actualItems: ['a.png', 'n.png'],
      expectedItems: ['a.png', 'd.png'],
      diffItems: ['a-diff.png'],
      actualDir: 'out',
      expectedDir: 'golden',
      diffDir: 'out-diff',
      comparator: { metric: 'absolute', threshold: 0 },
    });
    const junit = await readFile(at('junit.xml'), 'utf8');
    expect(junit).toContain('<testsuites tests="3" failures="3" errors="0">');
    expect(junit).toContain('<testcase classname="golden" name="a.png"><failure message="changed: 1 of 600 pixels');
  });

  test('annotates failures for GitHub, whatever a name holds', { tags: ['slow'] }, async () => {
    await writeFiles(at('out'), { 'a,b:c%\n.png': await offByOne() });
    await writeFiles(at('golden'), { 'a,b:c%\n.png': await picture() });
    const { stdout, stderr } = await run('out', 'golden', '--annotations', 'github', '-q');
    expect(stdout.toString()).toMatch(
      /^::error file=golden\/a%2Cb%3Ac%25%0A\.png,title=changed%3A a%2Cb%3Ac%25%0A\.png::1 of 600 [^\n]*\n$/,
    );
    expect(stderr).toMatch(/^changed    "a,b:c%\\n\.png": 1 of 600 [^\n]*\n$/);
  });

  test('takes limits, regions, a mask and another metric', { tags: ['slow'] }, async () => {
    await writeFiles(at('out'), { 'a.png': await offByOne() });
    await writeFiles(at('golden'), { 'a.png': await picture() });
    await writeFile(
      at('mask.png'),
      await picture((samples) => samples.forEach((_, i) => (samples[i] = i === 77 ? 255 : 0))),
    );
    const statuses = await Promise.all(
      [
        ['--threshold', '0.004'],
        ['--threshold', '0.003'],
        ['--threshold', '1/255'],
        ['--threshold', '1/256'],
        ['--max-diff-pixels', '1'],
        ['--max-diff-pixels', '1', '--max-diff-pixel-ratio', '0.001'],
        ['--ignore', '0,0,9,9', '--ignore', '17,2,1,1'],
        ['--ignore', '0,0,9,9'],
        ['--ignore-mask', 'mask.png'],
        ['--metric', 'pixelmatch'],
        ['--metric', 'ssim'],
        ['--metric', 'boundary', '--distance', '2'],
      ].map(async (words, i) => (await run('out', 'golden', '-o', `diff${i}`, ...words)).status),
    );
    expect(statuses).toEqual([0, 1, 0, 1, 0, 1, 0, 1, 0, 0, 0, 0]);
  });

  test('accepts pictures with --update, and refuses where CI is set', async () => {
    await writeFiles(at('out'), { 'a.png': await picture() });
    const refused = await corr2d(['verify', 'out', 'golden', '--update'], { cwd, env: { CI: 'true' } });
    expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining('Expected no update in CI (CI)')]);
    const { status, stderr } = await run('out', 'golden', '-u');
    expect([status, stderr]).toEqual([0, expect.stringMatching(/1 new; 1 golden updated$/m)]);
    expect((await readdir(at('golden'))).sort()).toEqual(['a.png', 'corr2d-goldens.json']);
    expect((await run('out', 'golden')).status).toBe(0);
  });

  test.runIf(process.platform !== 'win32')(
    'gives the verdict and its other reports where one cannot be written',
    { tags: ['slow'] },
    async () => {
      await writeFiles(at('out'), { 'a.png': await picture() });
      await writeFiles(at('golden'), { 'a.png': await picture() });
      const { status, stderr } = await run('out', 'golden', '--json=/dev/full', '--junit', 'junit.xml');
      expect(stderr).toMatch(/1 passed\ncorr2d: Expected to write \/dev\/full but found a disk that is full\n$/);
      expect([status, (await readdir(cwd)).sort()]).toEqual([1, ['golden', 'junit.xml', 'out']]);
      expect((await run('out', 'golden', '--json=/dev/null')).status).toBe(0);
    },
  );

  test('fails over an empty golden folder, and says why', async () => {
    await writeFiles(at('out'), { 'a.png': await picture() });
    await writeFiles(at('golden'), {});
    const { status, stderr } = await run('out', 'golden', '--allow-new', '-q');
    expect([status, stderr]).toEqual([1, 'corr2d: Expected goldens in golden but found no picture\n']);
  });

  test.each(
    quarter([
      [['out'], /at least 2|golden/],
      [['out', 'nowhere'], /^corr2d: Expected a folder of goldens at nowhere but found no such file$/m],
      [['out', 'out'], /folders that do not overlap/],
      [['out', 'golden', '-o', 'golden/diff'], /folders that do not overlap/],
      [['out', 'golden', '--metric', 'exact'], /metric/],
      [['out', 'golden', '--threshold', 'x'], /Expected a number of at least 0 for --threshold but received x/],
      [['out', 'golden', '--threshold', '1/0'], /Expected at most 1, .* for --threshold but received 1\/0/],
      [
        ['out', 'golden', '--threshold', '5'],
        /Expected at most 1, the difference between black and white \(in units of white: 5 of 255 levels are 5\/255\) for --threshold but received 5/,
      ],
      [
        ['out', 'golden', '--max-diff-pixels', '0.5'],
        /Expected a whole number of at least 0 for --max-diff-pixels but received 0.5/,
      ],
      [['out', 'golden', '--distance', '2'], /Expected the metric boundary for --distance but received absolute/],
      [
        ['out', 'golden', '--ignore', '1,2,3'],
        /Expected a rectangle <left,top,width,height> of whole numbers for --ignore but received 1,2,3/,
      ],
      [['out', 'golden', '--json=golden/a.png'], /Expected a file outside of golden for --json/],
      [['out', 'golden', '--json=out'], /Expected a file outside of out for --json/],
      [['out', 'golden', '--json=.'], /Expected a file that can be written for --json but found a folder at \./],
      [
        ['out', 'golden', '--junit', '/dev/null/x.xml'],
        /Expected a file that can be written for --junit but found a device/,
      ],
      [['out', 'golden', '--json=x.json', '--junit', './x.json'], /Expected a file of its own/],
      [['out', 'golden', '--prune'], /update/],
      [['out', 'golden', '--jobs', '0'], /--jobs but received 0/],
    ]),
  )('ends with 2 where the call cannot be carried out: %j', async (words, message) => {
    await writeFiles(at('out'), { 'a.png': await picture() });
    await writeFiles(at('golden'), { 'a.png': await picture() });
    const { status, stderr } = await run(...words);
    expect(stderr).toMatch(message);
    expect(status).toBe(2);
    expect((await readdir(cwd)).sort()).toEqual(['golden', 'out']);
  });
});
