import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { command } from '../../batch/command.ts';
import { makeTree } from '../../batch/tree.ts';
import { inCheckout } from '../../support/checkout.ts';
import { startRedis, withoutRedis } from '../redis.ts';
import { FULL } from './workers.ts';

// Who plans does not open pictures.
test(
  'who queues a folder needs as much memory for ten times the pictures',
  { tags: ['slow'], timeout: 1_200_000 },
  async ({ skip }) => {
    if (withoutRedis !== undefined) skip(withoutRedis);
    const root = makeTree();
    const { queue } = await startRedis(root);
    const counts = FULL ? [10_000, 100_000] : [1000, 10_000];
    const memory: number[] = [];
    for (const count of counts) {
      for (let i = 0; i < count; i++) {
        const folder = join(root, `in${count}`, String(Math.floor(i / 500)));
        if (i % 500 === 0) mkdirSync(folder, { recursive: true });
        writeFileSync(join(folder, `${i}.png`), '');
      }
      const told = join(root, 'memory.txt');
      const env = { NODE_OPTIONS: `--import ${inCheckout('test/queue/commands/tellMemory.mjs')}`, TELL_MEMORY: told };
      const words = ['detect', `in${count}`, '-r', '-o', `out${count}`, '--queue', queue, '--detach'];
      const ended = await command(words, { cwd: root, env, patience: 500_000 });
      expect(ended).toMatchObject({ status: 0, stderr: expect.stringContaining(`queued ${count} pictures`) as string });
      memory.push(Number(readFileSync(told, 'utf8')));
    }
    process.stdout.write(`${counts.join(' and ')} pictures: ${memory.map((mb) => mb.toFixed(0)).join(' and ')} MB\n`);
    // What is collected late, and no more: a plan that is held takes 300 MB for 90,000 pictures.
    expect(memory[1] - memory[0]).toBeLessThan(60);
  },
);

test('merge of what workers wrote needs as much memory for ten times the pictures', { timeout: 600_000 }, async () => {
  const root = makeTree();
  const counts = FULL ? [20_000, 200_000] : [2000, 20_000];
  const memory: number[] = [];
  const hash = 'a'.repeat(64);
  for (const count of counts) {
    const folder = join(root, `out${count}`);
    const runFolder = join(folder, '.corr2d/queue/0123456789ab');
    mkdirSync(runFolder, { recursive: true });
    const common = { version: '0.1.0', command: 'detect', configuration: hash };
    const header = {
      ...common,
      corr2d: 1,
      kind: 'run',
      time: '',
      settings: {},
      inputs: { count, sha256: hash },
      planned: count,
    };
    const run = {
      ...common,
      corr2d: 1,
      kind: 'queued run',
      words: [],
      settings: hash,
      pictures: count,
      slices: 1,
      detached: true,
      queue: '',
      header,
    };
    writeFileSync(join(runFolder, 'run.json'), JSON.stringify(run));
    const line = (at: number): string => {
      const path = `sub/${at}.png`;
      const state = { size: 1, modified: 1, sha256: hash };
      const made = { width: 1, height: 1, megapixels: 1e-6, seconds: 0.001, bytes: 1, facts: {} };
      const input = { rel: path, path: `../in/${path}`, ...state };
      return `${JSON.stringify({ kind: 'picture', at, time: '', configuration: hash, input, output: { path, ...state }, made })}\n`;
    };
    // Two workers, the second of which made the last of the first's again.
    const half = count / 2;
    for (const [mark, from, to] of [
      ['00000000000a', 0, half],
      ['00000000000b', half - 1, count],
    ] as const) {
      const lines = Array.from({ length: to - from }, (_, i) => line(from + i));
      writeFileSync(join(runFolder, `journal-${mark}.ndjson`), lines.join(''));
    }
    const told = join(root, 'memory.txt');
    const env = { NODE_OPTIONS: `--import ${inCheckout('test/queue/commands/tellMemory.mjs')}`, TELL_MEMORY: told };
    const ended = await command(['merge', folder], { cwd: root, env, patience: 300_000 });
    expect(ended).toMatchObject({
      status: 0,
      stderr: expect.stringContaining(`${count} pictures of workers, 0 failed`) as string,
    });
    memory.push(Number(readFileSync(told, 'utf8')));
    const lines = readFileSync(join(folder, '.corr2d/journal.ndjson'), 'utf8').trimEnd().split('\n');
    expect(lines.length).toBe(count + 1);
    const outputs = new Set(
      lines.slice(1).map((text) => (JSON.parse(text) as { output: { path: string } }).output.path),
    );
    expect(outputs.size).toBe(count);
  }
  process.stdout.write(
    `merge of ${counts.join(' and ')} pictures: ${memory.map((mb) => mb.toFixed(0)).join(' and ')} MB\n`,
  );
  expect(memory[1] - memory[0]).toBeLessThan(60);
});
