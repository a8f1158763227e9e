import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { inCheckout } from './checkout.ts';
import { outsideCi } from './outsideCi.ts';
import { run } from './run.ts';

/** A project of its own whose tests use the built package. */
export interface NestedProject {
  /** Runs vitest with these parameters, outside of CI unless `env` says otherwise. */
  test(parameters?: readonly string[], env?: Record<string, string>): Promise<NestedRun>;
  write(path: string, text: string): void;
  /** Every file but packages, sorted. */
  files(): string[];
}

export interface NestedRun {
  readonly status: number | null;
  /** What is printed, without colours. */
  readonly output: string;
  /** Whether each test passed, and what was said where it did not: its name, then its errors. */
  readonly tests: Readonly<Record<string, { passed: boolean; said: string }>>;
}

export function nestedProject(folder: string, files: Readonly<Record<string, string>>): NestedProject {
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  write('package.json', '{ "private": true, "type": "module" }');
  for (const [path, text] of Object.entries(files)) write(path, text);
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(inCheckout(), join(folder, 'node_modules/corr2d'));
  symlinkSync(inCheckout('node_modules/vitest'), join(folder, 'node_modules/vitest'));
  const report = join(folder, 'node_modules/report.json');
  return {
    write,
    files: () =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((path) => !path.startsWith('node_modules'))
        .sort(),
    async test(parameters = [], env = {}) {
      const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
      const call = [inCheckout('node_modules/vitest/vitest.mjs'), 'run', ...reporters, ...parameters];
      const { status, stdout, stderr } = await run(process.execPath, call, {
        cwd: folder,
        env: { ...outsideCi, NO_COLOR: '1', FORCE_COLOR: '', ...env },
      });
      return { status, output: stdout + stderr, tests: testsOf(readFileSync(report, 'utf8')) };
    },
  };
}

interface Report {
  readonly testResults: readonly {
    readonly assertionResults: readonly { fullName: string; status: string; failureMessages: string[] }[];
  }[];
}

function testsOf(text: string): NestedRun['tests'] {
  const { testResults } = JSON.parse(text) as Report;
  const results = testResults.flatMap(({ assertionResults }) => assertionResults);
  return Object.fromEntries(
    results
      .filter(({ status }) => status !== 'skipped')
      .map(({ fullName, status, failureMessages }) => [
        fullName,
        {
          passed: status === 'passed',
          said: failureMessages.map((message) => message.split('\n    at ')[0]).join('\n'),
        },
      ]),
  );
}
