import { copyFileSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { command, outputsIn, type Running, start } from '../../batch/command.ts';
import { inCheckout } from '../../support/checkout.ts';
import { seeded } from '../../support/seeded.ts';
import { withoutRedis } from '../redis.ts';
import { differing, FULL, type Kept, keepWorker, linesIn, place, until } from './workers.ts';

// Workers that are killed, stopped, and left without their queue: 300 pictures and 24 kills in CI, fewer elsewhere unless
// CORR2D_QUEUE_FULL=1; CORR2D_SEED takes other moments.

const SEED = Number(process.env['CORR2D_SEED'] ?? 1);
const PATIENCE = 600_000;

test(
  'four workers, killed, one stopped beyond its lock, their queue restarted: nothing is lost or done by halves',
  { timeout: PATIENCE },
  async ({ skip }) => {
    if (withoutRedis !== undefined) skip(withoutRedis);
    const [count, kills] = FULL ? [300, 24] : [40, 4];
    const random = seeded(SEED);
    const at = await place(count, 200);
    const { root, redis, names } = at;
    const local = await command(['detect', 'in', '-o', 'local', '-q'], { cwd: root });
    expect(local.status).toBe(0);
    // So that they are at work until the last kill, however fast the machine is: four of them take 30 s for 300, and 6 s for 40.
    const env = {
      NODE_OPTIONS: `--import ${inCheckout('test/queue/commands/slow.mjs')}`,
      SLOW: FULL ? '400' : '600',
    };
    const workers = Array.from({ length: 4 }, () => keepWorker(at, ['-q'], env));
    const running = start(['detect', 'in', '-o', 'out', '--queue', redis.queue], { cwd: root, patience: PATIENCE });
    let isOver = false;
    void running.ended.then(() => (isOver = true));
    // Its plan is in the queue: a queue that goes away before that is an error, not a wait.
    await until(
      'a picture',
      () => isOver || (existsSync(join(root, 'out')) && outputsIn(join(root, 'out')).length > 0),
    );
    let stopped: Running | undefined;
    let isContinued = false;
    for (let killed = 0; killed < kills; killed++) {
      await pause(500 + random() * 1000);
      expect({ killed, isOver }).toEqual({ killed, isOver: false });
      if (killed === 1) {
        const last = workers[3].now();
        stopped = last;
        last.kill('SIGSTOP');
        // For longer than its lock, which is 2 s.
        void pause(7000).then(() => {
          last.kill('SIGCONT');
          stopped = undefined;
          isContinued = true;
        });
      }
      if (killed === Math.floor(kills / 2)) await redis.restart(500);
      const victim = workers[Math.floor(random() * (stopped === undefined ? 4 : 3))];
      await until('one more that was killed', () => {
        if (killsOf(workers) > killed) return true;
        // Again where it was just about to begin.
        victim.now().kill('SIGKILL');
        return false;
      });
    }
    const ended = await running.ended;
    expect({ status: ended.status, stderr: ended.stderr }).toEqual({
      status: 0,
      stderr: expect.stringContaining(`${count} pictures`) as string,
    });
    await until('the worker that was stopped to go on', () => isContinued);
    expect(killsOf(workers)).toBe(kills);
    expect(outputsIn(join(root, 'out')).filter((name) => !name.endsWith('.tmp'))).toEqual(names.toSorted());
    expect(differing(join(root, 'out'), join(root, 'local'), names)).toEqual([]);
    // Every picture has its line, once, as of one machine.
    expect(await linesIn(join(root, 'out'))).toEqual(await linesIn(join(root, 'local')));
    expect(readdirSync(join(root, 'out/.corr2d'))).toEqual(['journal.ndjson']);
    const again = await command(['detect', 'in', '-o', 'out', '--resume'], { cwd: root });
    expect(again).toMatchObject({ status: 0, stderr: expect.stringContaining(`${count} skipped`) as string });
    process.stdout.write(`${kills} kills, ${count} pictures\n`);
    await Promise.all(workers.map((worker) => worker.stop()));
  },
);

const killsOf = (workers: readonly Kept[]): number => workers.reduce((sum, worker) => sum + worker.kills(), 0);

test(
  'a picture that ends its workers is found and named; the others are done',
  { tags: ['slow'], timeout: PATIENCE },
  async ({ skip }) => {
    if (withoutRedis !== undefined) skip(withoutRedis);
    const count = FULL ? 300 : 24;
    const at = await place(count - 1);
    const { root, redis, names } = at;
    copyFileSync(inCheckout('samples', 'camera.png'), join(root, 'in/poison.png'));
    const env = { NODE_OPTIONS: `--import ${inCheckout('test/queue/commands/poison.mjs')}` };
    const workers = [keepWorker(at, ['-q'], env), keepWorker(at, ['-q'], env)];
    const ended = await command(['detect', 'in', '-o', 'out', '--queue', redis.queue], {
      cwd: root,
      patience: PATIENCE,
    });
    expect(ended).toMatchObject({ status: 1, stderr: expect.stringContaining(`${count - 1} pictures`) as string });
    expect(ended.stderr).toContain(
      'Expected a picture in in/poison.png that can be worked on but found one that ended its worker 3 times',
    );
    expect(ended.stderr).toContain('1 failed');
    expect(outputsIn(join(root, 'out')).filter((name) => !name.endsWith('.tmp'))).toEqual(names.toSorted());
    await Promise.all(workers.map((worker) => worker.stop()));
  },
);
