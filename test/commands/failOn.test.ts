import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { corr2d } from '../support/corr2d.ts';

let cwd: string;
const run = (...words: string[]) => corr2d(words, { cwd });

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'corr2d-fail-on-'));
  await mkdir(join(cwd, 'in'));
  const noise = Uint8Array.from({ length: 32 * 32 }, (_, i) => (i * 2654435761) >>> 24);
  const jpeg = await sharp(noise, { raw: { width: 32, height: 32, channels: 1 } })
    .toColourspace('b-w')
    .jpeg()
    .toBuffer();
  const jfif = Buffer.from('ffe000104a46494600020100000100010000', 'hex');
  const odd = Buffer.concat([jpeg.subarray(0, 2), jfif, jpeg.subarray(2)]);
  for (let i = 0; i < 7; i++) await writeFile(join(cwd, 'in', `odd-${i}.jpg`), odd);
  await writeFile(join(cwd, 'in', 'cut.jpg'), jpeg.subarray(0, jpeg.length / 2));
});
afterAll(() => rm(cwd, { recursive: true, force: true }));

describe('--fail-on', () => {
  test('by default, faults that viewers pass over are told and what is cut is refused', async () => {
    const { status, stderr } = await run('detect', 'in', '-o', 'maps', '--json', 'report.json');
    expect(status).toBe(1);
    expect(await readdir(join(cwd, 'maps'))).not.toContain('cut.png');
    expect(stderr).toMatch(/cut\.jpg but it is damaged: premature end of JPEG image/);
    const notes = stderr.match(
      /odd-\d\.jpg is read although its data has a fault: unknown JFIF revision number 2\.01/g,
    );
    // Five are told by name, the others as a number.
    expect(notes).toHaveLength(5);
    expect(stderr).toContain('2 more pictures are read although their data has a fault');
    const { pictures } = JSON.parse(await readFile(join(cwd, 'report.json'), 'utf8'));
    expect(pictures).toHaveLength(7);
    for (const { fault } of pictures) expect(fault).toBe('unknown JFIF revision number 2.01');
  });

  test('warning refuses them too, none takes all there is', async () => {
    const strict = await run('detect', 'in', '-o', 'strict', '--fail-on', 'warning');
    expect([strict.status, strict.stderr]).toEqual([1, expect.stringContaining('0 pictures')]);
    expect(strict.stderr.match(/is damaged: unknown JFIF revision/g)).toHaveLength(7);
    const mild = await run('filter', 'in', '-k', 'identity', '-o', 'mild', '--fail-on', 'none');
    expect([mild.status, mild.stderr]).toEqual([0, expect.stringContaining('8 pictures')]);
    expect(await readdir(join(cwd, 'mild'))).toContain('cut.png');
  });

  test('learn tells it, and refuses by it', { tags: ['slow'] }, async () => {
    const pair = ['learn', 'in/odd-0.jpg', 'in/odd-1.jpg', '--overwrite', '-o', 'k.json'];
    const read = await run(...pair);
    expect(read.stderr.match(/is read although its data has a fault/g)).toHaveLength(2);
    const { status, stderr } = await run(...pair, '--fail-on', 'warning');
    expect([status, stderr]).toEqual([2, expect.stringContaining('is damaged: unknown JFIF revision')]);
  });

  test('verify passes what is read, and fails on what is not', async () => {
    for (const folder of ['actual', 'golden']) await mkdir(join(cwd, folder));
    const odd = await readFile(join(cwd, 'in', 'odd-0.jpg'));
    await writeFile(join(cwd, 'actual', 'a.jpg'), odd);
    // The same picture in other bytes, so that it is decoded.
    await writeFile(join(cwd, 'golden', 'a.jpg'), Buffer.concat([odd, Buffer.from('x')]));
    expect((await run('verify', 'actual', 'golden')).status).toBe(0);
    const strict = await run('verify', 'actual', 'golden', '--fail-on', 'warning');
    expect([strict.status, strict.stderr]).toEqual([1, expect.stringContaining('unknown JFIF revision')]);
  });

  test('another word is refused', async () => {
    const { status, stderr } = await run('detect', 'in', '-o', 'x', '--fail-on', 'all');
    expect([status, stderr]).toEqual([2, expect.stringMatching(/fail-on/)]);
  });
});
