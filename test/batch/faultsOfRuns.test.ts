import { appendFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { inCheckout, temporaryFolder } from '../support/checkout.ts';
import { quarter } from '../support/quarter.ts';
import { command, outputsIn, type Running, start } from './command.ts';
import { makeTree } from './tree.ts';

// The faults of runs that end before they are done, and of two at once: 38 to 40 of those that faults.test.ts goes through.

const COUNT = 40;
const sample = readFileSync(inCheckout('samples', 'camera.png'));
const names = Array.from({ length: COUNT }, (_, i) => `${i}.png`).sort();
let wanted: Buffer;

function place(): string {
  const root = makeTree('in/');
  for (const name of names) writeFileSync(join(root, 'in', name), sample);
  return root;
}

beforeAll(async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder.path, 'x.png'), sample);
  await command(['detect', 'x.png', '-o', 'y.png'], { cwd: folder.path });
  wanted = readFileSync(join(folder.path, 'y.png'));
  await folder.remove();
});

const WORDS = ['detect', 'in', '-o', 'out', '-j', '2', '--ndjson'];

/** Waits until so many pictures were told of. */
async function until(running: Running, pictures: number): Promise<void> {
  const told = (): number => running.stdout().split('\n').length - 1;
  let over = false;
  void running.ended.then(() => (over = true));
  while (told() < pictures && !over) await pause(2);
}

/** What is there is whole, and nothing else is. */
function expectWhole(root: string, at: readonly string[] = outputsIn(join(root, 'out'))): void {
  for (const name of at) expect(readFileSync(join(root, 'out', name)).equals(wanted)).toBe(true);
  expect(at.filter((name) => !names.includes(name))).toEqual([]);
}

/** Resumes, and has all. */
async function expectResumed(root: string): Promise<void> {
  const { status, stderr } = await command([...WORDS, '--resume'], { cwd: root });
  expect([status, stderr.match(/\d+ failed/)?.[0]]).toEqual([0, '0 failed']);
  expect(outputsIn(join(root, 'out'))).toEqual(names);
  expectWhole(root);
  expect(readdirSync(join(root, 'out/.corr2d'))).toEqual(['journal.ndjson']);
}

describe('38 a run that is interrupted', () => {
  const asking = process.platform === 'win32' ? ['SIGINT'] : ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGXCPU'];

  test.each(
    quarter([
      ...asking.map((signal) => [signal, 'once'] as const),
      // npm hands the Ctrl-C of the terminal on to a child that has got it, too.
      ['SIGINT', 'passed on'] as const,
    ]),
  )('%s %s finishes what is in flight', async (signal, how) => {
    const root = place();
    const running = start(WORDS, { cwd: root });
    await until(running, 3);
    running.kill(signal as NodeJS.Signals);
    if (how === 'passed on') {
      await pause(5);
      running.kill(signal as NodeJS.Signals);
    }
    const { status, stdout, stderr } = await running.ended;
    expect(status).toBe(130);
    expect(stderr).toMatch(/^corr2d: interrupted: finishing the pictures in flight; once more gives them up$/m);
    const told = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { output: string });
    const made = outputsIn(join(root, 'out'));
    // Every one that was begun was told of, and no more were begun.
    expect(made).toEqual(told.map(({ output }) => output.slice('out/'.length)).sort());
    expect(made.length).toBeLessThan(COUNT);
    expect(stderr).toMatch(
      new RegExp(`^${made.length} pictures, .* 0 failed, ${COUNT - made.length} left: --resume goes on → out$`, 'm'),
    );
    expectWhole(root);
    expect(readdirSync(join(root, 'out/.corr2d'))).toEqual(['journal.ndjson']);
    await expectResumed(root);
  });

  test.each(
    quarter([
      ['twice', ['SIGINT', 'SIGINT']],
      ['twice, by a terminal that is closed', ['SIGHUP', 'SIGTERM']],
      ['by Ctrl-\\', ['SIGQUIT']],
    ] as const),
  )('%s gives up what is in flight, and leaves nothing half written', async (_, signals) => {
    const root = place();
    const running = start(WORDS, { cwd: root });
    await until(running, 3);
    for (const signal of signals) {
      running.kill(signal);
      await pause(250);
    }
    expect((await running.ended).status).toBe(130);
    expectWhole(root);
    expect(readdirSync(join(root, 'out/.corr2d'))).toEqual(['journal.ndjson']);
    await expectResumed(root);
  });

  test('a reader that goes away does not end it', async () => {
    const root = place();
    const { status } = await command(WORDS, { cwd: root, script: 'set -o pipefail; "$@" | head -n 1' });
    expect(status).toBe(0);
    expect(outputsIn(join(root, 'out'))).toEqual(names);
  });

  test.each(
    quarter([
      ['that goes away', '"$@" 2>&1 >/dev/null | head -n 1'],
      ['that was never there', '"$@" 2>&1 >/dev/null | true'],
      ['of a full disk', '"$@" 2>/dev/full >/dev/null'],
    ]),
  )('neither does a reader of standard error %s', async (_, script) => {
    const root = place();
    for (const name of ['0', '2', '4']) writeFileSync(join(root, 'in', `${name}-bad.png`), 'bad');
    const { status } = await command(WORDS, { cwd: root, script: `set -o pipefail; ${script}` });
    expect(status).toBe(1);
    expect(outputsIn(join(root, 'out'))).toEqual(names);
    expect(readdirSync(join(root, 'out/.corr2d'))).toEqual(['journal.ndjson']);
  });

  test(
    'standard output that cannot be written is told once; pictures, summary and status are those of the run',
    { tags: ['slow'] },
    async () => {
      const root = place();
      for (const words of [WORDS, [...WORDS, '--overwrite', '--json']]) {
        const { status, stderr } = await command(words, { cwd: root, script: '"$@" > /dev/full' });
        expect(status).toBe(1);
        expect(stderr).toMatch(
          /^corr2d: Expected to write standard output but found a disk that is full\n40 pictures.* 0 failed → out\n.*\n$/,
        );
        expect(outputsIn(join(root, 'out'))).toEqual(names);
      }
    },
  );
});

describe('39 a run that is killed', () => {
  test('with the journal torn in its last line, or gone', { tags: ['slow'] }, async () => {
    const root = place();
    const running = start(WORDS, { cwd: root });
    await until(running, 3);
    running.kill('SIGKILL');
    await running.ended;
    const journal = join(root, 'out/.corr2d/journal.ndjson');
    appendFileSync(journal, '{"kind":"picture","time":"2026-01-01T00:0');
    const resumed = await command([...WORDS, '--resume'], { cwd: root });
    expect(resumed.stderr).toMatch(/^corr2d: passed over 1 line of the journal that cannot be read$/m);
    expect(resumed.stderr).toMatch(/^corr2d: removed what a run left that ended without cleaning up$/m);
    await expectResumed(root);
    writeFileSync(journal, '');
    const refused = await command([...WORDS, '--resume'], { cwd: root });
    expect(refused.status).toBe(2);
    expect(refused.stderr).toMatch(/out\/0\.png exists and is of no earlier run; --overwrite replaces it/);
  });
});

describe('40 two runs into one folder', () => {
  test('the second is refused while the first goes on, which is not disturbed', { tags: ['slow'] }, async () => {
    const root = place();
    const first = start(WORDS, { cwd: root });
    await until(first, 1);
    const second = await command([...WORDS, '--overwrite'], { cwd: root });
    const { status } = await first.ended;
    // Where the first was done sooner than the second had started, there were no two.
    if (second.status !== 0) {
      expect(second.status).toBe(2);
      expect(second.stderr).toMatch(
        new RegExp(`^corr2d: Expected a folder that no other run writes to but found one of process ${first.pid} on `),
      );
    }
    expect(status).toBe(0);
    expectWhole(root);
    expect(outputsIn(join(root, 'out'))).toEqual(names);
  });

  test('a stale lock does not keep anyone out', { tags: ['slow'] }, async () => {
    const root = place();
    mkdirSync(join(root, 'out'));
    const running = start(WORDS, { cwd: root });
    await until(running, 1);
    running.kill('SIGKILL');
    await running.ended;
    const locks = readdirSync(join(root, 'out/.corr2d')).filter((name) => name.startsWith('lock-'));
    expect(locks).toHaveLength(1);
    const lock = join(root, 'out/.corr2d', locks[0]);
    const stale = readFileSync(lock);
    await expectResumed(root);
    // Of a run that was killed when all was done: the next one has no work, and cleans up.
    writeFileSync(lock, stale);
    await expectResumed(root);
  });
});
