import { execFileSync } from 'node:child_process';
import { link, lstat, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, describe, expect, test } from 'vitest';
import { FileError } from '../../src/disk/fileError.ts';
import { writeFileSafely } from '../../src/disk/writeFileSafely.ts';
import { formatOfPath } from '../../src/files/formats.ts';
import { readImage } from '../../src/files/readImage.ts';
import { writeImage } from '../../src/files/writeImage.ts';
import { planes } from '../../src/planes/planes.ts';
import { inCheckout, temporaryFolder } from '../support/checkout.ts';

const folder = temporaryFolder();
afterAll(folder.remove);
const inFolder = (...parts: string[]): string => join(folder.path, ...parts);
const text = (words: string): Uint8Array => new TextEncoder().encode(words);

async function refusal(call: Promise<unknown>): Promise<FileError> {
  const error = await call.then(
    () => 'no refusal',
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(FileError);
  return error as FileError;
}

describe('writeImage', () => {
  test('the format is the extension, or what is asked for', async () => {
    for (const [name, format, stored] of [
      ['a.png', 'png', 'png'],
      ['a.JPEG', 'jpg', 'jpeg'],
      ['a.jpg', 'jpg', 'jpeg'],
      ['a.webp', 'webp', 'webp'],
      ['a.tiff', 'tif', 'tiff'],
      ['a.avif', 'avif', 'avif'],
      ['a.npy', 'npy', 'npy'],
    ] as const) {
      const path = inFolder('formats', name);
      const written = await writeImage(
        path,
        planes(
          [
            [1, 2],
            [3, 4],
          ],
          255,
        ),
      );
      expect(written).toEqual({ path, format, bytes: (await readFile(path)).length });
      expect((await readImage(path)).metadata.format).toBe(stored);
    }
    await writeImage(inFolder('formats', 'b.data'), planes([[1]]), { format: 'png' });
    expect((await readImage(inFolder('formats', 'b.data'))).metadata.format).toBe('png');
  });

  test('the options reach the encoder', async () => {
    const path = inFolder('options.png');
    await writeImage(path, planes([[0.5]]), { depth: 16, rounding: 'truncate' });
    expect((await readImage(path)).planes).toEqual(planes([[32767]], 65535));
  });

  test('a path without a format', async () => {
    await expect(writeImage(inFolder('a.bmp'), planes([[1]]))).rejects.toThrow(
      'Expected a path that ends in .png, .jpg, .webp, .tif, .avif, .npy (or a format) but received ',
    );
    await expect(writeImage('png', planes([[1]]))).rejects.toThrow('but received png');
  });

  test('what cannot be encoded leaves nothing behind', async () => {
    await expect(writeImage(inFolder('never', 'a.jpg'), planes([[1]]), { depth: 16 })).rejects.toThrow('depth 8');
    await expect(lstat(inFolder('never'))).rejects.toThrow('ENOENT');
  });

  test('nothing is overwritten, unless asked', async () => {
    const path = inFolder('once.png');
    await writeImage(path, planes([[1]], 255));
    expect(await refusal(writeImage(path, planes([[2]], 255)))).toMatchObject({
      code: 'exists',
      path,
      message: `Expected to write ${path} but found a file that exists already`,
    });
    expect((await readImage(path)).planes.data[0]).toBe(1);
    await writeImage(path, planes([[2]], 255), { overwrite: true });
    expect((await readImage(path)).planes.data[0]).toBe(2);
  });
});

test('formatOfPath', () => {
  expect(['a.png', 'a.b.TIF', '/x/y.Tiff', 'a.jpe', '..png', 'c:\\a.webp'].map(formatOfPath)).toEqual([
    'png',
    'tif',
    'tif',
    'jpg',
    'png',
    'webp',
  ]);
  expect(['png', '.png', 'a/.png', 'a.png/', 'a.gif', 'a.constructor', ''].map(formatOfPath)).toEqual(
    new Array(7).fill(undefined),
  );
});

describe('writeFileSafely', () => {
  const left = async (...parts: string[]): Promise<string[]> => (await readdir(inFolder(...parts))).sort();

  test('writes all bytes, makes folders, leaves no other file', async () => {
    await writeFileSafely(inFolder('deep', 'er', 'x.txt'), text('all of it'));
    expect(await readFile(inFolder('deep', 'er', 'x.txt'), 'utf8')).toBe('all of it');
    await writeFileSafely(inFolder('deep', 'er', 'x.txt'), text('new'), { overwrite: true });
    expect(await readFile(inFolder('deep', 'er', 'x.txt'), 'utf8')).toBe('new');
    expect(await left('deep', 'er')).toEqual(['x.txt']);
  });

  test('of many at once without overwrite, one wins whole', async () => {
    await mkdir(inFolder('race'));
    const calls = Array.from({ length: 20 }, (_, i) =>
      writeFileSafely(inFolder('race', 'x'), text(`${i}`.repeat(9999))),
    );
    const results = await Promise.allSettled(calls);
    const winners = results.flatMap((result, i) => (result.status === 'fulfilled' ? [i] : []));
    expect(winners).toHaveLength(1);
    expect(await readFile(inFolder('race', 'x'), 'utf8')).toBe(`${winners[0]}`.repeat(9999));
    expect(await left('race')).toEqual(['x']);
  });

  test('overwriting replaces a link, not the file behind it', async () => {
    await mkdir(inFolder('links'));
    await writeFile(inFolder('links', 'original'), 'precious');
    await symlink(inFolder('links', 'original'), inFolder('links', 'symbolic'));
    await link(inFolder('links', 'original'), inFolder('links', 'hard'));
    await symlink(inFolder('links', 'nothing'), inFolder('links', 'dangling'));
    for (const name of ['symbolic', 'hard', 'dangling']) {
      expect((await refusal(writeFileSafely(inFolder('links', name), text('no')))).code).toBe('exists');
      await writeFileSafely(inFolder('links', name), text('new'), { overwrite: true });
      expect(await readFile(inFolder('links', name), 'utf8')).toBe('new');
    }
    expect(await readFile(inFolder('links', 'original'), 'utf8')).toBe('precious');
    expect(await left('links')).toEqual(['dangling', 'hard', 'original', 'symbolic']);
  });

  test('a folder, a FIFO and a device are never replaced', async () => {
    await mkdir(inFolder('odd', 'sub'), { recursive: true });
    execFileSync('mkfifo', [inFolder('odd', 'pipe')]);
    await symlink('/dev/null', inFolder('odd', 'device'));
    for (const [name, what] of [
      ['sub', 'a folder'],
      ['pipe', 'a FIFO'],
      ['device', 'a device'],
    ]) {
      const path = inFolder('odd', name);
      expect(await refusal(writeFileSafely(path, text('x'), { overwrite: true }))).toMatchObject({
        code: 'not-a-file',
        message: `Expected to write ${path} but found ${what}`,
      });
    }
    expect(await left('odd')).toEqual(['device', 'pipe', 'sub']);
  });

  test.each([
    ['a name too long', `${'n'.repeat(300)}.png`, 'unwritable', 'a name longer than names may be'],
    ['a path through a file', 'file/x.png', 'unwritable', 'a path that leads through a file'],
    ['a path through a file and further', 'file/y/x.png', 'unwritable', 'a path that leads through a file'],
    ['a null byte', 'nu\0ll.png', 'unwritable', 'a path that holds a null byte'],
  ])('%s', async (_, name, code, reason) => {
    await mkdir(inFolder('names'), { recursive: true });
    await writeFile(inFolder('names', 'file'), '');
    for (const overwrite of [false, true]) {
      const error = await refusal(writeFileSafely(`${inFolder('names')}/${name}`, text('x'), { overwrite }));
      expect(error.code).toBe(code);
      expect(error.message).toContain(`but found ${reason}`);
    }
    expect(await left('names')).toEqual(['file']);
  });

  test('the longest name that there is can be written', async () => {
    const path = inFolder('longest', `${'n'.repeat(251)}.png`);
    await writeFileSafely(path, text('x'));
    expect(await left('longest')).toEqual([basename(path)]);
  });

  test.runIf(process.platform === 'linux')('a file system that takes no new files', async () => {
    const error = await refusal(writeFileSafely('/proc/new.png', text('x')));
    expect(error.code).toBe('unwritable');
    expect(error.message).not.toContain('\n');
  });

  // Node's own recursive mkdir asks for ever there.
  test.runIf(process.platform === 'linux')('a folder where none can be made', async () => {
    const error = await refusal(writeFileSafely('/proc/none/deep/new.png', text('x')));
    expect(error).toMatchObject({ code: 'unwritable', message: expect.stringContaining('no such folder') });
  });

  test.runIf(process.platform === 'linux')('a file larger than is allowed: said so, and nothing left', async () => {
    await mkdir(inFolder('limited'));
    const program = inFolder('write.mjs');
    await build({
      stdin: {
        contents: `
          import { writeFileSafely } from './src/disk/writeFileSafely.ts';
          // Where nobody listens, the signal ends the process.
          process.on('SIGXFSZ', () => {});
          const bytes = new Uint8Array(100000);
          await writeFileSafely(process.argv[2], bytes).catch((error) => console.log(error.code, error.message));
        `,
        resolveDir: inCheckout(),
      },
      bundle: true,
      platform: 'node',
      format: 'esm',
      outfile: program,
    });
    const path = inFolder('limited', 'x');
    const said = execFileSync('bash', ['-c', 'ulimit -f 8; exec "$@"', 'bash', process.execPath, program, path], {
      encoding: 'utf8',
    });
    expect(said).toBe(`no-space Expected to write ${path} but found a file larger than files may be there\n`);
    expect(await left('limited')).toEqual([]);
  });
});
