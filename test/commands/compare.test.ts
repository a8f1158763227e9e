import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { inCheckout } from '../support/checkout.ts';
import { corr2d } from '../support/corr2d.ts';
import { quarter } from '../support/quarter.ts';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'corr2d-compare-'));
  await writeFile(at('now.png'), await picture((samples) => void (samples[77] += 3)));
  await writeFile(at('before.png'), await picture());
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

const at = (...names: string[]): string => join(cwd, ...names);
const run = (...words: string[]) => corr2d(['compare', ...words], { cwd });

const ONE_DIFFERS =
  '1 of 600 pixels (0.167 %) differs, within 1×1 pixels from column 17, row 2; largest difference 0.01176 of white (3 of 255), mean 0.00001961';

function picture(change?: (samples: Uint8Array) => void): Promise<Buffer> {
  const samples = Uint8Array.from({ length: 20 * 30 }, (_, i) => (i * 7) % 251);
  change?.(samples);
  return sharp(samples, { raw: { width: 30, height: 20, channels: 1 } })
    .toColourspace('b-w')
    .png()
    .toBuffer();
}

describe('corr2d compare', () => {
  test('ends with 1 where two files differ: where, by how much, and a drawing of it', async () => {
    const { status, stdout, stderr } = await run('now.png', 'before.png', '-o', 'diff.png');
    expect([status, stdout.toString(), stderr]).toEqual([1, '', `changed: ${ONE_DIFFERS} → diff.png\n`]);
    const { data, info } = await sharp(at('diff.png')).raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height, info.channels]).toEqual([30, 20, 3]);
    const red = [...Array(600).keys()].filter((i) => data[3 * i] === 255 && data[3 * i + 1] === 0);
    expect(red).toEqual([77]);
  });

  test('ends with 0 where they match, within what was allowed', async () => {
    const same = await run('before.png', 'before.png', '-o', 'diff.png');
    expect([same.status, same.stderr]).toEqual([0, 'passed: no pixel differs\n']);
    const within = await run('now.png', 'before.png', '--threshold', '3/255', '-q');
    expect([within.status, within.stderr]).toEqual([0, '']);
    const few = await run('now.png', 'before.png', '--max-diff-pixels', '1', '-o', 'diff.png');
    expect([few.status, few.stderr]).toEqual([0, expect.stringMatching(/^passed: 1 of 600 pixels .* → diff\.png\n$/)]);
    for (const metric of ['pixelmatch', 'boundary', 'ssim']) {
      const { status, stderr } = await run('now.png', 'before.png', '--metric', metric);
      expect([metric, status, stderr.slice(0, 7)]).toEqual([metric, 0, 'passed:']);
    }
    const ignored = await run('now.png', 'before.png', '--ignore', '0,0,4,4', '--ignore', '17,2,1,1');
    expect(ignored.status).toBe(0);
  });

  test('takes either picture from standard input', { tags: ['slow'] }, async () => {
    const now = await readFile(at('now.png'));
    const first = await corr2d(['compare', '-', 'before.png'], { cwd, input: now });
    expect([first.status, first.stderr]).toEqual([1, `changed: ${ONE_DIFFERS}\n`]);
    const second = await corr2d(['compare', 'now.png', '-'], { cwd, input: now });
    expect([second.status, second.stderr]).toEqual([0, 'passed: no pixel differs\n']);
    const text = await corr2d(['compare', 'now.png', '-'], { cwd, input: Buffer.from('no picture') });
    expect(text.status).toBe(1);
    expect(text.stderr).toMatch(/^unreadable: standard input: /);
    expect((await run('-', '-')).status).toBe(2);
  });

  test('tells all of it as JSON', async () => {
    const { status, stdout } = await run('now.png', 'before.png', '--json', '-o', 'diff.png');
    expect(status).toBe(1);
    expect(JSON.parse(stdout.toString())).toMatchObject({
      command: 'compare',
      match: false,
      verdict: 'changed',
      actual: 'now.png',
      golden: 'before.png',
      comparator: { metric: 'absolute', threshold: 0 },
      diffPixels: 1,
      region: { left: 17, top: 2, width: 1, height: 1 },
      diff: 'diff.png',
    });
    const damaged = (await readFile(at('now.png'))).subarray(0, 200);
    await writeFile(at('cut.png'), damaged);
    const cut = await run('cut.png', 'cut.png', '--json');
    expect(cut.status).toBe(1);
    expect(JSON.parse(cut.stdout.toString())).toMatchObject({ match: false, verdict: 'unreadable' });
  });

  test('compares every page, and tells sizes that differ', async () => {
    await writeFile(
      at('small.png'),
      await sharp(at('now.png')).extract({ left: 0, top: 0, width: 9, height: 9 }).toBuffer(),
    );
    const { status, stderr } = await run('small.png', 'before.png', '-o', 'diff.png');
    expect(status).toBe(1);
    expect(stderr).toBe('changed: Expected 30×20 pixels (width × height) but received 9×9 → diff.png\n');
    const pages = async (last: number): Promise<Buffer> =>
      sharp([await picture(), await picture((samples) => void (samples[5] = last))], { join: { animated: true } })
        .webp({ lossless: true })
        .toBuffer();
    await writeFile(at('a.webp'), await pages(40));
    await writeFile(at('b.webp'), await pages(50));
    const frames = await run('a.webp', 'b.webp');
    expect(frames.status).toBe(1);
    expect(frames.stderr).toMatch(/^changed: frame 2: 1 of 600 pixels/);
  });

  test('overwrites nothing unless it is told to, and then leaves no drawing of what does not differ any more', async () => {
    await writeFile(at('diff.png'), 'an earlier one');
    const kept = await run('now.png', 'before.png', '-o', 'diff.png');
    expect([kept.status, kept.stderr]).toEqual([
      2,
      'corr2d: Expected a new file for --output but found one at diff.png; --overwrite replaces it\n',
    ]);
    expect(await readFile(at('diff.png'), 'utf8')).toBe('an earlier one');
    expect((await run('now.png', 'before.png', '-o', 'diff.png', '--overwrite')).status).toBe(1);
    expect((await stat(at('diff.png'))).size).toBeGreaterThan(50);
    expect((await run('now.png', 'now.png', '-o', 'diff.png', '--overwrite')).status).toBe(0);
    expect((await readdir(cwd)).sort()).toEqual(['before.png', 'now.png']);
  });

  test('writes the drawing to standard output, and to no terminal', { tags: ['slow'] }, async () => {
    const { stdout } = await run('now.png', 'before.png', '-o', '-');
    expect((await sharp(stdout).metadata()).width).toBe(30);
    const env = { NODE_OPTIONS: `--import=${pathToFileURL(inCheckout('test/support/terminal.mjs')).href}` };
    for (const call of [
      ['compare', 'now.png', 'before.png', '-o', '-'],
      ['detect', 'now.png', '-o', '-'],
      ['filter', 'now.png', '-k', 'box', '-o', '-'],
      ['inspect', 'box', '--export', 'npy'],
    ]) {
      const refused = await corr2d(call, { cwd, env });
      expect([call[0], refused.status, refused.stdout.toString()]).toEqual([call[0], 2, '']);
      expect(refused.stderr).toMatch(/^corr2d: Expected a file or another program .* is a terminal: > or \| leads/);
    }
  });

  test.each(
    quarter([
      ['no such file', ['now.png', 'gone.png'], 'Expected a picture at gone.png but found no such file'],
      ['a folder', ['now.png', '.'], 'found a folder; corr2d verify compares two folders'],
      [
        'a drawing that is no PNG',
        ['now.png', 'before.png', '-o', 'd.jpg'],
        'ends in .png for --output but received d.jpg',
      ],
      [
        'a drawing over a picture',
        ['now.png', 'before.png', '-o', 'now.png', '--overwrite'],
        'a file of its own for --output',
      ],
      ['a report over a picture', ['now.png', 'before.png', '--json=before.png'], 'a file of its own for --json'],
      ['an option of another metric', ['now.png', 'before.png', '--distance', '2'], 'boundary for --distance'],
      [
        'a mask that is not there',
        ['now.png', 'before.png', '--ignore-mask', 'm.png'],
        'a picture at m.png but found no such file',
      ],
      ['two streams', ['now.png', 'before.png', '--json', '-o', '-'], 'Expected a file for --json'],
    ]),
  )('refuses %s', async (_, words, told) => {
    const { status, stderr, stdout } = await run(...words);
    expect([status, stdout.toString()]).toEqual([2, '']);
    expect(stderr).toContain(told);
  });

  test('verify of two files says which command compares them', async () => {
    const { status, stderr } = await corr2d(['verify', 'now.png', 'before.png'], { cwd });
    expect([status, stderr]).toEqual([
      2,
      'corr2d: Expected two folders for corr2d verify but found two files; corr2d compare now.png before.png compares them\n',
    ]);
  });
});
