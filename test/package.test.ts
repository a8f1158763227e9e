import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { build } from 'esbuild';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkout, inCheckout, temporaryFolder } from './support/checkout.ts';
import { outsideCi } from './support/outsideCi.ts';
import { type Outcome, run } from './support/run.ts';
import { readSources } from './support/sources.ts';

const manifest = JSON.parse(readFileSync(inCheckout('package.json'), 'utf8'));
const folder = temporaryFolder();
/** An empty project that the tarball is installed in. */
const consumer = join(folder.path, 'consumer');

let tarball: string;
let packed: string[];

beforeAll(async () => {
  // The build stands already; its script must not run again beside other tests.
  const call = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder.path];
  const [pack] = JSON.parse((await expectDone(run('npm', call, { cwd: checkout }))).stdout);
  tarball = join(folder.path, pack.filename);
  packed = pack.files.map((file: { path: string }) => file.path);
});

afterAll(folder.remove);

async function expectDone(outcome: Promise<Outcome>): Promise<Outcome> {
  const { status, stdout, stderr } = await outcome;
  if (status !== 0) expect.fail(`Expected exit status 0 but received ${status}\n${stdout}\n${stderr}`);
  return { status, stdout, stderr };
}

describe('the tarball', () => {
  test('holds what is called, the types of every source, the documents, and nothing else', () => {
    // What runs in pages alone is in one file there.
    const sources = readSources().filter(({ path }) => !/^(?:playground|report\/page)\//.test(path));
    const types = sources.map(({ path }) => `dist/${path.replace(/\.ts$/, '')}.d.ts`);
    const page = ['dist/page.css', 'dist/page.js'];
    const entries = [
      'cli',
      'core',
      'index',
      'layers',
      'cropWorker',
      'learnWorker',
      'lockKeeper',
      'sampleWorker',
      'taskWorker',
      'verify',
      'vitest',
      'worker',
    ].map((name) => `dist/${name}.js`);
    const documents = ['CHANGELOG.md', 'LICENSE', 'README.md', 'dist/corr2d.1', 'package.json'];
    // What entries share, and commands that are loaded when they are called.
    const chunks = packed.filter((path) => /^dist\/\w+-[0-9A-Z]{8}\.js$/.test(path));
    expect(chunks).not.toEqual([]);
    expect(packed.sort()).toEqual([...types, ...entries, ...chunks, ...page, ...documents].sort());
  });

  test('pages make an install less than a megabyte larger', () => {
    const size = (path: string): number => statSync(inCheckout(path)).size;
    const ofPages = packed.filter((path) => /^dist\/(?:page\.|report\/)/.test(path));
    expect(ofPages).toContain('dist/page.js');
    expect(ofPages.reduce((sum, path) => sum + size(path), 0)).toBeLessThan(1e6);
  });

  test('passes publint', async () => {
    const bytes = await readFile(tarball);
    const { messages, pkg } = await publint({ pack: { tarball: new Uint8Array(bytes).buffer }, strict: true });
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
  });

  test('has types that resolve as its modules do (attw)', { tags: ['slow'] }, async () => {
    const attw = inCheckout('node_modules/@arethetypeswrong/cli/dist/index.js');
    const call = [attw, tarball, '--profile', 'esm-only', '--no-definitely-typed', '--no-color', '--format', 'ascii'];
    await expectDone(run(process.execPath, call, { cwd: folder.path }));
  });
});

describe('installed in an empty project', () => {
  beforeAll(async () => {
    mkdirSync(consumer);
    writeFileSync(join(consumer, 'package.json'), '{ "private": true, "type": "module" }');
    const call = ['install', '--no-audit', '--no-fund', '--prefer-offline', tarball];
    await expectDone(run('npm', call, { cwd: consumer }));
    // What a project of one's own installs beside it.
    mkdirSync(join(consumer, 'node_modules/@types'), { recursive: true });
    for (const name of ['vitest', '@types/node']) {
      symlinkSync(inCheckout(`node_modules/${name}`), join(consumer, 'node_modules', name));
    }
  });

  test('the command tells its version', async () => {
    const { stdout } = await expectDone(run('npx', ['--no', '--', 'corr2d', '--version'], { cwd: consumer }));
    expect(stdout.trim()).toBe(manifest.version);
  });

  test('the command finds edges', async () => {
    await copyFile(inCheckout('samples/camera.png'), join(consumer, 'camera.png'));
    const corr2d = join(consumer, 'node_modules/.bin/corr2d');
    await expectDone(run(corr2d, ['detect', 'camera.png', '-o', 'edges'], { cwd: consumer }));
    expect(existsSync(join(consumer, 'edges/camera.png'))).toBe(true);
  });

  test('the library runs in Node', async () => {
    const code = `
      import { corr2d, kernel, planes, toNested } from 'corr2d';
      console.log(JSON.stringify(toNested(corr2d(planes([[0, 1, 2], [3, 4, 5], [6, 7, 8]]), kernel([[0, 1], [2, 3]])))));
    `;
    const call = ['--input-type=module', '--eval', code];
    const { stdout, stderr } = await expectDone(run(process.execPath, call, { cwd: consumer }));
    expect(stdout.trim()).toBe('[[[19,25],[37,43]]]');
    expect(stderr).toBe('');
  });

  test(
    'the matcher of corr2d/vitest writes a golden, passes, fails readably and updates',
    { tags: ['slow'] },
    async () => {
      await copyFile(inCheckout('samples/camera.png'), join(consumer, 'camera.png'));
      writeFileSync(
        join(consumer, 'edges.test.ts'),
        `import { detectEdges, encodeImage, mapResponse, readImage } from 'corr2d';
       import 'corr2d/vitest';
       import { expect, test } from 'vitest';

       test('edges of a photograph', async () => {
         const { map } = detectEdges(await readImage('camera.png'), { operator: process.env.OPERATOR ?? 'sobel' });
         await expect(await encodeImage(mapResponse(map, 'abs'), { format: 'png' })).toMatchImageSnapshot();
       });`,
      );
      const tested = async (parameters: string[], env: Record<string, string>): Promise<[number | null, string]> => {
        const call = [join(consumer, 'node_modules/vitest/vitest.mjs'), 'run', ...parameters];
        const { status, stdout, stderr } = await run(process.execPath, call, {
          cwd: consumer,
          env: { ...outsideCi, NO_COLOR: '1', ...env },
        });
        return [status, stdout + stderr];
      };
      const golden = join(consumer, '__goldens__/edges.test.ts/edges-of-a-photograph-1.png');
      const inCi = await tested([], { CI: 'true' });
      expect(inCi).toEqual([1, expect.stringContaining('found none; here, none is written')]);
      expect(existsSync(golden)).toBe(false);
      expect(await tested([], {})).toEqual([1, expect.stringContaining('it has been written: look at it')]);
      expect(existsSync(golden)).toBe(true);
      expect((await tested([], {}))[0]).toBe(0);
      const [status, output] = await tested([], { OPERATOR: 'roberts' });
      expect([status, output]).toEqual([
        1,
        expect.stringMatching(/Expected the picture to match its golden, but: \d+ of 262144 pixels .* differ, within /),
      ]);
      expect(output).toContain('difference  __goldens__/edges.test.ts/__diff__/edges-of-a-photograph-1-diff.png');
      expect((await tested(['--update'], { OPERATOR: 'roberts' }))[0]).toBe(0);
      expect((await tested([], { OPERATOR: 'roberts' }))[0]).toBe(0);
      await typecheck('edges.test.ts', ['--types', 'node']);
    },
  );

  test('nothing but what is exported can be imported', async () => {
    const call = ['--input-type=module', '--eval', "await import('corr2d/dist/index.js')"];
    const { status, stderr } = await run(process.execPath, call, { cwd: consumer });
    expect(status).toBe(1);
    expect(stderr).toContain('ERR_PACKAGE_PATH_NOT_EXPORTED');
  });

  const caller = `
    const response: Planes = corr2d(planes([[0, 1, 2]]), kernel([[1, -1]]), { padding: 'same', border: 'replicate' });
    export const rows: number[][][] = toNested(response);
    // @ts-expect-error: no such border
    corr2d(response, kernel([[1]]), { border: 'reflect' });
  `;

  test('its types hold in a strict program that checks them too', async () => {
    writeFileSync(
      join(consumer, 'caller.ts'),
      `import { corr2d, kernel, type Picture, type Planes, planes, readImage, toNested } from 'corr2d';\n${caller}
       export const read: Promise<Picture> = readImage('x.png');`,
    );
    await typecheck('caller.ts', ['--types', 'node']);
  });

  test('the types of corr2d/core hold without any of Node', async () => {
    writeFileSync(
      join(consumer, 'coreCaller.ts'),
      `import { corr2d, fromImageData, kernel, type Planes, planes, toImageData, toNested } from 'corr2d/core';\n${caller}
       export function sharpen(canvas: CanvasRenderingContext2D): void {
         const picture = fromImageData(canvas.getImageData(0, 0, 9, 9));
         canvas.putImageData(toImageData(corr2d(picture.planes, kernel([[1]]))), 0, 0);
       }`,
    );
    await typecheck('coreCaller.ts', ['--types', '']);
  });

  async function typecheck(file: string, types: string[]): Promise<void> {
    const tsc = inCheckout('node_modules/typescript/bin/tsc');
    const strict = ['--strict', '--exactOptionalPropertyTypes', '--skipLibCheck', 'false'];
    const modules = ['--target', 'es2023', '--lib', 'es2023,dom', '--module', 'nodenext'];
    const call = [tsc, '--ignoreConfig', '--noEmit', ...strict, ...modules, ...types, file];
    await expectDone(run(process.execPath, call, { cwd: consumer }));
  }

  test.each(['corr2d', 'corr2d/core'])(
    '%s runs in a browser: bundled whole, it needs nothing of Node',
    async (entry) => {
      const { outputFiles, metafile, warnings } = await build({
        stdin: { contents: `import * as core from '${entry}'; globalThis.core = core;`, resolveDir: consumer },
        bundle: true,
        platform: 'browser',
        format: 'iife',
        write: false,
        metafile: true,
        logLevel: 'silent',
      });
      expect(warnings).toEqual([]);
      expect(Object.keys(metafile.inputs).filter((path) => /node_modules\/(sharp|@img)\//.test(path))).toEqual([]);
      expect(Object.values(metafile.outputs).flatMap((output) => output.imports)).toEqual([]);
      const bundle = outputFiles[0].text;
      expect(bundle).not.toMatch(/["'`]node:/);

      // The language and nothing else: no require, no process, no Buffer, no console.
      const context = createContext({});
      runInContext(bundle, context);
      const call =
        'core.toNested(core.corr2d(core.planes([[0, 1, 2], [3, 4, 5], [6, 7, 8]]), core.kernel([[0, 1], [2, 3]])))';
      expect(runInContext(`JSON.stringify(${call})`, context)).toBe('[[[19,25],[37,43]]]');
    },
  );
});
