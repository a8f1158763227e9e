import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { readJournal } from '../../src/batch/state/readJournal.ts';
import { inCheckout } from '../support/checkout.ts';
import { seeded } from '../support/seeded.ts';
import { command, type Ended, outputsIn, start } from './command.ts';
import { makeTree } from './tree.ts';

// Commands that are killed (SIGKILL) at moments of their time: nothing is lost, nothing untrue, nothing left. CORR2D_KILLS says how
// often each is killed, CORR2D_SEED when.

const KILLS = Number(process.env['CORR2D_KILLS'] ?? (process.env['CI'] ? 10 : 3));
const SEED = Number(process.env['CORR2D_SEED'] ?? 1);
const TIMEOUT = 120_000 + KILLS * 5_000;

const COUNT = 30;
const names = Array.from({ length: COUNT }, (_, i) => `${i}.png`).sort();
const sample = readFileSync(inCheckout('samples', 'camera.png'));

function place(): string {
  const root = makeTree('in/');
  for (const name of names) writeFileSync(join(root, 'in', name), sample);
  return root;
}

/** How long a whole run takes, in milliseconds, and how it ends. */
async function timed(words: readonly string[], cwd: string): Promise<{ ms: number; ended: Ended }> {
  const began = performance.now();
  const ended = await command(words, { cwd });
  return { ms: performance.now() - began, ended };
}

async function killedAfter(ms: number, words: readonly string[], cwd: string): Promise<Ended> {
  const running = start(words, { cwd });
  void pause(ms).then(() => running.kill('SIGKILL'));
  return running.ended;
}

test('detect, resumed each time', { tags: ['slow'], timeout: TIMEOUT }, async () => {
  const random = seeded(SEED);
  const root = place();
  const words = ['detect', 'in', '-o', 'out', '-j', '2', '--resume'];
  // As many as are in work, and two at the disk: each of them may have been announced and not have taken its name.
  const inFlight = 2 + 2;
  const { ms } = await timed(words, root);
  const wanted = readFileSync(join(root, 'out/0.png'));
  let lost = 0;
  let before = COUNT;
  for (let kill = 0; kill < KILLS; kill++) {
    if (before === COUNT) {
      rmSync(join(root, 'out'), { recursive: true });
      [before, lost] = [0, 0];
    }
    await killedAfter(ms * (0.3 + 0.6 * random()), words, root);
    lost += inFlight;
    const at = existsSync(join(root, 'out')) ? outputsIn(join(root, 'out')) : [];
    const made = at.filter((name) => !/^\.corr2d-.*\.tmp$/.test(name));
    expect(made.filter((name) => !names.includes(name))).toEqual([]);
    for (const name of made) expect(readFileSync(join(root, 'out', name)).equals(wanted)).toBe(true);
    expect(made.length).toBeGreaterThanOrEqual(before);
    before = made.length;
    if (made.length === 0) continue;
    // Each output was announced, so the next run knows it for its own.
    const { pictures } = await readJournal(join(root, 'out/.corr2d/journal.ndjson'));
    const announced = new Set(pictures.map(({ output }) => output.path));
    expect(made.filter((name) => !announced.has(name))).toEqual([]);
    expect(pictures.length - made.length).toBeLessThanOrEqual(lost);
  }
  expect((await command(words, { cwd: root })).status).toBe(0);
  expect(outputsIn(join(root, 'out'))).toEqual(names);
  expect(readdirSync(join(root, 'out/.corr2d'))).toEqual(['journal.ndjson']);
});

test(
  'learn: a kernel file is whole or not there, and what is left goes with the next run',
  { tags: ['slow'], timeout: TIMEOUT },
  async () => {
    const random = seeded(SEED + 1);
    const root = makeTree('pair/');
    const pair = ['before.png', 'after.png'];
    for (const name of pair) {
      const crop = sharp(inCheckout('samples', 'pair', name)).extract({ left: 40, top: 40, width: 160, height: 120 });
      await crop.png().toFile(join(root, 'pair', name));
    }
    const words = [
      'learn',
      ...pair.map((name) => `pair/${name}`),
      '-o',
      'kernel.json',
      '--overwrite',
      '--size',
      '5',
      '-q',
    ];
    const whole = await timed(words, root);
    expect(whole.ended.status).toBe(0);
    const wanted = readFileSync(join(root, 'kernel.json'), 'utf8');
    for (let kill = 0; kill < KILLS; kill++) {
      if (random() < 0.5) rmSync(join(root, 'kernel.json'), { force: true });
      await killedAfter(whole.ms * (0.5 + 0.6 * random()), words, root);
      if (existsSync(join(root, 'kernel.json'))) expect(readFileSync(join(root, 'kernel.json'), 'utf8')).toBe(wanted);
    }
    expect((await command(words, { cwd: root })).status).toBe(0);
    expect(readdirSync(root).toSorted()).toEqual(['kernel.json', 'pair']);
  },
);

test(
  'merge: the journals of shards are there until the whole one is',
  { tags: ['slow'], timeout: TIMEOUT },
  async () => {
    const random = seeded(SEED + 2);
    const root = place();
    for (const i of [1, 2, 3]) await command(['detect', 'in', '-o', 'out', '--shard', `${i}/3`, '-q'], { cwd: root });
    const state = join(root, 'out/.corr2d');
    cpSync(state, join(root, 'before'), { recursive: true });
    const words = ['merge', 'out', '--json'];
    const { ms, ended } = await timed(words, root);
    const wanted = readFileSync(join(state, 'journal.ndjson'), 'utf8');
    for (let kill = 0; kill < KILLS; kill++) {
      rmSync(state, { recursive: true });
      cpSync(join(root, 'before'), state, { recursive: true });
      await killedAfter(ms * (0.6 + 0.45 * random()), words, root);
      const { status, stdout, stderr } = await command(words, { cwd: root });
      // Where the one that was killed was done already, there is nothing to do.
      if (status === 0) expect(stdout).toBe(ended.stdout);
      else expect(stderr).toMatch(/^corr2d: Expected journals of shards in out\/\.corr2d but found none/);
      expect(readdirSync(state)).toEqual(['journal.ndjson']);
      expect(readFileSync(join(state, 'journal.ndjson'), 'utf8')).toBe(wanted);
    }
  },
);
