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
  { timeout: 1_200_000 },
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
