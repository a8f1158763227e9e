import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Job } from '../../src/batch/plan/job.ts';
import { followWorkers } from '../../src/commands/queue/followWorkers.ts';
import type { OpenQueue } from '../../src/queue/connect.ts';
import { makeTree } from '../batch/tree.ts';

const line = (kind: 'picture' | 'failure', at: number): string => {
  const common = { kind, at, time: '', configuration: 'c', input: { rel: `${at}.png`, path: `${at}.png` } };
  const rest =
    kind === 'picture'
      ? { output: { path: `o/${at}.png`, size: 1, modified: 1, sha256: 'y' }, made: { megapixels: 1 } }
      : { output: { path: `o/${at}.png` }, error: `no room for ${at}` };
  return `${JSON.stringify({ ...common, ...rest })}\n`;
};

test('a picture that failed, and was made when its slice was done again, is told as made', async () => {
  const runFolder = join(makeTree('a.png'), 'run');
  mkdirSync(runFolder);
  const journal = (mark: string, ...lines: string[]): void =>
    appendFileSync(join(runFolder, `journal-00000000000${mark}.ndjson`), lines.join(''));
  journal('a', line('failure', 0), line('failure', 1), line('picture', 2));
  let slicesDone = 0;
  const record = { version: '0', command: 'detect', folder: 'o', slices: '1', pictures: '3' };
  const redis = {
    status: 'ready',
    async hgetall() {
      // Its worker ended; another does it again, and says that it is done.
      if (slicesDone++ === 0) journal('b', line('picture', 1), line('failure', 2));
      return { ...record, slicesDone: String(slicesDone > 1 ? 1 : 0) };
    },
  };
  const jobs = [0, 1, 2].map((at): Job => ({
    input: { path: `${at}.png`, rel: `${at}.png`, root: '.' },
    output: `o/${at}.png`,
  }));
  const told: string[] = [];
  const ended = await followWorkers({
    open: { redis, key: (...parts: string[]) => parts.join(':') } as unknown as OpenQueue,
    run: '00000000000a',
    runFolder,
    folder: 'o',
    pictures: jobs.length,
    jobAt: (at) => jobs[at],
    failFast: false,
    signal: new AbortController().signal,
    onDone: ({ output }) => told.push(`${output} is made`),
    onFailure: ({ output }, error) => told.push(`${output}: ${error.message}`),
  });
  expect(ended).toEqual({ interrupted: false });
  expect(told.toSorted()).toEqual(['o/0.png: no room for 0', 'o/1.png is made', 'o/2.png is made']);
});
