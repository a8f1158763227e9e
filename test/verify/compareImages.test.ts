import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FileError } from '../../src/disk/fileError.ts';
import { planes } from '../../src/planes/planes.ts';
import { compareImages } from '../../src/verify/compareImages.ts';
import { PAIR_CASES } from './cases.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'corr2d-compare-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the table of verdicts on pairs', () => {
  test('has names of its own', () => {
    expect(new Set(PAIR_CASES.map(({ name }) => name)).size).toBe(PAIR_CASES.length);
    expect(PAIR_CASES.length).toBeGreaterThanOrEqual(30);
  });

  test.each(PAIR_CASES)('$name: $verdict', async ({ verdict, options = {}, actual, golden, extension = 'png' }) => {
    const paths = [join(folder, `actual.${extension}`), join(folder, `golden.${extension}`)] as const;
    await writeFile(paths[0], await actual());
    await writeFile(paths[1], await golden());
    const compared = compareImages(...paths, options);
    if (verdict === 'unreadable') {
      const error = await compared.then(
        () => expect.fail('Expected an error'),
        (error: unknown) => error,
      );
      expect(error).toBeInstanceOf(FileError);
    } else {
      const { match, message } = await compared;
      expect(match, message).toBe(verdict === 'passed');
    }
  });
});

describe('compareImages', () => {
  const a = planes(
    [
      [0, 1, 2],
      [3, 4, 5],
    ],
    255,
  );

  test('tells how many, where and by how much', async () => {
    const b = planes(
      [
        [0, 1, 2],
        [3, 9, 5],
      ],
      255,
    );
    const { match, diffPixels, region, largest, mean, message } = await compareImages(b, a);
    expect({ match, diffPixels, region, largest, mean }).toEqual({
      match: false,
      diffPixels: 1,
      region: { left: 1, top: 1, width: 1, height: 1 },
      largest: 5 / 255,
      mean: expect.closeTo(5 / 255 / 6, 12),
    });
    expect(message).toBe(
      '1 of 6 pixels (16.7 %) differs, within 1×1 pixels from column 1, row 1; largest difference 0.01961 of white (5 of 255), mean 0.003268',
    );
  });

  test('draws sizes that differ on the union', async () => {
    const { match, diff, message } = await compareImages(
      planes(
        [
          [0, 1],
          [3, 4],
          [6, 7],
        ],
        255,
      ),
      a,
      { diff: true },
    );
    expect(match).toBe(false);
    expect(message).toBe('Expected 3×2 pixels (width × height) but received 2×3');
    expect([diff?.width, diff?.height]).toEqual([3, 3]);
    const at = (x: number, y: number) => [...(diff?.samples.subarray(3 * (3 * y + x), 3 * (3 * y + x) + 3) ?? [])];
    expect([at(0, 0), at(2, 0), at(0, 2)]).toEqual([
      [191, 191, 191],
      [255, 0, 255],
      [255, 0, 255],
    ]);
  });

  test('compares planes of any number of channels, and refuses to take four for three', async () => {
    const four = planes([[[1]], [[2]], [[3]], [[4]]]);
    expect((await compareImages(four, four)).match).toBe(true);
    const { match, message } = await compareImages(four, planes([[[1]], [[2]], [[3]]]));
    expect([match, message]).toEqual([false, 'Expected 3 channels but received 4 channels']);
  });

  test('counts the alpha of pictures like their colour', async () => {
    const picture = { planes: a, depth: 8, lossy: false, metadata: {} } as const;
    const opaque = {
      ...picture,
      alpha: planes(
        [
          [255, 255, 255],
          [255, 255, 255],
        ],
        255,
      ),
    };
    const clear = {
      ...picture,
      alpha: planes(
        [
          [255, 255, 255],
          [255, 254, 255],
        ],
        255,
      ),
    };
    expect((await compareImages(opaque, picture)).match).toBe(true);
    expect(await compareImages(clear, picture)).toMatchObject({ match: false, diffPixels: 1, largest: 1 - 254 / 255 });
  });

  test('takes a mask picture for what to ignore', async () => {
    const b = planes(
      [
        [0, 1, 9],
        [3, 4, 5],
      ],
      255,
    );
    const ignoreMask = planes([
      [0, 0, 1],
      [0, 0, 0],
    ]);
    const { match, comparedPixels } = await compareImages(b, a, { ignoreMask });
    expect([match, comparedPixels]).toEqual([true, 5]);
    await expect(compareImages(b, a, { ignoreMask: planes([[0, 1]]) })).rejects.toThrow(
      "Expected a mask of the golden's 3×2 pixels for ignoreMask but received 2×1",
    );
  });

  test('tells which frame differs, how many do, and how many there should be', async () => {
    const gif = (levels: readonly number[]) => {
      const raw = Buffer.alloc(levels.length * 8 * 8 * 3);
      levels.forEach((level, i) => raw.fill(level, i * 192, (i + 1) * 192));
      const frames = { width: 8, height: 8 * levels.length, channels: 3, pageHeight: 8 } as const;
      return sharp(raw, { raw: frames }).gif().toBuffer();
    };
    const golden = await gif([10, 20, 30]);
    expect(await compareImages(await gif([10, 20, 31]), golden, { diff: true })).toMatchObject({
      match: false,
      frames: 3,
      frame: 3,
      diffPixels: 64,
      diff: { width: 8, height: 8 },
      message: expect.stringMatching(/^frame 3: 64 of 64 pixels .* differ.*; largest difference 0.003922 of white/),
    });
    expect((await compareImages(await gif([10, 21, 31]), golden)).message).toMatch(/^frame 2: 64 .*; 2 frames differ$/);
    expect(await compareImages(await gif([10, 21, 33]), golden, { threshold: 3 / 255 })).toMatchObject({
      match: true,
      frame: 1,
      message: '3 frames: no pixel differs',
    });
    expect((await compareImages(await gif([10, 20]), golden)).message).toBe('Expected 3 frames but received 2');
    expect((await compareImages(await gif([10, 21]), await gif([10]))).message).toBe('Expected 1 frame but received 2');
  });

  test('gives precision, recall and F of edges', async () => {
    const wanted = planes([[0, 1, 0, 0, 0, 1]]);
    const found = planes([[0, 0, 1, 0, 0, 0]]);
    const { match, precision, recall, f, diffPixels } = await compareImages(found, wanted, { metric: 'boundary' });
    expect({ match, precision, recall, f, diffPixels }).toEqual({
      match: false,
      precision: 1,
      recall: 0.5,
      f: 2 / 3,
      diffPixels: 1,
    });
  });

  test('measures how far an edge moved as the crow flies', async () => {
    const corner = planes([
      [1, 0, 0],
      [0, 0, 0],
      [0, 0, 0],
    ]);
    const moved = planes([
      [0, 0, 0],
      [0, 1, 0],
      [0, 0, 0],
    ]);
    const match = async (distance: number) =>
      (await compareImages(moved, corner, { metric: 'boundary', distance })).match;
    expect([await match(1.4), await match(1.5)]).toEqual([false, true]);
  });

  test('takes one not-a-number for another, and only for that', async () => {
    const nan = planes([[Number.NaN, 1]]);
    expect((await compareImages(nan, planes([[Number.NaN, 1]]))).match).toBe(true);
    expect(await compareImages(nan, planes([[0, 1]]), { threshold: 1 })).toMatchObject({
      match: false,
      largest: Infinity,
    });
  });

  test('reads a threshold that is a fraction', async () => {
    const near = planes(
      [
        [0, 1, 2],
        [3, 4, 6],
      ],
      255,
    );
    const match = async (threshold: string) => (await compareImages(near, a, { threshold })).match;
    expect([await match('1/255'), await match(' 1 / 256 ')]).toEqual([true, false]);
  });

  test.each([
    [
      { metric: 'exact' as 'absolute' },
      'Expected one of absolute, pixelmatch, boundary, ssim for metric but received exact',
    ],
    [{ threshold: -1 }, 'Expected a number of at least 0 for threshold but received -1'],
    [
      { threshold: 5 },
      'Expected at most 1, the difference between black and white (in units of white: 5 of 255 levels are 5/255) for threshold but received 5',
    ],
    [{ threshold: '5/2/2' }, 'Expected a number of at least 0 for threshold but received 5/2/2'],
    [{ threshold: '300/255' }, 'Expected at most 1, '],
    [{ metric: 'pixelmatch' as const, threshold: 2 }, 'Expected a number from 0 to 1 for threshold but received 2'],
    [{ distance: 2 }, 'Expected the metric boundary for distance but received absolute'],
    [{ ignoreAntialiasing: true }, 'Expected the metric pixelmatch for ignoreAntialiasing but received absolute'],
    [
      { metric: 'ssim' as const, maxDiffPixels: 3 },
      'Expected the metric absolute or pixelmatch or boundary for maxDiffPixels but received ssim',
    ],
    [{ maxDiffPixelRatio: 1.5 }, 'Expected a number from 0 to 1 for maxDiffPixelRatio but received 1.5'],
    [
      { ignore: [{ left: 0, top: 0, width: 0, height: 1 }] },
      'Expected a whole number of at least 1 for ignore[0].width but received 0',
    ],
    [{ metric: 'ssim' as const }, 'Expected pictures of at least 11×11 pixels for the metric ssim but received 2×3'],
  ])('refuses %j', async (options, message) => {
    await expect(
      compareImages(
        planes(
          [
            [0, 1, 2],
            [3, 4, 6],
          ],
          255,
        ),
        a,
        options,
      ),
    ).rejects.toThrow(message);
  });
});
