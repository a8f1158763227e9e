import { fork } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { transform } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inCheckout, temporaryFolder } from './support/checkout.ts';
import { CHECK, checkResult, withChecks } from './support/examples.ts';
import { outsideCi } from './support/outsideCi.ts';
import { run } from './support/run.ts';

/**
 * Everything README.md shows is run, in its own order and in one folder, as by a reader who follows it: `photos/` holds the
 * pictures of samples/, `before.png` and `after.png` are its pair, `photo.png` and `canny.png` a picture and its edge map. Commands must end with exit status 0.
 */
const readme = readFileSync(inCheckout('README.md'), 'utf8');
const { scripts } = JSON.parse(readFileSync(inCheckout('package.json'), 'utf8'));

interface Block {
  readonly language: string;
  readonly code: string;
  /** Line of README.md that the code begins at. */
  readonly line: number;
}

const blocks: Block[] = [...readme.matchAll(/^```(\S*)\n(.*?)^```$/gms)].map((match) => ({
  language: match[1],
  code: match[2],
  line: readme.slice(0, match.index).split('\n').length + 1,
}));
const inLanguage = (language: string): Block[] => blocks.filter((block) => block.language === language);

const reader = temporaryFolder();
const desk = join(reader.path, 'desk');

beforeAll(() => {
  const photos = join(desk, 'photos');
  mkdirSync(photos, { recursive: true });
  for (const name of readdirSync(inCheckout('samples'))) {
    if (/\.(?:png|jpg)$/.test(name)) cpSync(inCheckout('samples', name), join(photos, name));
  }
  for (const name of ['before.png', 'after.png']) cpSync(inCheckout('samples/pair', name), join(desk, name));
  for (const name of ['photo.png', 'canny.png']) cpSync(inCheckout('samples/edges', name), join(desk, name));
  writeFileSync(join(desk, 'package.json'), '{ "private": true, "type": "module" }');
  mkdirSync(join(desk, 'node_modules/@types'), { recursive: true });
  symlinkSync(inCheckout(), join(desk, 'node_modules/corr2d'));
  symlinkSync(inCheckout('node_modules/@types/node'), join(desk, 'node_modules/@types/node'));
  mkdirSync(join(reader.path, 'bin'));
  const command = `#!/bin/sh\nexec '${process.execPath}' '${inCheckout('dist/cli.js')}' "$@"\n`;
  writeFileSync(join(reader.path, 'bin/corr2d'), command, { mode: 0o755 });
});

afterAll(reader.remove);

test('what it shows is in languages that are checked, or is no code', () => {
  expect(inLanguage('sh').length).toBeGreaterThan(0);
  expect(inLanguage('ts').length).toBeGreaterThan(0);
  expect([...new Set(blocks.map(({ language }) => language))].filter((l) => !/^(?:sh|ts|json|text)$/.test(l))).toEqual(
    [],
  );
});

test('every file it links to is there', () => {
  const targets = [...readme.matchAll(/\]\(([^()\s]+)\)/g)].map((match) => match[1].replace(/#.*$/, ''));
  const files = targets.filter((target) => target !== '' && !/^[a-z]+:/.test(target));
  expect(files.filter((file) => !existsSync(inCheckout(file)))).toEqual([]);
});

describe('commands', () => {
  const commands = inLanguage('sh').flatMap(({ code }) =>
    code
      .replaceAll('\\\n', ' ')
      .split(/\n| && /)
      .map((command) => command.trim())
      .filter((command) => command !== '' && !command.startsWith('#')),
  );

  test.each(commands)('%s', async (command) => {
    const [program, subcommand, argument] = command.replace(/^npx /, '').split(/\s+/);
    if (program === 'npm') expectNpmCommand(subcommand, argument);
    else if (program === 'corr2d') await expectSuccess(command.replace(/^npx /, ''));
    else expect(['git', 'cd'], `a program that this test knows, in \`${command}\``).toContain(program);
  });

  test('learning from an edge map prints exactly what it shows', async () => {
    const command = inLanguage('sh').find(({ code }) => code.startsWith('corr2d learn photo.png canny.png'));
    const shown = inLanguage('text').find(({ code }) => code.startsWith('learned a detector'));
    const PATH = `${join(reader.path, 'bin')}${delimiter}${process.env.PATH}`;
    const typed = `${command?.code.trim()} --overwrite`;
    const { status, stdout, stderr } = await run('sh', ['-c', typed], { cwd: desk, env: { PATH, ...outsideCi } });
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: shown?.code });
  });

  function expectNpmCommand(subcommand: string, argument: string): void {
    if (['ci', 'install', 'pack'].includes(subcommand)) return;
    expect(Object.keys(scripts)).toContain(subcommand === 'run' ? argument : subcommand);
  }

  async function expectSuccess(command: string): Promise<void> {
    const PATH = `${join(reader.path, 'bin')}${delimiter}${process.env.PATH}`;
    // A reader's own machine: in CI, goldens are not updated.
    const { status, stdout, stderr } = await run('sh', ['-c', command], { cwd: desk, env: { PATH, ...outsideCi } });
    if (status !== 0) expect.fail(`Expected exit status 0 but received ${status}\n${stdout}\n${stderr}`);
  }
});

describe('programs', () => {
  test('pass the type checker', async () => {
    const files = inLanguage('ts').map(({ code, line }) => {
      writeFileSync(join(desk, `line-${line}.ts`), code);
      return `line-${line}.ts`;
    });
    const tsc = inCheckout('node_modules/typescript/bin/tsc');
    const strict = ['--strict', '--exactOptionalPropertyTypes', '--moduleDetection', 'force'];
    const modules = ['--target', 'es2023', '--lib', 'es2023,dom', '--module', 'nodenext', '--types', 'node'];
    const call = [tsc, '--ignoreConfig', '--noEmit', ...strict, ...modules, ...files];
    const { stdout, status } = await run(process.execPath, call, { cwd: desk });
    expect({ stdout, status }).toEqual({ stdout: '', status: 0 });
  });

  test.each(inLanguage('ts').map((block) => [block.line, block] as const))(
    'the one at line %i runs, and gives what it says',
    async (line, block) => {
      const checked = withChecks(block.code, isJson);
      const prelude = `const ${CHECK} = (actual, wanted, line) => process.send({ actual, wanted, line });`;
      const { code } = await transform(checked.code, { loader: 'ts', format: 'esm', target: 'node20' });
      const file = join(desk, `line-${line}.mjs`);
      writeFileSync(file, `${prelude}\n${code}`);
      const { status, errors, results } = await runProgram(file);
      expect({ status, errors }).toEqual({ status: 0, errors: '' });
      expect(results).toHaveLength(checked.checks);
      for (const result of results) checkResult(result.actual, result.wanted, result.line);
    },
  );

  interface Result {
    readonly actual: unknown;
    readonly wanted: unknown;
    readonly line: string;
  }

  function runProgram(file: string): Promise<{ status: number | null; errors: string; results: Result[] }> {
    return new Promise((resolve, reject) => {
      const child = fork(file, { cwd: desk, serialization: 'advanced', stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
      const results: Result[] = [];
      let errors = '';
      child.stderr?.setEncoding('utf8').on('data', (text: string) => {
        errors += text;
      });
      child.on('message', (result) => results.push(result as Result));
      child.on('error', reject);
      child.on('close', (status) => resolve({ status, errors, results }));
    });
  }
});

function isJson(comment: string): boolean {
  try {
    JSON.parse(comment);
    return true;
  } catch {
    return false;
  }
}
