import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { transform } from 'esbuild';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inCheckout, temporaryFolder } from './support/checkout.ts';
import { outsideCi } from './support/outsideCi.ts';
import { run } from './support/run.ts';

/**
 * Every command and program of the guides is run as by a reader who follows one from top to bottom, on small pictures; what a guide
 * shows as an alternative takes the place of what was made before it. Training takes two steps. Of commands for queues, which need a
 * server, and of nets of other people the options are looked up; test/queue/ and test/onnx/ run them. vitest.md has tests of its own.
 */
const guides = readdirSync(inCheckout('docs')).filter((name) => name.endsWith('.md') && name !== 'vitest.md');
const texts = new Map(guides.map((name) => [name, readFileSync(inCheckout('docs', name), 'utf8')]));

const blocksOf = (name: string, language: string): string[] =>
  [...(texts.get(name) ?? '').matchAll(/^```(\S*)\n(.*?)^```$/gms)]
    .filter((match) => match[1] === language)
    .map((match) => match[2]);

const commandsOf = (name: string): string[] =>
  blocksOf(name, 'sh')
    .flatMap((code) => code.replaceAll('\\\n', ' ').split(/\n| && /))
    .map((line) => line.replace(/\s+#.*$/, '').trim())
    .filter((line) => line !== '');

const readers = temporaryFolder();
const PATH = `${join(readers.path, 'bin')}${delimiter}${process.env.PATH}`;
const typed = (line: string, cwd: string): ReturnType<typeof run> =>
  run('sh', ['-c', line], { cwd, env: { PATH, ...outsideCi } });

beforeAll(() => {
  mkdirSync(join(readers.path, 'bin'));
  const command = `#!/bin/sh\nexec '${process.execPath}' '${inCheckout('dist/cli.js')}' "$@"\n`;
  writeFileSync(join(readers.path, 'bin/corr2d'), command, { mode: 0o755 });
});
afterAll(readers.remove);

/** A folder with whatever guides call by a name. */
async function deskOf(guide: string): Promise<string> {
  const desk = join(readers.path, guide.replace('.md', ''));
  for (const name of ['photos', 'drawings', 'anna', 'ben', 'node_modules'])
    mkdirSync(join(desk, name), { recursive: true });
  for (const [i, name] of ['camera.png', 'chelsea.png', 'astronaut.png'].entries()) {
    const small = sharp(inCheckout('samples', name)).extract({ left: 40 * i, top: 60, width: 160, height: 120 });
    await small.png().toFile(join(desk, 'photos', name));
    const lines = Buffer.alloc(160 * 120);
    for (let row = 0; row < 120; row++) lines[row * 160 + 30 + i + Math.floor(row / 3)] = 255;
    const drawing = sharp(lines, { raw: { width: 160, height: 120, channels: 1 } }).toColourspace('b-w');
    for (const person of ['drawings', 'anna', 'ben'])
      await drawing
        .clone()
        .png()
        .toFile(join(desk, person, name));
  }
  for (const name of ['before.png', 'after.png']) cpSync(inCheckout('samples/pair', name), join(desk, name));
  for (const name of ['photo.png', 'canny.png']) cpSync(inCheckout('samples/edges', name), join(desk, name));
  cpSync(inCheckout('samples/rocket.jpg'), join(desk, 'photo.jpg'));
  writeFileSync(join(desk, 'package.json'), '{ "private": true, "type": "module" }');
  symlinkSync(inCheckout(), join(desk, 'node_modules/corr2d'));
  mkdirSync(join(desk, 'node_modules/@types'));
  symlinkSync(inCheckout('node_modules/@types/node'), join(desk, 'node_modules/@types/node'));
  return desk;
}

describe.each(guides)('%s', (guide) => {
  let desk: string;
  beforeAll(async () => {
    desk = await deskOf(guide);
  });

  const commands = commandsOf(guide);
  const needsMore = (line: string): boolean => /--queue|^npm |^cd |corr2d worker|\.onnx/.test(line);
  const runs = commands.filter((line) => !needsMore(line));

  test.skipIf(runs.length === 0).each(runs)('%s', { tags: ['slow'] }, async (line) => {
    expect(line).toMatch(/^corr2d /);
    const output = / -o (\S+)/.exec(line)?.[1];
    if (output !== undefined && !line.includes('--resume'))
      rmSync(join(desk, output), { recursive: true, force: true });
    const { status, stdout, stderr } = await typed(line.startsWith('corr2d train') ? `${line} --steps 2` : line, desk);
    expect({ status, stdout, stderr }).toMatchObject({ status: 0 });
    if (output !== undefined) expect(existsSync(join(desk, output))).toBe(true);
  });

  test.skipIf(blocksOf(guide, 'ts').length === 0)('its programs pass the type checker', async () => {
    const files = blocksOf(guide, 'ts').map((code, i) => {
      writeFileSync(join(desk, `program-${i}.ts`), code);
      return `program-${i}.ts`;
    });
    const tsc = inCheckout('node_modules/typescript/bin/tsc');
    const strict = ['--strict', '--exactOptionalPropertyTypes', '--moduleDetection', 'force', '--skipLibCheck'];
    const modules = ['--target', 'es2023', '--lib', 'es2023,dom', '--module', 'nodenext', '--types', 'node'];
    const call = [tsc, '--ignoreConfig', '--noEmit', ...strict, ...modules, ...files];
    const { stdout, status } = await run(process.execPath, call, { cwd: desk });
    expect({ stdout, status }).toEqual({ stdout: '', status: 0 });
  });

  // A page's program needs a page: test/playground/ has one.
  const programs = guide === 'in-the-browser.md' ? [] : blocksOf(guide, 'ts').filter((code) => !needsMore(code));
  test.skipIf(programs.length === 0).each(programs)('%#: its program runs', async (code) => {
    const { code: script } = await transform(code, { loader: 'ts', format: 'esm', target: 'node20' });
    writeFileSync(join(desk, 'program.mjs'), script);
    for (const [, written] of code.matchAll(/\bwrite\w+\('([^']+)'/g)) rmSync(join(desk, written), { force: true });
    const { status, stderr } = await run(process.execPath, [join(desk, 'program.mjs')], { cwd: desk });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  test('every option that it names is one of a command', async () => {
    const helps = await allHelp();
    // Of other programs.
    const foreign = new Set(['--no-audit', '--save-dev']);
    const named = [...(texts.get(guide) ?? '').matchAll(/(?<![\w-])--[a-z][a-z-]*/g)].map(([option]) => option);
    expect([...new Set(named)].filter((option) => !helps.has(option) && !foreign.has(option))).toEqual([]);
  });
});

let known: Promise<ReadonlySet<string>> | undefined;

/** The options of all commands, as their manual has them. */
function allHelp(): Promise<ReadonlySet<string>> {
  known ??= typed('corr2d man', readers.path).then(
    ({ stdout }) => new Set(stdout.replaceAll('\\-', '-').match(/--[a-z][a-z-]*/g)),
  );
  return known;
}
