import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import sharp from 'sharp';
import { onTestFinished } from 'vitest';
import type { PictureLine } from '../../../src/batch/state/journal.ts';
import { readJournal } from '../../../src/batch/state/readJournal.ts';
import { type Ended, type Running, start } from '../../batch/command.ts';
import { makeTree } from '../../batch/tree.ts';
import { inCheckout } from '../../support/checkout.ts';
import { type RedisServer, startRedis } from '../redis.ts';

/** Whether tests run with all pictures and kills that they are meant to show, as in CI; CORR2D_QUEUE_FULL=1 and =0 say so elsewhere. */
export const FULL: boolean = (process.env['CORR2D_QUEUE_FULL'] ?? (process.env['CI'] === 'true' ? '1' : '0')) === '1';

export interface Place {
  readonly root: string;
  readonly redis: RedisServer;
  readonly names: readonly string[];
}

/** A root with so many pictures, of which no two are alike, and a server. */
export async function place(count: number, size = 160, settings: readonly string[] = []): Promise<Place> {
  const root = makeTree('in/');
  const redis = await startRedis(root, ...settings);
  const sample = sharp(inCheckout('samples', 'camera.png'));
  const names = Array.from({ length: count }, (_, i) => `${i}.png`);
  for (const [i, name] of names.entries()) {
    const at = { left: i % 300, top: (i * 7) % 300, width: size, height: size };
    writeFileSync(join(root, 'in', name), await sample.clone().extract(at).png().toBuffer());
  }
  return { root, redis, names };
}

/** A worker that is started again whenever it was killed or had no queue, as whoever runs workers sees to; until `stop`. */
export interface Kept {
  /** The process as it is now. */
  now(): Running;
  /** What it and those before it said. */
  said(): string;
  /** How often it was killed. */
  kills(): number;
  stop(): Promise<Ended>;
}

export function keepWorker({ root, redis }: Place, words: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Kept {
  const call = ['worker', '--queue', redis.queue, '--root', '.', '-j', '1', '--lock', '2', ...words];
  const launch = (): Running => start(call, { cwd: root, env, patience: 600_000 });
  let running = launch();
  let isStopped = false;
  let before = '';
  let kills = 0;
  const kept = (async (): Promise<Ended> => {
    for (;;) {
      const ended = await running.ended;
      // One that began while its queue was away is refused, and is to begin once more.
      const isToBegin = ended.signal === 'SIGKILL' || ended.stderr.includes('no server that listens there');
      if (isStopped || !isToBegin) return ended;
      before += ended.stderr;
      if (ended.signal === 'SIGKILL') kills++;
      running = launch();
    }
  })();
  onTestFinished(() => {
    isStopped = true;
    running.kill('SIGKILL');
  });
  return {
    now: () => running,
    kills: () => kills,
    said: () => before + running.stderr(),
    async stop() {
      isStopped = true;
      running.kill('SIGTERM');
      return kept;
    },
  };
}

/**
 * What a run's journal says of pictures, with what differs from run to run left out, and the configuration, which may hold the folder's
 * name: where it is another one, `--resume` makes everything again.
 */
export async function linesIn(folder: string): Promise<object[]> {
  const { pictures } = await readJournal(join(folder, '.corr2d/journal.ndjson'));
  return pictures.map(plain).toSorted((a, b) => (a.output.path < b.output.path ? -1 : 1));
}

function plain({ input, output }: PictureLine) {
  const { size, sha256, path } = output;
  return { input, output: { path, size, sha256 } };
}

/** Names of outputs that are not those of the other folder, byte for byte. */
export function differing(one: string, other: string, names: readonly string[]): string[] {
  const read = (folder: string, name: string): string => {
    try {
      return readFileSync(join(folder, name)).toString('latin1');
    } catch {
      return `none in ${folder}`;
    }
  };
  return names.filter((name) => read(one, name) !== read(other, name));
}

/** Waits until something is so, and says what it was about where it never is. */
export async function until(what: string, isSo: () => boolean | Promise<boolean>, patience = 60_000): Promise<void> {
  const began = performance.now();
  for (;;) {
    if (await isSo()) return;
    if (performance.now() - began > patience) throw new Error(`Expected ${what} within ${patience / 1000} s`);
    await pause(50);
  }
}
