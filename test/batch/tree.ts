import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A temporary folder with the given files in it (a name that ends in `/` is a folder), gone when the test has ended. */
export function makeTree(...names: readonly string[]): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'corr2d-batch-')));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const name of names) {
    const path = join(root, name);
    if (name.endsWith('/')) mkdirSync(path, { recursive: true });
    else {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, name);
    }
  }
  return root;
}

/** Runs in a folder, as a command would; tests of one file run one after the other. */
export async function inFolder<T>(folder: string, run: () => Promise<T>): Promise<T> {
  const before = process.cwd();
  process.chdir(folder);
  try {
    return await run();
  } finally {
    process.chdir(before);
  }
}

/** The error that a promise is rejected with; a promise that is not rejected fails the test. */
export async function errorOf(promise: Promise<unknown>): Promise<Error> {
  const outcome = await promise.then(
    () => undefined,
    (error: Error) => error,
  );
  if (!outcome) throw new Error('Expected a rejection but the promise was fulfilled');
  return outcome;
}
