import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { inCheckout } from '../support/checkout.ts';

/** What a script prints, in a process of its own: what is tested holds for a whole process. */
function run(script: string): string {
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: inCheckout(),
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  return stdout;
}

test('restrictLoaders leaves the decoders that are meant, and no other', () => {
  const said = run(`
    import sharp from 'sharp';
    import { restrictLoaders } from './dist/files/restrictLoaders.js';
    const files = [];
    for (const format of ['jpeg', 'png', 'webp', 'tiff', 'avif', 'gif']) {
      files.push([format, await sharp({ create: { width: 9, height: 9, channels: 3, background: 'red' } }).toFormat(format).toBuffer()]);
    }
    files.push(['svg', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')]);
    const tell = async () => {
      for (const [format, file] of files) console.log(format, await sharp(file).raw().toBuffer().then(() => 'read', () => 'refused'));
    };
    await tell();
    restrictLoaders();
    await tell();
  `);
  const meant = ['jpeg', 'png', 'webp', 'tiff', 'avif', 'gif'].map((format) => `${format} read\n`).join('');
  expect(said).toBe(`${meant}svg read\n${meant}svg refused\n`);
});

test('tuneSharp', () => {
  const said = run(`
    import sharp from 'sharp';
    import { tuneSharp } from './dist/files/tuneSharp.js';
    tuneSharp({ threads: 3 });
    console.log(sharp.concurrency(), sharp.cache().memory.max, sharp.cache().items.max);
    try { tuneSharp({ threads: 0 }); } catch (error) { console.log(error.message); }
  `);
  expect(said).toBe('3 0 0\nExpected a whole number from 1 to 1024 for threads but received 0\n');
});
