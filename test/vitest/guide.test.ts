import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { inCheckout, temporaryFolder } from '../support/checkout.ts';
import { nestedProject } from '../support/nestedVitest.ts';
import { run } from '../support/run.ts';

/** What docs/vitest.md shows is a project: each program names its file in its first line. */
const guide = readFileSync(inCheckout('docs/vitest.md'), 'utf8');
const programs = [...guide.matchAll(/^```ts\n\/\/ (\S+)\n(.*?)^```$/gms)].map(
  ([, file, code]) => [file, code] as const,
);
const folder = temporaryFolder();
afterAll(folder.remove);

test('what the guide shows passes the type checker, writes goldens, then passes', async () => {
  expect(programs.length).toBe(guide.match(/^```ts$/gm)?.length);
  const project = nestedProject(folder.path, Object.fromEntries(programs));
  const first = await project.test();
  expect(first.output).toContain('Snapshots  4 written');
  const goldens = [
    'changing/once-it-has-loaded-1',
    'charts/a-gradient-1',
    'concurrent/one-of-many-1',
    'tolerant/nearly',
  ];
  expect(project.files().filter((path) => path.endsWith('.png'))).toEqual(
    goldens.map((golden) => `__goldens__/${process.platform}/${golden.replace('/', '.test.ts/')}.png`),
  );
  expect((await project.test()).status).toBe(0);

  symlinkSync(inCheckout('node_modules/@types'), join(folder.path, 'node_modules/@types'));
  const tsc = inCheckout('node_modules/typescript/bin/tsc');
  const modules = ['--target', 'es2023', '--lib', 'es2023,dom', '--module', 'nodenext', '--types', 'node'];
  const files = programs.map(([file]) => file);
  const call = [tsc, '--ignoreConfig', '--noEmit', '--strict', '--skipLibCheck', ...modules, ...files];
  const { stdout, status } = await run(process.execPath, call, { cwd: folder.path });
  expect({ stdout, status }).toEqual({ stdout: '', status: 0 });
});
