import { execFileSync } from 'node:child_process';
import { chmodSync, linkSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { findInputs } from '../../src/batch/inputs/inputs.ts';
import { rememberKinds } from '../../src/batch/inputs/kindForSearch.ts';
import { PlanError } from '../../src/batch/plan/plan.ts';
import { OTHER_USER, whyPermissionsCannotBeTried } from '../support/otherUser.ts';
import { errorOf, inFolder, makeTree } from './tree.ts';

/** The paths found in a tree, from within it. */
async function found(root: string, inputs: string[], options: Parameters<typeof findInputs>[1] = {}) {
  const result = await inFolder(root, () => findInputs(inputs, options));
  return { paths: result.inputs.map((i) => i.path), rels: result.inputs.map((i) => i.rel), ...result };
}

const NAMES_ALL = ['a.png', 'b.JPG', 'c.jpeg', 'd.WebP', 'e.tif', 'f.tiff', 'g.avif', 'h.gif'];

describe('files', () => {
  test('a file is taken by its name, whatever its extension; its rel is its base name', async () => {
    const root = makeTree('photos/a.png', 'photos/scan.raw', 'photos/.hidden', 'x.png/inner.txt');
    const { inputs, notes } = await found(root, ['photos/a.png', 'photos/scan.raw', 'photos/.hidden']);
    expect(inputs).toEqual([
      { path: 'photos/a.png', rel: 'a.png', root: 'photos' },
      { path: 'photos/scan.raw', rel: 'scan.raw', root: 'photos' },
      { path: 'photos/.hidden', rel: '.hidden', root: 'photos' },
    ]);
    expect(notes).toEqual([]);
  });

  test('- is standard input', async () => {
    expect((await findInputs(['-', '-'], {})).inputs).toEqual([{ path: '-', rel: 'stdin', root: '.' }]);
  });

  test('names that begin with -, hold a line break, blanks, quotes or wildcards are taken as they are', async () => {
    const names = [
      '-r.png',
      '--.png',
      'two\nlines.png',
      ' blank .png',
      '"q".png',
      "'.png",
      '$HOME.png',
      'back\\slash.png',
    ];
    const wild = ['a[1].png', '*.png', '{a,b}.png', '!x.png', '?.png', 'photo (1).png', '+(a).png'];
    const root = makeTree(...names, ...wild, 'a1.png');
    expect((await found(root, [...names, ...wild])).paths).toEqual([...names, ...wild]);
    const all = (await found(root, ['.'])).paths;
    expect(all).toEqual([...all].sort());
    expect(all.toSorted()).toEqual([...names, ...wild, 'a1.png'].sort());
  });

  test('what leads to nothing is refused, with its path', async () => {
    const root = makeTree('a.png');
    const error = await errorOf(found(root, ['a.png', 'b.png']));
    expect(error).toBeInstanceOf(PlanError);
    expect(error.message).toBe('Expected a file, folder or pattern for inputs but found nothing at b.png');
    const messages = {
      '': 'found nothing at ""',
      'no\nsuch.png': 'found nothing at "no\\nsuch.png"',
      '-x.png': 'found nothing at ./-x.png',
      'a.png/b.png': 'found a file where a folder should be at a.png/b.png',
      'photo (1).png': 'found nothing at photo (1).png',
      [`${'x'.repeat(300)}.png`]: `found a name that is too long at ${'x'.repeat(300)}.png`,
      'nul\0.png': 'found a name that no file can have at "nul\\u0000.png"',
      'caf\ufffd.png': 'found nothing at caf\ufffd.png (a name that is not UTF-8 cannot be given',
    };
    for (const [path, message] of Object.entries(messages)) {
      const refused = await errorOf(found(root, [path]));
      expect(refused).toBeInstanceOf(PlanError);
      expect(refused.message).toContain(`Expected a file, folder or pattern for inputs but ${message}`);
    }
  });

  test('a link that is named is followed, wherever it leads; one to nothing, or in a circle, is refused', async () => {
    const root = makeTree('photos/', 'elsewhere/a.png');
    symlinkSync('../elsewhere/a.png', join(root, 'photos/link.png'));
    symlinkSync('gone.png', join(root, 'photos/dead.png'));
    symlinkSync('loop.png', join(root, 'photos/loop.png'));
    expect((await found(root, ['photos/link.png'])).rels).toEqual(['link.png']);
    expect((await errorOf(found(root, ['photos/dead.png']))).message).toContain(
      'found a link to nothing at photos/dead.png',
    );
    expect((await errorOf(found(root, ['photos/loop.png']))).message).toContain(
      'found symbolic links that lead in a circle at photos/loop.png',
    );
  });

  test('a FIFO, a socket or a device that is named is an input, and is not opened', async () => {
    const root = makeTree();
    execFileSync('mkfifo', [join(root, 'pipe.png')]);
    const server = createServer().listen(join(root, 'socket.png'));
    onTestFinished(() => void server.close());
    await new Promise((listening) => server.once('listening', listening));
    const { paths } = await found(root, ['pipe.png', 'socket.png', '/dev/null']);
    expect(paths).toEqual(['pipe.png', 'socket.png', '/dev/null']);
  });
});

describe('folders', () => {
  test('the pictures of a folder are taken, by extension in either case', async () => {
    const root = makeTree(
      ...NAMES_ALL.map((n) => `photos/${n}`),
      'photos/notes.txt',
      'photos/png',
      'photos/x.png.part',
    );
    const { rels, paths, inputs } = await found(root, ['photos']);
    expect(rels).toEqual(NAMES_ALL);
    expect(paths).toEqual(NAMES_ALL.map((n) => `photos/${n}`));
    expect(new Set(inputs.map((i) => i.root))).toEqual(new Set(['photos']));
  });

  test('other extensions can be asked for, with or without their dot', async () => {
    const root = makeTree('a.png', 'b.NPY', 'c.txt');
    expect((await found(root, ['.'], { extensions: ['.npy', 'TXT'] })).rels).toEqual(['b.NPY', 'c.txt']);
  });

  test('what a file is, its first bytes say where its name does not', async () => {
    const root = makeTree(
      'photos/notes.txt',
      'photos/LICENSE',
      'photos/c.bmp',
      'photos/d.jpg_original',
      'photos/data.bin',
    );
    const jpeg = Buffer.from('ffd8ffe000104a46494600', 'hex');
    const files = {
      'a.jpg_large': jpeg,
      'b.jpg ': jpeg,
      noext: Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
      'apple.heic': jpeg,
      'c.bmp': Buffer.from('BM\x10\0\0\0\0\0\0\0\x36', 'latin1'),
      'c2.bmp': Buffer.from('BM\x10\0\0\0\0\0\0\0\x36', 'latin1'),
      'd.pgm': Buffer.from('P5 3 3 255\n123456789'),
      'd.jpg_original': jpeg,
      'e.nef': Buffer.from('II*\0'),
      'map.npy': Buffer.from('\x93NUMPY', 'latin1'),
      'data.bin': Buffer.from([0, 1, 2, 3]),
      // A character that is cut in two where we stop to read is text all the same.
      README: Buffer.from(`${'x'.repeat(4095)}ä and so on`),
      'disguised.txt': jpeg,
    };
    for (const [name, bytes] of Object.entries(files)) writeFileSync(join(root, 'photos', name), bytes);
    const { rels, notes } = await found(root, ['photos']);
    expect(rels).toEqual(['a.jpg_large', 'apple.heic', 'b.jpg ', 'noext']);
    expect(notes).toEqual([
      'left out 6 files of photos: .npy (map.npy); BMP (2: c.bmp, c2.bmp); a PNM picture (d.pgm); ' +
        "a camera's raw file (e.nef); bytes of no known picture format (data.bin)",
    ]);
    expect((await found(root, ['photos'], { extensions: ['npy'] })).rels).toEqual(['map.npy']);
  });

  test('who looks again and again reads no file twice, but one that is still growing', async () => {
    const root = makeTree('in/full', 'in/growing');
    writeFileSync(join(root, 'in/full'), new Uint8Array(5000).fill(1));
    writeFileSync(join(root, 'in/growing'), new Uint8Array(0));
    const kindOf = rememberKinds();
    const extensions = new Set(['png']);
    const [full, growing] = ['in/full', 'in/growing'].map((name) => join(root, name));
    expect(await kindOf(full, extensions)).toEqual({ leftOut: 'bytes of no known picture format' });
    expect(await kindOf(growing, extensions)).toBe('other');
    const png = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), new Uint8Array(5000)]);
    writeFileSync(full, png);
    writeFileSync(growing, png);
    expect(await kindOf(full, extensions)).toEqual({ leftOut: 'bytes of no known picture format' });
    expect(await kindOf(growing, extensions)).toBe('taken');
  });

  test('folders within are searched only when asked, and their tree is kept', async () => {
    const root = makeTree('photos/b.png', 'photos/a/z.png', 'photos/a/deep/er/y.jpg', 'photos/c.png/inner.png');
    expect((await found(root, ['photos'])).rels).toEqual(['b.png']);
    const { rels, paths } = await found(root, ['photos'], { recursive: true });
    expect(rels).toEqual(['a/deep/er/y.jpg', 'a/z.png', 'b.png', 'c.png/inner.png']);
    expect(paths).toEqual(rels.map((rel) => `photos/${rel}`));
  });

  test('hidden files, hidden folders and our own are left out, without a note', async () => {
    const root = makeTree('.a.png', '.hidden/b.png', '.corr2d/c.png', 'd/.corr2d/e.png', 'd/.f.png.tmp', 'd/g.png');
    const { rels, notes } = await found(root, ['.'], { recursive: true });
    expect(rels).toEqual(['d/g.png']);
    expect(notes).toEqual([]);
    expect((await found(root, ['.hidden'])).rels).toEqual(['b.png']);
  });

  test('the order is that of the bytes of the path below the root', async () => {
    // In UTF-16 units the emoji (a surrogate pair) would come before the fullwidth letter; in bytes it comes after.
    const names = ['A.png', 'Z.png', 'a-b.png', 'a/x.png', 'a10.png', 'a2.png', 'é.png', 'ａ.png', '😀.png'];
    const root = makeTree(...names.toReversed());
    expect((await found(root, ['.'], { recursive: true })).rels).toEqual(names);
  });

  test('a folder without pictures gives none, and a note', async () => {
    const root = makeTree('empty/', 'deeper/more/a.png', 'deeper/x.txt');
    expect(await found(root, ['empty'])).toMatchObject({ inputs: [], notes: ['found no picture in empty'] });
    expect(await found(root, ['deeper'])).toMatchObject({
      inputs: [],
      notes: ['found no picture in deeper; -r searches the folders in it'],
    });
    expect(await found(root, [])).toMatchObject({ inputs: [], notes: [] });
  });

  test.runIf(process.platform === 'linux')(
    'a name that is not UTF-8 is left out by its bytes, and the file its text would mean is not mistaken for it',
    async () => {
      const root = makeTree('caf\ufffd.png', 'ok.png');
      const bytes = Buffer.concat([Buffer.from(join(root, 'caf')), Buffer.from([0xe9]), Buffer.from('.png')]);
      writeFileSync(bytes, 'latin1');
      const folder = Buffer.concat([Buffer.from(join(root, 'ordner')), Buffer.from([0xff])]);
      renameSync(makeTree('inner.png'), folder);
      const { rels, notes } = await found(root, ['.'], { recursive: true });
      expect(rels).toEqual(['caf\ufffd.png', 'ok.png']);
      expect(notes.toSorted()).toEqual([
        'left out caf\\xe9.png: its name is not UTF-8',
        'left out ordner\\xff: its name is not UTF-8',
      ]);
      const byPattern = await found(root, ['*.png']);
      expect(byPattern.rels).toEqual(['caf\ufffd.png', 'ok.png']);
      expect(byPattern.notes).toContain('left out caf\\xe9.png: its name is not UTF-8');
    },
  );

  test('what is no file is left out with a note, and nothing is opened', async () => {
    const root = makeTree('photos/a.png');
    execFileSync('mkfifo', [join(root, 'photos/pipe.png'), join(root, 'photos/pipe.txt')]);
    symlinkSync('/dev/zero', join(root, 'photos/zero.png'));
    for (const inputs of [['photos'], ['photos/*.png']]) {
      const { rels, notes } = await found(root, inputs, { recursive: true });
      expect(rels).toEqual(['a.png']);
      expect(notes.toSorted()).toEqual([
        'left out photos/pipe.png: a FIFO, not a file',
        'left out photos/zero.png: a link to a device',
      ]);
    }
  });

  test('a folder that cannot be read is refused by name; one below it is noted', async ({ skip }) => {
    const why = whyPermissionsCannotBeTried();
    skip(why !== false, String(why));
    const root = makeTree('photos/a.png', 'photos/closed/b.png');
    chmodSync(root, 0o755);
    chmodSync(join(root, 'photos/closed'), 0);
    // The superuser may read everything: for these searches it gives that up.
    const isRoot = process.getuid?.() === 0;
    if (isRoot) process.seteuid?.(OTHER_USER);
    onTestFinished(() => {
      if (isRoot) process.seteuid?.(0);
      chmodSync(join(root, 'photos/closed'), 0o755);
    });
    for (const inputs of [['photos'], ['photos/**']]) {
      const { rels, notes } = await found(root, inputs, { recursive: true });
      expect(rels).toEqual(['a.png']);
      expect(notes).toEqual(['left out photos/closed: permission denied']);
    }
    expect((await errorOf(found(root, ['photos/closed']))).message).toBe(
      'Expected a folder that can be read for inputs but found permission denied at photos/closed',
    );
  });
});

test('a folder below one that may not be searched is refused in a sentence, where the working folder is below it too', async ({
  skip,
}) => {
  const why = whyPermissionsCannotBeTried();
  skip(why !== false, String(why));
  const root = makeTree('open/photos/a.png');
  const isRoot = process.getuid?.() === 0;
  const refused = await inFolder(join(root, 'open'), async () => {
    chmodSync(root, 0);
    if (isRoot) process.seteuid?.(OTHER_USER);
    try {
      return await Promise.all([errorOf(findInputs(['photos'], {})), errorOf(findInputs(['photos/*.png'], {}))]);
    } finally {
      if (isRoot) process.seteuid?.(0);
      chmodSync(root, 0o755);
    }
  });
  for (const error of refused) {
    expect(error).toBeInstanceOf(PlanError);
    expect(error.message).toBe(
      'Expected a folder for inputs whose real path can be told but found permission denied at, or above, photos',
    );
  }
});

describe('links in folders', () => {
  test('a link to a file is followed while it stays below the folder searched', async () => {
    const root = makeTree('photos/a/real.png', 'private/key.png', 'photos-too/x.png', 'photos/text.txt');
    symlinkSync('a/real.png', join(root, 'photos/inside.png'));
    symlinkSync('../private/key.png', join(root, 'photos/outside.png'));
    // A folder whose name begins with the root's name is not below it.
    symlinkSync('../photos-too/x.png', join(root, 'photos/near.png'));
    symlinkSync('gone.png', join(root, 'photos/dead.png'));
    symlinkSync('loop.png', join(root, 'photos/loop.png'));
    symlinkSync('../private/key.png', join(root, 'photos/not-a-picture.txt'));
    const expectation = {
      rels: ['inside.png'],
      notes: [
        'left out photos/dead.png: a link to nothing',
        'left out photos/loop.png: symbolic links that lead in a circle',
        'left out photos/near.png: a link that leaves the folder',
        'left out photos/outside.png: a link that leaves the folder',
      ],
    };
    for (const input of ['photos', 'photos/*.png']) {
      const { rels, notes } = await found(root, [input]);
      expect({ rels, notes: notes.toSorted() }).toEqual(expectation);
    }
  });

  test('links to folders are not followed, so loops end', async () => {
    const root = makeTree('photos/a/x.png', 'private/key.png');
    symlinkSync('..', join(root, 'photos/a/up'));
    symlinkSync('.', join(root, 'photos/self.png'));
    symlinkSync('../private', join(root, 'photos/private'));
    const walked = await found(root, ['photos'], { recursive: true });
    expect(walked.rels).toEqual(['a/x.png']);
    expect(walked.notes.toSorted()).toEqual([
      'left out photos/a/up: a link to a folder',
      'left out photos/private: a link to a folder',
      'left out photos/self.png: a link to a folder',
    ]);
    expect((await found(root, ['photos/**/*.png'])).rels).toEqual(['a/x.png']);
  });

  test('what earlier runs wrote is left out, with one note, unless its folder is named', async () => {
    const root = makeTree(
      'a.png',
      'sub/b.png',
      'edges/.corr2d/journal.ndjson',
      'edges/a.png',
      'edges/sub/b.png',
      'sub/x/.corr2d/journal-1-of-2.ndjson',
      'sub/x/c.png',
    );
    const all = await found(root, ['.'], { recursive: true });
    expect(all.paths).toEqual(['a.png', 'sub/b.png']);
    expect(all.notes).toEqual([
      'left out 3 pictures in edges and 1 other folder, which earlier runs wrote: name such a folder to take them',
    ]);
    const named = await found(root, ['edges'], { recursive: true });
    expect([named.paths, named.notes]).toEqual([['edges/a.png', 'edges/sub/b.png'], []]);
  });

  test('a folder that is reached by a link is searched when it is named', async () => {
    const root = makeTree('real/x.png', 'real/y.png');
    symlinkSync('real', join(root, 'link'));
    symlinkSync('y.png', join(root, 'real/z.png'));
    expect((await found(root, ['link'])).paths).toEqual(['link/x.png', 'link/y.png', 'link/z.png']);
  });
});

describe('patterns', () => {
  test('a pattern takes the files it matches; their rel begins below its fixed part', async () => {
    const root = makeTree(
      'photos/a/1.png',
      'photos/a/2.jpg',
      'photos/b/1.png',
      'photos/b/c/3.png',
      'photos/b/n.txt',
      '0.png',
    );
    expect((await found(root, ['photos/*/*.png'])).inputs).toEqual([
      { path: 'photos/a/1.png', rel: 'a/1.png', root: 'photos' },
      { path: 'photos/b/1.png', rel: 'b/1.png', root: 'photos' },
    ]);
    expect((await found(root, ['photos/b/**'])).inputs).toEqual([
      { path: 'photos/b/1.png', rel: '1.png', root: 'photos/b' },
      { path: 'photos/b/c/3.png', rel: 'c/3.png', root: 'photos/b' },
      { path: 'photos/b/n.txt', rel: 'n.txt', root: 'photos/b' },
    ]);
    expect((await found(root, ['*.{png,jpg}'])).inputs).toEqual([{ path: '0.png', rel: '0.png', root: '.' }]);
    expect((await found(root, [join(root, 'photos/a/?.jpg')])).inputs).toEqual([
      { path: join(root, 'photos/a/2.jpg'), rel: '2.jpg', root: join(root, 'photos/a') },
    ]);
    expect((await found(join(root, 'photos/a'), ['../b/[0-9].png'])).paths).toEqual(['../b/1.png']);
  });

  test('a path that exists is no pattern, nor is a folder at the head of one', async () => {
    const root = makeTree('a[1].png', 'a1.png', 'shoot [2]/x.png', 'shoot 2/y.png', '*/z.png');
    expect((await found(root, ['a[1].png'])).paths).toEqual(['a[1].png']);
    expect((await found(root, ['a[12].png'])).paths).toEqual(['a1.png']);
    expect((await found(root, ['shoot [2]/*.png'])).paths).toEqual(['shoot [2]/x.png']);
    expect((await found(root, ['*/*.png'])).paths).toEqual(['*/z.png']);
  });

  test('a leading ! is part of the name', async () => {
    const root = makeTree('!a1.png', 'b.png', '!(b).png');
    expect((await found(root, ['!a?.png'])).paths).toEqual(['!a1.png']);
    expect((await found(root, ['!(?).png'])).paths).toEqual(['!(b).png']);
  });

  test('it does not take folders, nor go into those it matches', async () => {
    const root = makeTree('2024-a/x.png', '2024-b.png');
    expect((await found(root, ['2024-*'])).paths).toEqual(['2024-b.png']);
    expect((await found(root, ['2024-?'])).paths).toEqual([]);
  });

  test('hidden names are found only where the pattern spells out their dot, our own never', async () => {
    const root = makeTree('.a.png', 'b.png', 'd/.h/x.png', 'd/.corr2d/x.png');
    expect((await found(root, ['*.png', '**/x.png'])).paths).toEqual(['b.png']);
    expect((await found(root, ['.*.png', '*/.*/x.png'])).paths).toEqual(['.a.png', 'd/.h/x.png']);
  });

  test('no match is none, with a note; going up after a wildcard is refused', async () => {
    const root = makeTree('a/b.png', 'c.png');
    expect(await found(root, ['*.tif'])).toMatchObject({ inputs: [], notes: ['found no file that matches *.tif'] });
    expect((await found(root, [`{${'x'.repeat(300)},c}.png`])).paths).toEqual(['c.png']);
    const error = await errorOf(found(root, ['*/../*.png']));
    expect(error).toBeInstanceOf(PlanError);
    expect(error.message).toContain('Expected no .. after the first wildcard');
  });
});

describe('several inputs', () => {
  test('come in the order given, and what is given twice is taken once, as first named', async () => {
    const root = makeTree('photos/a.png', 'photos/b.png', 'photos/sub/c.png');
    symlinkSync('photos', join(root, 'alias'));
    const { inputs } = await found(
      root,
      [
        'photos/b.png',
        './photos//b.png',
        join(root, 'photos/b.png'),
        'alias',
        'photos/*.png',
        'photos/sub/c.png',
        'photos',
      ],
      { recursive: true },
    );
    expect(inputs).toEqual([
      { path: 'photos/b.png', rel: 'b.png', root: 'photos' },
      { path: 'alias/a.png', rel: 'a.png', root: 'alias' },
      { path: 'alias/sub/c.png', rel: 'sub/c.png', root: 'alias' },
    ]);
  });

  test('a link or hard link to a file is a picture of its own', async () => {
    const root = makeTree('a.png');
    symlinkSync('a.png', join(root, 'b.png'));
    linkSync(join(root, 'a.png'), join(root, 'c.png'));
    expect((await found(root, ['.', 'a.png', 'b.png'])).paths).toEqual(['a.png', 'b.png', 'c.png']);
  });
});
