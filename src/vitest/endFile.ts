import { existsSync } from 'node:fs';
import { readdir, rmdir, unlink } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { expect } from 'vitest';
import { EVIDENCE, GOLDENS, shown } from '../verify/imageSnapshot.ts';
import { fileRunOf } from './fileRun.ts';
import { goldenFolder } from './goldenPlace.ts';
import { type TestFile, updateOf } from './matcherState.ts';
import { DIRECTORY, projectSettings } from './options.ts';
import { tell } from './tell.ts';

/**
 * Tells, once the tests of a file have run, which goldens `vitest --update` has made, and which in folders of its own no test asked
 * for; `vitest --update` removes those. A run of some of the tests, or one in which a test stopped half-way, does not tell what is unused.
 */
export async function endFile(file: TestFile): Promise<void> {
  const run = fileRunOf(file);
  if (run.ended) return;
  run.ended = true;
  if (run.accepted.size > 0) tellOf(Array.from(run.accepted), 'made or replaced');
  const { snapshotState } = expect.getState();
  if (!snapshotState || !ranWhole(file)) return;
  const { directory = DIRECTORY } = projectSettings();
  const own = goldenFolder(directory, { testPath: file.filepath, project: file.projectName ?? '' });
  const folders = new Map(run.used);
  if (own.isOwn && !folders.has(own.path)) folders.set(own.path, new Set());
  const unused = [];
  for (const [folder, names] of folders) unused.push(...(await unusedIn(folder, names)));
  if (own.isOwn && directory.endsWith('/{file}')) unused.push(...(await orphansBeside(own.path, file.filepath)));
  if (unused.length === 0) return;
  if (updateOf({ ...expect.getState(), snapshotState }).update !== 'all') {
    tellOf(unused, 'no longer used, which vitest --update removes');
    return;
  }
  for (const path of unused) await remove(path);
  tellOf(unused, 'no longer used and removed');
}

function tellOf(goldens: readonly string[], what: string): void {
  tell(
    `${goldens.length} golden${goldens.length === 1 ? '' : 's'} ${what}:`,
    ...goldens.map((path) => `  ${shown(path)}`),
  );
}

/** Whether every test ran, and none stopped half-way. */
function ranWhole(file: TestFile): boolean {
  const { faults } = fileRunOf(file);
  const whole = (task: TestFile['tasks'][number]): boolean => {
    if (task.type === 'suite') return task.mode === 'run' && task.tasks.every(whole);
    const { state, errors = [] } = task.result ?? {};
    return state === 'pass' || (state === 'fail' && errors.length === faults.get(task));
  };
  return file.tasks.length > 0 && file.tasks.every(whole);
}

const PLATFORMS: ReadonlySet<string> = new Set([
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'openbsd',
  'sunos',
  'win32',
]);

/** Goldens in a folder that are not of these names, nor named for another platform. */
async function unusedIn(folder: string, used: ReadonlySet<string>): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => GOLDENS.some((extension) => extname(name) === `.${extension}`))
    .filter((name) => !used.has(name.slice(0, -extname(name).length)) && !isElsewhere(name))
    .map((name) => join(folder, name));
}

function isElsewhere(name: string): boolean {
  const words = name.split(/[^a-z0-9]+/i);
  return words.some((word) => word !== process.platform && PLATFORMS.has(word));
}

/** Goldens of test files that are gone, told by the first of the test files beside them that are not. */
async function orphansBeside(folder: string, testPath: string): Promise<string[]> {
  const home = dirname(testPath);
  const parent = dirname(folder);
  const tests = (await readdir(parent).catch(() => [])).filter((name) => /\.[cm]?[jt]sx?$/.test(name)).sort();
  if (tests.find((name) => existsSync(join(home, name))) !== basename(testPath)) return [];
  const gone = tests.filter((name) => !existsSync(join(home, name)));
  return (await Promise.all(gone.map((name) => unusedIn(join(parent, name), new Set())))).flat();
}

/** Removes a golden, what was drawn of its difference, and folders that are empty then. */
async function remove(golden: string): Promise<void> {
  await unlink(golden);
  const folder = dirname(golden);
  const evidence = join(folder, EVIDENCE);
  const stem = basename(golden, extname(golden));
  for (const name of await readdir(evidence).catch(() => [])) {
    const isIts = ['actual', 'diff', 'composite'].some((what) => name.startsWith(`${stem}-${what}.`));
    if (isIts) await unlink(join(evidence, name)).catch(() => {});
  }
  for (const empty of [evidence, folder]) await rmdir(empty).catch(() => {});
}
