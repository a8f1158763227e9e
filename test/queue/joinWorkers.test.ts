import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { PictureLine } from '../../src/batch/state/journal.ts';
import { joinWorkers, type WorkerFailure } from '../../src/batch/state/queuedRuns.ts';
import { makeTree } from '../batch/tree.ts';

const input = { rel: 'a.png', path: 'a.png', size: 1, modified: 1, sha256: 'x' };
const picture = (at: number, path: string, modified: number): object => ({
  kind: 'picture',
  at,
  time: '',
  configuration: 'c',
  input,
  output: { path, size: 7, modified, sha256: 'y' },
  made: { megapixels: 1 },
});
const failure = (at: number): object => ({
  kind: 'failure',
  at,
  time: '',
  configuration: 'c',
  input,
  output: { path: `${at}.png` },
  error: 'no',
});

test('each picture once: by the line that is true, and before any failure', async () => {
  const base = makeTree('two.png');
  const folder = join(base, 'run');
  mkdirSync(folder);
  const { mtimeMs } = statSync(join(base, 'two.png'));
  const write = (mark: string, ...lines: readonly object[]): void =>
    writeFileSync(join(folder, `journal-${mark}.ndjson`), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  write('00000000000a', picture(0, 'one.png', 1), picture(1, 'two.png', mtimeMs), failure(2), failure(3), {
    kind: 'other',
    at: 0,
  });
  write('00000000000b', picture(1, 'two.png', 5), failure(3), picture(2, 'three.png', 1), picture(99, 'beyond.png', 1));
  writeFileSync(join(folder, 'journal-00000000000c.ndjson'), '{"kind":"picture","at":0,"torn');
  const pictures: PictureLine[] = [];
  const failures: WorkerFailure[] = [];
  const joined = await joinWorkers(
    base,
    folder,
    { pictures: 5 },
    { picture: (line) => pictures.push(line), failure: (line) => failures.push(line) },
  );
  expect(joined).toEqual({ pictures: 3, failures: 1 });
  expect(Object.fromEntries(pictures.map(({ output }) => [output.path, output.modified]))).toEqual({
    'one.png': 1,
    'three.png': 1,
    'two.png': mtimeMs,
  });
  expect(pictures.length).toBe(3);
  expect(pictures[0]).not.toHaveProperty('made');
  expect(failures.map(({ output }) => output.path)).toEqual(['3.png']);
});
