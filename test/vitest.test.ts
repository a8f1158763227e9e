import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readImage } from '../src/files/readImage.ts';
import type { Picture } from '../src/planes/picture.ts';
import { planes } from '../src/planes/planes.ts';
import { imageSnapshot, type SnapshotPlace, type SnapshotVerdict } from '../src/verify/imageSnapshot.ts';
import type { ImageSource } from '../src/verify/openImage.ts';
import { toMatchImageSnapshot } from '../src/vitest.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'corr2d-snapshot-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const rows = Array.from({ length: 12 }, (_, y) => Array.from({ length: 16 }, (_, x) => (x * 16 + y * 5) % 256));
const grey = planes(rows, 255);
const other = planes([[...rows[0].slice(0, -1), 7], ...rows.slice(1)], 255);

const snapshot = (received: ImageSource, place: Partial<SnapshotPlace> = {}): Promise<SnapshotVerdict> =>
  imageSnapshot(received, { folder, name: 'a', update: 'new', isNot: false, ...place }, {});
const files = async (): Promise<string[]> => (await readdir(folder, { recursive: true })).sort();

describe('imageSnapshot', () => {
  test('writes a golden that is missing and fails, then passes', async () => {
    expect(await snapshot(grey)).toEqual({
      pass: false,
      message: expect.stringMatching(/found none; it has been written: look at it/),
      outcome: 'written',
      golden: join(folder, 'a.png'),
    });
    expect(await files()).toEqual(['a.png']);
    expect((await snapshot(grey)).pass).toBe(true);
  });

  test('writes nothing where it may not', async () => {
    expect(await snapshot(grey, { update: 'none', wayOut: 'ask a person' })).toEqual({
      pass: false,
      message: expect.stringContaining('none is written: ask a person'),
      outcome: 'missing',
      golden: join(folder, 'a.png'),
    });
    expect(await snapshot(grey, { isNot: true })).toMatchObject({ pass: true, outcome: 'missing' });
    expect(await files()).toEqual([]);
  });

  test('tells a difference in words and pictures, which go when it passes', async () => {
    await snapshot(grey);
    const { pass, message, composite } = await snapshot(other);
    expect(composite).toBe(join(folder, '__diff__/a-composite.png'));
    expect(pass).toBe(false);
    expect(message).toMatch(
      /^Expected the picture to match its golden, but: 1 of 192 pixels \(0\.521 %\) differs, within 1×1 pixels from column 15, row 0; largest difference/,
    );
    expect(message).toMatch(/difference {2}\S+a-diff\.png\nOnce it is right, vitest --update accepts it\.$/);
    const evidence = ['actual', 'composite', 'diff'].map((what) => `__diff__/a-${what}.png`);
    expect(await files()).toEqual(['__diff__', ...evidence, 'a.png']);
    expect((await snapshot(grey)).pass).toBe(true);
    expect(await files()).toEqual(['a.png']);
  });

  test('accepts a difference when it is told to, and does not touch what passes', async () => {
    expect((await snapshot(grey, { update: 'all' })).pass).toBe(true);
    const before = await readFile(join(folder, 'a.png'));
    expect((await snapshot(grey, { update: 'all' })).pass).toBe(true);
    expect(await readFile(join(folder, 'a.png'))).toEqual(before);
    await snapshot(other);
    expect((await snapshot(other, { update: 'all' })).pass).toBe(true);
    expect([(await snapshot(other)).pass, (await snapshot(grey)).pass]).toEqual([true, false]);
  });

  test('wants a difference under not, and writes nothing for it', async () => {
    await snapshot(grey);
    expect((await snapshot(other, { isNot: true, update: 'all' })).pass).toBe(false);
    expect(await snapshot(grey, { isNot: true })).toEqual({
      pass: true,
      message: expect.stringMatching(/^Expected the picture not to match its golden .*no pixel differs$/),
      outcome: 'matched',
      golden: join(folder, 'a.png'),
    });
    expect(await files()).toEqual(['a.png']);
  });

  test('names a golden that cannot be read, which is neither a match nor a difference', async () => {
    await writeFile(join(folder, 'a.png'), 'words');
    expect(await snapshot(grey)).toEqual({
      pass: false,
      message: expect.stringMatching(/^Expected a picture .* in .*a\.png but received text\n/),
      outcome: 'differs',
      golden: join(folder, 'a.png'),
    });
    expect((await snapshot(grey, { isNot: true })).pass).toBe(true);
    expect((await snapshot(grey, { update: 'all' })).pass).toBe(true);
    expect((await snapshot(grey)).pass).toBe(true);
  });

  test('keeps 16 bits in a PNG, and what a PNG would not hold in a .npy file', async () => {
    await snapshot(planes([[0, 257, 65535, 258]], 65535), { name: 'deep' });
    expect((await sharp(join(folder, 'deep.png')).metadata()).depth).toBe('ushort');
    const signed = planes([[[0.1, -0.2, 3]], [[1, 2, 1e-9]], [[0, 1 / 3, 4]]], 255);
    await snapshot(signed, { name: 'signed' });
    expect(await files()).toEqual(['deep.png', 'signed.npy']);
    expect((await snapshot(signed, { name: 'signed' })).pass).toBe(true);
    signed.data[4] += 2e-7;
    expect((await snapshot(signed, { name: 'signed' })).pass).toBe(false);
    expect((await snapshot(grey, { name: 'signed', update: 'all' })).pass).toBe(true);
    expect((await files()).filter((name) => name.startsWith('signed'))).toEqual(['signed.png']);
  });

  test('refuses channels that no golden holds', async () => {
    await expect(snapshot(planes([[[1]], [[2]]]))).rejects.toThrow('for a golden but received 2 channels');
  });

  test('keeps a PNG as it is', async () => {
    const bytes = await sharp({ create: { width: 3, height: 2, channels: 3, background: '#123' } })
      .png({ palette: true })
      .toBuffer();
    await snapshot(bytes);
    expect(await readFile(join(folder, 'a.png'))).toEqual(bytes);
  });
});

describe('the matcher', () => {
  const directory = 'golden/matcher';
  const picture: Picture = { planes: grey, depth: 8, lossy: false, metadata: {} };

  test('takes planes, pictures, sharp pipelines, bytes and paths', async () => {
    const golden = { name: 'grey', directory };
    await expect(grey).toMatchImageSnapshot(golden);
    await expect(picture).toMatchImageSnapshot(golden);
    const png = sharp(Uint8Array.from(grey.data), { raw: { width: 16, height: 12, channels: 1 } })
      .toColourspace('b-w')
      .png();
    await expect(png).toMatchImageSnapshot(golden);
    const bytes = await png.toBuffer();
    await expect(bytes).toMatchImageSnapshot(golden);
    await writeFile(join(folder, 'x.png'), bytes);
    await expect(join(folder, 'x.png')).toMatchImageSnapshot(golden);
    await expect(await readImage(bytes)).toMatchImageSnapshot(golden);
  });

  test('names goldens by the test and a number', async () => {
    await expect(grey).toMatchImageSnapshot({ directory });
    await expect(other).toMatchImageSnapshot({ directory });
  });

  test('names goldens anew when a test is tried again', { retry: 1 }, async ({ task }) => {
    await expect(grey).toMatchImageSnapshot({ directory });
    expect(task.result?.retryCount ?? 0).toBe(1);
  });

  test('takes what compareImages takes', async () => {
    const golden = { name: 'grey', directory };
    await expect(other).not.toMatchImageSnapshot(golden);
    await expect(other).toMatchImageSnapshot({ ...golden, maxDiffPixels: 1 });
    await expect(expect(grey).toMatchImageSnapshot({ ...golden, metric: 'exact' as 'absolute' })).rejects.toThrow(
      'for metric but received exact',
    );
  });

  test.each(['../a', 'a/b', '', '.a'])('refuses the name %j', async (name) => {
    await expect(expect(grey).toMatchImageSnapshot({ name, directory })).rejects.toThrow('for name but received');
    expect(await files()).toEqual([]);
  });

  test('refuses to be called outside of a test file', async () => {
    const state = { isNot: false } as ThisParameterType<typeof toMatchImageSnapshot>;
    await expect(toMatchImageSnapshot.call(state, grey)).rejects.toThrow(
      'Expected toMatchImageSnapshot within a test file',
    );
  });
});
