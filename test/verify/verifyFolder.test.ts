import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { MANIFEST } from '../../src/verify/manifest.ts';
import { verifyFolder, type VerifyOptions, verifyUntilAborted } from '../../src/verify/verifyFolder.ts';
import { type VerifyReport } from '../../src/verify/verifyReport.ts';
import { outsideCi } from '../support/outsideCi.ts';
import { quarter } from '../support/quarter.ts';
import { FOLDER_CASES, PAIR_CASES, writeFiles } from './cases.ts';

let cwd: string;
const at = (...names: string[]): string => join(cwd, ...names);
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'corr2d-verify-'));
  for (const name of Object.keys(outsideCi)) vi.stubEnv(name, '');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(cwd, { recursive: true, force: true });
});

const verify = (options?: VerifyOptions): Promise<VerifyReport> => verifyFolder(at('actual'), at('golden'), options);
const verdictsOf = ({ items }: VerifyReport) => Object.fromEntries(items.map(({ path, verdict }) => [path, verdict]));

function picture(seed: number, level = 9): Promise<Buffer> {
  const samples = Uint8Array.from({ length: 20 * 30 }, (_, i) => (i * seed) % 251);
  return sharp(samples, { raw: { width: 30, height: 20, channels: 1 } })
    .toColourspace('b-w')
    .png({ compressionLevel: level })
    .toBuffer();
}

const fill = async (actual: Record<string, Uint8Array | string>, golden: Record<string, Uint8Array | string>) => {
  await writeFiles(at('actual'), actual);
  await writeFiles(at('golden'), golden);
};

describe('the table of verdicts on folders', () => {
  test.each(FOLDER_CASES)('$name', async ({ verdicts, match, options = {}, actual, golden }) => {
    await fill(await actual(), await golden());
    const report = await verify(options);
    expect(verdictsOf(report)).toEqual(verdicts);
    expect(report.match).toBe(match);
  });
});

describe('the table of verdicts on pairs, by whichever way is shortest', () => {
  test.each(quarter(PAIR_CASES))(
    '$name: $verdict',
    async ({ verdict, options = {}, actual, golden, extension = 'png' }) => {
      const name = `a.${extension}`;
      await fill({ [name]: await actual() }, { [name]: await golden() });
      expect(verdictsOf(await verify(options))).toEqual({ [name]: verdict });
    },
  );
});

describe('verifyFolder', () => {
  test('writes what changed beside its golden and their difference, and takes it away the next time', async () => {
    await fill(
      {
        'a.png': await picture(7),
        'deep/b.png': await picture(8),
        'deep/b.webp': await sharp(await picture(8))
          .webp({ lossless: true })
          .toBuffer(),
      },
      { 'a.png': await picture(7), 'deep/b.png': await picture(9), 'deep/b.webp': await picture(9) },
    );
    await mkdir(at('seen'));
    await writeFile(at('seen', 'mine-diff.png'), 'my own');
    const report = await verify({ output: at('seen') });
    const written = (await readdir(at('seen'), { recursive: true })).sort();
    const names = ['deep/b.png', 'deep/b.webp'].flatMap((path) => [
      `${path}-actual.${path.slice(7)}`,
      `${path}-diff.png`,
      `${path}-expected.${path.slice(7)}`,
    ]);
    expect(written).toEqual(['corr2d-verify.json', 'deep', ...names.sort(), 'mine-diff.png'].sort());
    expect(report.items.find(({ path }) => path === 'deep/b.png')?.evidence?.diff).toBe(at('seen/deep/b.png-diff.png'));
    expect(await readFile(at('seen/deep/b.png-actual.png'))).toEqual(await picture(8));
    expect(await readFile(at('seen/deep/b.png-expected.png'))).toEqual(await picture(9));
    expect((await sharp(at('seen/deep/b.png-diff.png')).metadata()).width).toBe(30);

    await rm(at('golden'), { recursive: true });
    await writeFiles(at('golden'), {
      'a.png': await picture(7),
      'deep/b.png': await picture(8),
      'deep/b.webp': await picture(8),
    });
    expect((await verify({ output: at('seen') })).match).toBe(true);
    expect((await readdir(at('seen'), { recursive: true })).sort()).toEqual(['deep', 'mine-diff.png']);
  });

  test('takes away nothing that a forged list names', async () => {
    await fill({ 'a.png': await picture(7) }, { 'a.png': await picture(7) });
    await mkdir(at('seen'));
    await mkdir(at('other'));
    await writeFile(at('other', 'x-diff.png'), 'mine');
    await writeFile(at('seen', 'x.png'), 'mine');
    await symlink(at('other'), at('seen', 'link'));
    const written = ['../other/x-diff.png', at('other/x-diff.png'), 'link/x-diff.png', 'x.png', 7];
    await writeFile(at('seen', 'corr2d-verify.json'), JSON.stringify({ written }));
    await verify({ output: at('seen') });
    expect([await readdir(at('other')), (await readdir(at('seen'))).sort()]).toEqual([
      ['x-diff.png'],
      ['link', 'x.png'],
    ]);
  });

  test('compares in parallel and tells each picture as it goes', async () => {
    const files = Object.fromEntries(
      await Promise.all(Array.from({ length: 20 }, async (_, i) => [`${i}.png`, await picture(i + 1)] as const)),
    );
    await fill(files, files);
    const seen: string[] = [];
    const { match } = await verify({ onItem: ({ path }) => void seen.push(path), jobs: 3 });
    expect([match, seen.length]).toEqual([true, 20]);
  });

  test('ends when it is told to', async () => {
    await fill({ 'a.png': await picture(7) }, { 'a.png': await picture(7) });
    await expect(verify({ signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
  });

  test('is not interrupted by a signal that comes when all was looked at', async () => {
    const controller = new AbortController();
    await fill({ 'a.png': await picture(7), 'b.png': await picture(8) }, { 'a.png': await picture(7) });
    const options = { signal: controller.signal, onItem: () => controller.abort(new Error('enough')) };
    await expect(verify(options)).rejects.toThrow('enough');
    const last = new AbortController();
    await rm(at('actual', 'b.png'));
    const report = await verify({ signal: last.signal, onItem: () => last.abort(new Error('enough')) });
    expect(verdictsOf(report)).toEqual({ 'a.png': 'passed' });
  });

  test.each([
    ['golden', 'golden'],
    ['golden/deep', 'golden'],
    ['golden', 'golden/deep'],
    ['link', 'golden'],
  ])('refuses folders that overlap: %s and %s', async (actual, golden) => {
    await writeFiles(at('golden/deep'), { 'a.png': await picture(7) });
    await symlink('golden', at('link'));
    await expect(verifyFolder(at(actual), at(golden))).rejects.toThrow('Expected folders that do not overlap');
  });

  test('refuses an output in one of the folders', async () => {
    await fill({ 'a.png': await picture(7) }, { 'a.png': await picture(7) });
    for (const output of ['actual/diff', 'golden', 'golden/x/y']) {
      await expect(verify({ output: at(output) })).rejects.toThrow(
        /do not overlap for the (pictures|goldens) and the output/,
      );
    }
  });

  test('names folders that are missing or none', async () => {
    await expect(verify()).rejects.toThrow(/^Expected a folder of pictures at .*actual but found no such file$/);
    await writeFiles(cwd, { actual: await picture(7) });
    await expect(verify()).rejects.toThrow(/^Expected a folder of pictures at .*actual but found a file$/);
  });

  test('names links to folders, which it does not follow, and links to nothing', async () => {
    await fill(
      { 'a.png': await picture(7), 'b.png': 'nothing.png', deep: '../golden/deep' },
      { 'a.png': await picture(7), 'deep/c.png': await picture(8) },
    );
    const report = await verify({ allowDeleted: true });
    expect(verdictsOf(report)).toEqual({
      'a.png': 'passed',
      'b.png': 'unreadable',
      deep: 'unreadable',
      'deep/c.png': 'deleted',
    });
    expect(report.match).toBe(false);
  });
});

describe('files whose names do not tell what they are', () => {
  test('are pictures where their first bytes say so', async () => {
    const jpeg = (seed: number) => picture(seed).then((png) => sharp(png).jpeg().toBuffer());
    await fill(
      {
        'a.jpg_large': await jpeg(7),
        noext: await picture(7),
        'b.bin': await picture(8),
        'deep/c.jfif': await jpeg(9),
      },
      { 'a.jpg_large': await jpeg(7), noext: await picture(8), 'deep/c.jfif': await jpeg(8) },
    );
    const report = await verify();
    expect(verdictsOf(report)).toEqual({
      'a.jpg_large': 'passed',
      'b.bin': 'new',
      'deep/c.jfif': 'changed',
      noext: 'changed',
    });
    expect([report.match, report.notes]).toEqual([false, []]);
  });

  test('are told once, by kind and number, where they are no pictures that are read', async () => {
    const bytes = (text: string) => Buffer.from(text, 'latin1');
    const bmp = bytes('BM....\0\0\0\0');
    const others = {
      'deep/c.bmp': bmp,
      'd.bmp': bmp,
      'k.heic': bytes('\0\0\0\x10ftypheic\0\0\0\0'),
      'p.pgm': bytes('P5\n1 1\n255\n.'),
      't1.md': bytes('words'),
      't2.md': bytes('words'),
      't3.md': bytes('words'),
      't4.md': bytes('words'),
      'x\u001b.html': bytes('<p>'),
      nothing: bytes(''),
    };
    await fill({ 'a.png': await picture(7), ...others }, { 'a.png': await picture(7), 'one.bmp': bmp });
    await verify({ update: true });
    const report = await verify();
    expect([report.match, verdictsOf(report)]).toEqual([true, { 'a.png': 'passed' }]);
    expect(report.notes.map((note) => note.replaceAll(cwd, '.'))).toEqual([
      'left out 10 files of ./actual: BMP (2: d.bmp, deep/c.bmp); HEIC (k.heic); a PNM picture (p.pgm); an empty file (nothing); text (5: "x\\u001b.html", t1.md, t2.md, …)',
      'left out 1 file of ./golden: BMP (one.bmp)',
    ]);
  });

  test('do not lead out of their folder', async () => {
    await writeFiles(at('other'), { x: await picture(7), text: Buffer.from('words') });
    await fill(
      { 'a.png': await picture(7), b: '../other/x', c: '../other/text', d: 'a.png', e: 'nothing' },
      { 'a.png': await picture(7), b: await picture(7), d: await picture(7) },
    );
    const report = await verify();
    expect(verdictsOf(report)).toEqual({ 'a.png': 'passed', b: 'unreadable', d: 'passed' });
    expect(report.notes[0]).toMatch(/^left out 2 files of .*: a link to nothing \(e\); text \(c\)$/);
  });
});

describe('verifyFolder with update', () => {
  test('makes goldens where there were none, and leaves what is the same alone', async () => {
    await writeFiles(at('actual'), { 'a.png': await picture(7), 'deep/b.png': await picture(8) });
    const first = await verify({ update: true });
    expect(first.items.map(({ updated }) => updated)).toEqual(['added', 'added']);
    expect((await verify()).match).toBe(true);

    await writeFile(at('golden/a.png'), await picture(7, 0));
    const [before, manifest] = [await stat(at('golden/a.png')), await stat(at('golden/deep/b.png'))];
    await writeFile(at('actual/deep/b.png'), await picture(9));
    const second = await verify({ update: true });
    expect(second.items.map(({ verdict, updated }) => [verdict, updated])).toEqual([
      ['passed', undefined],
      ['changed', 'replaced'],
    ]);
    expect(second.match).toBe(true);
    expect((await stat(at('golden/a.png'))).ino).toBe(before.ino);
    expect((await stat(at('golden/deep/b.png'))).ino).not.toBe(manifest.ino);
    expect(await readFile(at('golden/deep/b.png'))).toEqual(await picture(9));
  });

  test('removes goldens without a picture where it is asked to, and never all of them', async () => {
    await fill(
      { 'a.png': await picture(7), 'new.png': await picture(5) },
      { 'a.png': await picture(7), 'gone.png': await picture(8), 'old.png': await picture(5) },
    );
    const kept = await verify({ update: true });
    expect([kept.match, verdictsOf(kept)]).toEqual([
      false,
      { 'a.png': 'passed', 'gone.png': 'deleted', 'new.png': 'renamed' },
    ]);
    expect((await readdir(at('golden'))).sort()).toEqual(['a.png', MANIFEST, 'gone.png', 'new.png']);
    const pruned = await verify({ update: true, prune: true });
    expect(pruned.items.map(({ path, updated }) => [path, updated])).toEqual([
      ['a.png', undefined],
      ['gone.png', 'removed'],
      ['new.png', undefined],
    ]);
    expect([pruned.match, (await readdir(at('golden'))).sort()]).toEqual([true, ['a.png', MANIFEST, 'new.png']]);
    await rm(at('actual'), { recursive: true });
    await mkdir(at('actual'));
    await expect(verify({ update: true, prune: true })).rejects.toThrow('pruning would remove every golden');
  });

  test('replaces a golden that cannot be read by a picture that can, and never the other way round', async () => {
    await fill(
      { 'a.png': await picture(7), 'b.png': Buffer.from('words') },
      { 'a.png': Buffer.from('words'), 'b.png': await picture(8) },
    );
    const { items, match } = await verify({ update: true });
    expect(items.map(({ path, updated }) => [path, updated])).toEqual([
      ['a.png', 'replaced'],
      ['b.png', undefined],
    ]);
    expect([match, await readFile(at('golden/b.png'))]).toEqual([false, await picture(8)]);
  });

  test('gives the golden of a picture that was renamed its new name, and the next run passes', async () => {
    const webp = await sharp(await picture(6))
      .webp({ lossless: true })
      .toBuffer();
    await fill(
      { 'deep/new.png': await picture(5), 'other.webp': webp, 'same.png': await picture(9) },
      { 'old.png': await picture(5, 0), 'old2.png': await picture(6), 'link.png': 'old2.png' },
    );
    const before = await stat(at('golden/old.png'));
    const { items, match } = await verify({ update: true, prune: true });
    expect([match, items.map(({ path, verdict, from, updated }) => [path, verdict, from, updated])]).toEqual([
      true,
      [
        ['deep/new.png', 'renamed', 'old.png', 'moved'],
        ['old2.png', 'deleted', undefined, 'removed'],
        ['other.webp', 'renamed', 'link.png', 'moved'],
        ['same.png', 'new', undefined, 'added'],
      ],
    ]);
    // The file itself, where it is of the format that its new name says.
    expect((await stat(at('golden/deep/new.png'))).ino).toBe(before.ino);
    expect(await readFile(at('golden/other.webp'))).toEqual(webp);
    expect(verdictsOf(await verify())).toEqual({
      'deep/new.png': 'passed',
      'other.webp': 'passed',
      'same.png': 'passed',
    });
    expect(Object.keys(JSON.parse(await readFile(at('golden', MANIFEST), 'utf8')).pictures)).toEqual([
      'deep/new.png',
      'other.webp',
      'same.png',
    ]);
  });

  test('takes no golden for another that the manifest knew under its name', async () => {
    await writeFiles(at('actual'), { 'a.png': await picture(7), 'old.png': await picture(5) });
    await verify({ update: true });
    // As a run leaves it that is killed before it writes the manifest.
    await writeFile(at('golden/old.png'), await picture(6));
    await rm(at('actual/old.png'));
    await writeFile(at('actual/new.png'), await picture(5));
    expect(verdictsOf(await verify())).toEqual({ 'a.png': 'passed', 'new.png': 'new', 'old.png': 'deleted' });
  });

  test('accepts no picture but the one that it looked at', async () => {
    await fill({ 'a.png': await picture(7), 'b.png': await picture(8) }, { 'a.png': await picture(5) });
    const overwrite = picture(9);
    const change = async (path: string): Promise<void> => writeFile(at('actual', path), await overwrite);
    const changes: Promise<void>[] = [];
    const report = await verify({ update: true, onItem: ({ path }) => void changes.push(change(path)), jobs: 1 });
    await Promise.all(changes);
    for (const { updated, failed, message } of report.items) {
      // Where the picture was exchanged too late it was accepted as it had been.
      if (updated === undefined) expect([failed, message]).toEqual([true, expect.stringMatching(/written since$/)]);
    }
    const goldens = await readdir(at('golden'));
    for (const name of goldens.filter((one) => one.endsWith('.png'))) {
      expect(await readFile(at('golden', name))).not.toEqual(await overwrite);
    }
  });

  test('touches no more goldens once it is told to end, and knows those that it touched', async () => {
    await writeFiles(at('actual'), { 'a.png': await picture(7), 'b.png': await picture(8), 'c.png': await picture(9) });
    const controller = new AbortController();
    const options = { update: true, signal: controller.signal, onUpdate: () => controller.abort(new Error('enough')) };
    const { items, interrupted, match } = await verifyUntilAborted(at('actual'), at('golden'), options);
    expect([interrupted, match]).toEqual([true, false]);
    expect(items.map(({ path, updated }) => [path, updated])).toEqual([
      ['a.png', 'added'],
      ['b.png', undefined],
      ['c.png', undefined],
    ]);
    expect((await readdir(at('golden'))).sort()).toEqual(['a.png', MANIFEST]);
    expect(Object.keys(JSON.parse(await readFile(at('golden', MANIFEST), 'utf8')).pictures)).toEqual(['a.png']);
    await expect(verify({ ...options, signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
  });

  test.each([
    ['CI', 'CI'],
    ['TEAMCITY_VERSION', 'teamcity'],
  ])('writes nothing where %s is set', async (variable, name) => {
    vi.stubEnv(variable, 'true');
    await writeFiles(at('actual'), { 'a.png': await picture(7) });
    await expect(verify({ update: true })).rejects.toThrow(`Expected no update in CI (${name})`);
    expect(await readdir(cwd)).toEqual(['actual']);
  });

  test('writes nothing through a link that leaves the goldens', async () => {
    await fill({ 'deep/a.png': await picture(7) }, { 'b.png': await picture(7) });
    await mkdir(at('other'));
    await symlink(at('other'), at('golden/deep'));
    const { match, items } = await verify({ update: true });
    expect([match, items.find(({ path }) => path === 'deep/a.png')?.message]).toEqual([
      false,
      expect.stringMatching(/the golden is as it was: .* found a link that leaves the folder of goldens$/),
    ]);
    expect([await readdir(at('other')), await readFile(at('golden/b.png'))]).toEqual([[], await picture(7)]);
  });

  test('refuses prune without update, and for a partial run', async () => {
    await fill({ 'a.png': await picture(7) }, { 'a.png': await picture(7) });
    await expect(verify({ prune: true })).rejects.toThrow('Expected update together with prune');
    await expect(verify({ update: true, prune: true, selective: true })).rejects.toThrow('Expected prune or selective');
  });
});

describe('the manifest', () => {
  const manifest = async () => JSON.parse(await readFile(at('golden', MANIFEST), 'utf8'));

  test('tells samples, sizes, the tool and the comparison', async () => {
    await writeFiles(at('actual'), { 'a.png': await picture(7) });
    await verify({ update: true, threshold: 0.5 });
    expect(await manifest()).toEqual({
      corr2d: 1,
      kind: 'goldens',
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      comparator: { metric: 'absolute', threshold: 0.5 },
      pictures: {
        'a.png': {
          width: 30,
          height: 20,
          channels: 1,
          depth: 8,
          samples: expect.stringMatching(/^[0-9a-f]{64}$/),
          file: expect.stringMatching(/^[0-9a-f]{64}$/),
        },
      },
    });
    const { notes } = await verify({ metric: 'pixelmatch' });
    expect(notes).toEqual([
      'the goldens were accepted under {"metric":"absolute","threshold":0.5}; this run compares under {"metric":"pixelmatch","threshold":0.1}',
    ]);
  });

  test('gives the same samples one hash however they are stored', async () => {
    const grey = sharp(await picture(7));
    await writeFiles(at('actual'), {
      'a.png': await picture(7),
      'b.png': await grey.clone().toColourspace('srgb').png().toBuffer(),
      'c.webp': await grey.clone().webp({ lossless: true }).toBuffer(),
      'd.tif': await grey.clone().toColourspace('b-w').tiff({ compression: 'lzw' }).toBuffer(),
      'e.png': await grey.clone().toColourspace('grey16').png().toBuffer(),
      'f.png': await grey.clone().ensureAlpha().png().toBuffer(),
      'g.png': await picture(8),
    });
    await verify({ update: true });
    const { pictures } = await manifest();
    const hashes = Object.values(pictures as Record<string, { samples: string }>).map(({ samples }) => samples);
    expect([hashes.length, new Set(hashes.slice(0, 6)).size, new Set(hashes).size]).toEqual([7, 1, 2]);
  });

  test('shows a golden that was changed by hand', async () => {
    await writeFiles(at('actual'), { 'a.png': await picture(7) });
    await verify({ update: true });
    await writeFile(at('golden/a.png'), await picture(8));
    expect((await verify()).notes).toEqual(['the golden a.png is not the one that corr2d-goldens.json knows']);
  });

  test('cannot steer a terminal', async () => {
    await fill({ 'a.png': await picture(7) }, { 'a.png': await picture(7) });
    const forged = { corr2d: 1, kind: 'goldens', version: '\u001b[2J', comparator: { '\u009b2J': 1 }, pictures: {} };
    await writeFile(at('golden', MANIFEST), JSON.stringify(forged));
    const { notes } = await verify();
    expect(notes).toHaveLength(2);
    for (const note of notes) expect(note).not.toMatch(/\p{Cc}/u);
  });

  test('refuses to be another file', async () => {
    await fill({ 'a.png': await picture(7) }, { 'a.png': await picture(7), [MANIFEST]: Buffer.from('{"corr2d":1}') });
    await expect(verify()).rejects.toThrow(/^Expected a manifest of goldens .* but received something else/);
  });
});
