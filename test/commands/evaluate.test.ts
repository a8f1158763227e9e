import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type * as Library from '../../src/index.ts';
import { inCheckout } from '../support/checkout.ts';
import { corr2d } from '../support/corr2d.ts';
import { quarter } from '../support/quarter.ts';

const SIDE = 60;

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'corr2d-evaluate-'));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

const at = (...names: string[]): string => join(cwd, ...names);
const run = (...words: string[]) => corr2d(['evaluate', ...words], { cwd });

/** Lines across, each with a sample, in a grey PNG. */
async function write(path: string, lines: Record<number, number>, bits: 8 | 16 = 8): Promise<void> {
  const samples = bits === 8 ? new Uint8Array(SIDE * SIDE) : new Uint16Array(SIDE * SIDE);
  for (const [row, value] of Object.entries(lines)) samples.fill(value, Number(row) * SIDE, (Number(row) + 1) * SIDE);
  await mkdir(dirname(at(path)), { recursive: true });
  await sharp(samples, { raw: { width: SIDE, height: SIDE, channels: 1 } })
    .toColourspace(bits === 8 ? 'b-w' : 'grey16')
    .png()
    .toFile(at(path));
}

/** One map is right, the other has one of two lines and one that is none. */
async function writeBoth(): Promise<void> {
  await write('maps/a.png', { 10: 255 });
  await write('truth/a.png', { 10: 0b11, 40: 0b10 }, 16);
  await write('maps/more/b.png', { 20: 255, 30: 100 });
  await write('truth/more/b.png', { 20: 0b1 }, 16);
}

describe('corr2d evaluate', () => {
  test('tells ODS, OIS and AP, and each picture, and all of it as JSON and on a page', async () => {
    await writeBoth();
    const files = ['--json', 'scores.json', '--report', 'curve.html'];
    const { status, stdout, stderr } = await run('maps', 'truth', '--thresholds', '3', ...files);
    // At 0.25: 180 of 240 recalled, 120 of 180 true. Above: 180 of 240 and 120 of 120.
    expect([status, stdout.toString().split('\n')]).toEqual([
      0,
      [
        '     F      recall  precision  threshold',
        'ODS  0.857  0.750   1.000      0.500',
        'OIS  0.857  0.750   1.000      each its own',
        expect.stringMatching(/^AP {3}0\.\d{3}$/),
        '',
      ],
    ]);
    expect(stderr).toContain('a: F 0.800 at 0.250 (recall 0.667, precision 1.000)\n');
    expect(stderr).toContain('more/b: F 1.000 at 0.500 (recall 1.000, precision 1.000)\n');
    expect(stderr).toMatch(/^2 pictures in [\d.]+ s$/m);
    const told = JSON.parse(await readFile(at('scores.json'), 'utf8'));
    expect(told).toMatchObject({
      command: 'evaluate',
      maps: 'maps',
      truth: ['truth'],
      options: { thresholds: [0.25, 0.5, 0.75], maxDistance: 0.0075, thin: true, suppress: false },
      ods: { recall: 0.75, precision: 1 },
      failures: [],
    });
    expect(told.curve.map(({ precision }: { precision: number }) => precision)).toEqual([120 / 180, 1, 1]);
    expect(told.pictures[1]).toMatchObject({
      name: 'more/b',
      map: 'maps/more/b.png',
      truth: ['truth/more/b.png'],
      counts: { found: [120, 60, 60], matched: [60, 60, 60], truth: 60, recalled: [60, 60, 60] },
    });
    const page = await readFile(at('curve.html'), 'utf8');
    expect(page).toContain('<title>edges of maps: ODS 0.857</title>');
    expect(page).toContain('"kind":"evaluation"');
  });

  test('evaluates more pictures than a signal has listeners, and says nothing of it', async () => {
    for (let i = 0; i < 12; i++) {
      await write(`maps/${i}.png`, { 10: 255 });
      await write(`truth/${i}.png`, { 10: 255 });
    }
    const { status, stdout, stderr } = await run('maps', 'truth', '--thresholds', '2', '-q');
    expect([status, stdout.toString(), stderr]).toEqual([0, expect.stringMatching(/^ODS {2}1\.000/m), '']);
  });

  test('takes annotators from several folders, and single files', { tags: ['slow'] }, async () => {
    await write('maps/a.png', { 10: 255 });
    await write('anna/a.png', { 10: 255 });
    await write('ben/a.png', { 40: 255 });
    const { stdout } = await run('maps', 'anna', 'ben', '--thresholds', '3', '--json', '-q');
    expect(JSON.parse(stdout.toString())).toMatchObject({ ods: { recall: 0.5, precision: 1 }, truth: ['anna', 'ben'] });
    const single = await run('maps/a.png', 'ben/a.png', '--thresholds', '0.5,1', '-q');
    expect([single.status, single.stdout.toString()]).toEqual([0, expect.stringMatching(/^ODS {2}0\.000/m)]);
  });

  test('goes on where a picture cannot be evaluated, and ends with 1', { tags: ['slow'] }, async () => {
    await writeBoth();
    await write('maps/c.png', { 1: 255 });
    await write('truth/c.png', {});
    await writeFile(at('maps/d.png'), 'no picture');
    await write('truth/d.png', { 1: 255 });
    const { status, stdout, stderr } = await run('maps', 'truth', '--thresholds', '3', '-q');
    expect([status, stdout.toString()]).toEqual([1, expect.stringMatching(/^ODS {2}0\.857/m)]);
    expect(stderr).toContain('corr2d: Expected boundaries in truth in truth/c.png but found none: every sample is 0\n');
    expect(stderr).toMatch(/^corr2d: Expected a picture .* in maps\/d\.png but received/m);
    await rm(at('maps/a.png'));
    await rm(at('maps/more'), { recursive: true });
    const none = await run('maps', 'truth', '--selective', '--json');
    expect([none.status, JSON.parse(none.stdout.toString())]).toMatchObject([1, { failures: [{}, {}] }]);
    expect(none.stderr).toContain('passed over, without a map in maps: a, more/b\n');
  });

  test.each(
    quarter([
      ['truth without a map', ['maps', 'truth'], 'Expected a map in maps of each name but found none of only'],
      ['a folder and a file', ['maps', 'truth/a.png'], 'Expected folders alone, or files alone, for maps and truth'],
      ['nothing there', ['maps', 'nothing'], 'nothing'],
      [
        'no thresholds',
        ['maps', 'truth', '--thresholds', '0'],
        'Expected a whole number from 2 to 1000, or thresholds',
      ],
      ['words as thresholds', ['maps', 'truth', '--thresholds', 'ten'], '--thresholds but received ten'],
      ['a distance of 2', ['maps', 'truth', '--max-distance', '2'], 'for --max-distance but received 2'],
      [
        'bits of grey',
        ['maps', 'truth', '--annotators', '2', '--truth-threshold', '1'],
        'Expected one of --annotators',
      ],
      ['a report among maps', ['maps', 'truth', '--json', 'maps/a.json'], 'Expected a file outside of maps for --json'],
      ['a report that is no page', ['maps', 'truth', '--report', 'a.txt'], 'whose name ends in .html for --report'],
      ['two of one name', ['twice', 'truth'], 'Expected one picture of a name in twice but found a.png and a.tif'],
    ]),
  )('refuses %s', async (_, words, message) => {
    await write('maps/a.png', { 1: 255 });
    await write('truth/a.png', { 1: 255 });
    await write('truth/only.png', { 1: 255 });
    await write('twice/a.png', { 1: 255 });
    await write('twice/a.tif', { 1: 255 });
    const { status, stderr } = await run(...words);
    expect([status, stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});

test('evaluateEdgesAsync counts as evaluateEdges does', async () => {
  await writeBoth();
  const library = (await import(inCheckout('dist/index.js'))) as typeof Library;
  const [map, truth] = [at('maps/more/b.png'), at('truth/more/b.png')];
  const here = library.evaluateEdges(await library.readEdgeMap(map), await library.readBoundaries(truth), {
    thresholds: 5,
  });
  expect(await library.evaluateEdgesAsync(map, truth, { thresholds: 5 })).toEqual(here);
  expect(await library.evaluateEdgesAsync(await readFile(map), [await readFile(truth)], { thresholds: 5 })).toEqual(
    here,
  );
  await expect(library.evaluateEdgesAsync(map, at('truth/none.png'))).rejects.toThrow('none.png');
  await expect(library.evaluateEdgesAsync(1 as never, truth)).rejects.toThrow('Expected a path');
  await expect(library.evaluateEdgesAsync(map, truth, { page: 1 } as never)).rejects.toThrow('evaluateEdgesAsync');
  const ended = AbortSignal.abort(new Error('enough'));
  await expect(library.evaluateEdgesAsync(map, truth, { signal: ended })).rejects.toThrow('enough');
  library.limitBackground({});
});
