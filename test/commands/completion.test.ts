import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { COMMAND_NAMES, COMMANDS } from '../../src/commands/commands.ts';
import { commandTables } from '../../src/commands/manual/commandTables.ts';
import { operatorNames } from '../../src/core.ts';
import { checkout, inCheckout, temporaryFolder } from '../support/checkout.ts';
import { corr2d } from '../support/corr2d.ts';

const scripts: Record<string, string> = {};
beforeAll(async () => {
  for (const shell of ['bash', 'zsh', 'fish']) {
    const { status, stdout, stderr } = await corr2d(['completion', shell], { cwd: checkout });
    expect([status, stderr]).toEqual([0, '']);
    scripts[shell] = stdout.toString();
  }
});

const folder = temporaryFolder();
afterAll(folder.remove);

const tables = await commandTables(COMMANDS);

/** Whether a program is there to try a script with. */
function has(program: string): boolean {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

test('the tables hold what help lists, of every command', { tags: ['slow'] }, async () => {
  expect(tables.map(({ name }) => name)).toEqual(COMMAND_NAMES);
  for (const { name, options } of tables) {
    const help = (await corr2d([name, '--help'], { cwd: checkout })).stdout.toString();
    const listed = [...help.matchAll(/^ +(?:-\w, )?--([\w-]+)/gm)].map(([, option]) => option);
    // Examples speak of options, too.
    const own = [...new Set(listed)].filter((option) => option !== 'help' && option !== 'version');
    expect([name, own.toSorted()]).toEqual([name, options.map((option) => option.name).toSorted()]);
  }
});

describe('completion', () => {
  test.each(['bash', 'zsh', 'fish'])('for %s names every command and every option', (shell) => {
    for (const { name, options } of tables) {
      expect(scripts[shell]).toContain(name);
      for (const option of options)
        expect(scripts[shell]).toContain(`${shell === 'fish' ? '-l ' : '--'}${option.name}`);
    }
  });

  describe.skipIf(!has('bash'))('in bash', () => {
    function completed(...words: string[]): string[] {
      const file = join(folder.path, 'completion.bash');
      writeFileSync(file, scripts.bash);
      const script =
        'source "$1"; shift; COMP_WORDS=(corr2d "$@"); COMP_CWORD=$#; _corr2d; printf "%s\\n" "${COMPREPLY[@]}"';
      const told = execFileSync('bash', ['--norc', '-c', script, 'bash', file, ...words], { encoding: 'utf8' });
      return told.split('\n').filter((word) => word !== '');
    }

    test.each<[string[], string[]]>([
      [['de'], ['detect']],
      [['comp'], ['compare', 'completion']],
      [['verify', '--met'], ['--metric']],
      [['verify', '--metric', 's'], ['ssim']],
      [
        ['completion', ''],
        ['bash', 'zsh', 'fish'],
      ],
      [['filter', '-k', 'gau'], ['gaussian']],
      [['detect', 'photo'], []],
      [['detect', '--exclude', 'x'], []],
    ])('%j', (words, wanted) => {
      expect(completed(...words)).toEqual(wanted);
    });

    test('operators are those that there are', () => {
      expect(completed('detect', '--operator', '')).toEqual([...operatorNames, 'all']);
    });
  });

  test('zsh reads its script', ({ skip }) => {
    skip(!has('zsh'), 'zsh is not installed');
    execFileSync('zsh', ['-n'], { input: scripts.zsh });
  });

  test('fish completes by its script', ({ skip }) => {
    skip(!has('fish'), 'fish is not installed');
    const file = join(folder.path, 'completion.fish');
    writeFileSync(file, scripts.fish);
    const completed = (words: string): string[] => {
      const call = ['--no-config', '-c', `source $argv[1]; complete -C $argv[2]`, file, words];
      const told = execFileSync('fish', call, { encoding: 'utf8', env: { ...process.env, HOME: folder.path } });
      return told
        .trim()
        .split('\n')
        .map((line) => line.split('\t')[0]);
    };
    expect(completed('corr2d verify --met')).toEqual(['--metric']);
    expect(completed('corr2d verify --metric s')).toEqual(['ssim']);
    expect(completed('corr2d completion ')).toEqual(['bash', 'fish', 'zsh']);
  });

  test('of another shell is refused with those that there are', async () => {
    const { status, stderr } = await corr2d(['completion', 'tcsh'], { cwd: checkout });
    expect([status, stderr]).toEqual([
      2,
      expect.stringMatching(/^corr2d: Expected one of bash, zsh, fish for .* tcsh/),
    ]);
  });
});

describe('the manual page', () => {
  const page = (): string => readFileSync(inCheckout('dist/corr2d.1'), 'utf8');

  test('is built into the package, and is what the command prints', async () => {
    expect((await corr2d(['man'], { cwd: checkout })).stdout.toString()).toBe(page());
    expect(JSON.parse(readFileSync(inCheckout('package.json'), 'utf8')).man).toBe('./dist/corr2d.1');
  });

  test('holds every command with every option, and no line that would be taken for a request', () => {
    const sections = page().split('\n.SS ').slice(1);
    expect(sections).toHaveLength(tables.length);
    tables.forEach(({ usage, options }, i) => {
      expect(sections[i]).toContain(usage.replaceAll('-', '\\-'));
      for (const { name } of options) expect(sections[i]).toContain(`\\fB\\-\\-${name.replaceAll('-', '\\-')}\\fR`);
    });
    const requests = new Set([...page().matchAll(/^\.(\w*)/gm)].map(([, name]) => name));
    expect([...requests].filter((name) => !/^(?:TH|SH|SS|TP|PP|RS|RE|nf|fi)$/.test(name))).toEqual([]);
  });

  test('is read by groff without a warning', ({ skip }) => {
    skip(!has('groff'), 'groff is not installed');
    const call = ['-man', '-ww', '-Kutf8', '-Tutf8'];
    const told = execFileSync('groff', call, { input: page(), encoding: 'utf8', stdio: ['pipe', 'pipe', 'inherit'] });
    expect(told).toContain('finds, applies and learns image filters');
  });
});
