import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, expect, test } from 'vitest';
import type { Shard } from '../../src/batch/inputs/shard.ts';
import { takeLock } from '../../src/batch/state/lock.ts';
import { PlanError } from '../../src/disk/planError.ts';
import { type ProcessIdentity, shortOf, stateOfProcess, thisProcess } from '../../src/disk/processes.ts';
import { writeFileSafely } from '../../src/disk/writeFileSafely.ts';
import { inCheckout, temporaryFolder } from '../support/checkout.ts';
import { run } from '../support/run.ts';
import { errorOf, makeTree } from './tree.ts';

const folder = temporaryFolder();
afterAll(folder.remove);

/** A state folder in which another run has left its lock. */
function lockedBy(other: ProcessIdentity, shard?: Shard): { root: string; state: string } {
  const root = makeTree('.corr2d/', 'sub/.corr2d-abcdef123456-0011.tmp', '.corr2d-000000000000-0011.tmp', 'a.png');
  const state = join(root, '.corr2d');
  const lock = { corr2d: 1, kind: 'lock', time: '2026-01-02T03:04:05Z', process: other, mark: 'abcdef123456', shard };
  writeFileSync(join(state, 'lock-abcdef123456.json'), JSON.stringify(lock));
  return { root, state };
}

const take = (state: string, shard?: Shard): ReturnType<typeof takeLock> => {
  return takeLock(state, { shard, folders: [join(state, '..'), join(state, '../sub')] });
};

test('a lock is a file while it is held, and leaves nothing', async () => {
  const root = makeTree();
  const state = join(root, '.corr2d');
  const lock = await take(state);
  const [name] = readdirSync(state);
  expect(name).toMatch(/^lock-[0-9a-f]{12}\.json$/);
  const held = JSON.parse(readFileSync(join(state, name), 'utf8'));
  expect(held.process).toEqual(thisProcess());
  lock.release();
  expect(readdirSync(root)).toEqual([]);
});

test('a run that goes on keeps others out, and is named', async () => {
  const { root, state } = lockedBy(thisProcess());
  const error = await errorOf(take(state));
  expect(error).toBeInstanceOf(PlanError);
  expect(error.message).toBe(
    `Expected a folder that no other run writes to but found one of process ${process.pid} on ${hostname()} since 2026-01-02T03:04:05Z; wait for its end, or, once no run writes there, remove ${state}/lock-abcdef123456.json`,
  );
  expect(readdirSync(state)).toEqual(['lock-abcdef123456.json']);
  expect(readdirSync(join(root, 'sub'))).toHaveLength(1);
});

test('the lock of a process that is gone is stale: what it left is removed, and nothing else', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  const pid = child.pid ?? expect.fail('Expected a process');
  const own = thisProcess();
  expect(stateOfProcess({ ...own, pid, began: undefined as never })).toBe('running');
  child.kill('SIGKILL');
  await new Promise((resolve) => child.on('exit', resolve));
  const { root, state } = lockedBy({ ...own, pid });
  const lock = await take(state);
  expect(lock.stale).toBe(1);
  expect(readdirSync(join(root, 'sub'))).toEqual([]);
  expect(readdirSync(root).toSorted()).toEqual(['.corr2d', '.corr2d-000000000000-0011.tmp', 'a.png', 'sub']);
  expect(readdirSync(state)).toHaveLength(1);
  lock.release();
});

test.runIf(process.platform === 'linux')(
  'a process is told from another of its number, and from one before a restart',
  async () => {
    const own = thisProcess();
    expect(stateOfProcess(own)).toBe('running');
    expect(stateOfProcess({ ...own, began: '1' })).toBe('gone');
    expect(stateOfProcess({ ...own, boot: 'another' })).toBe('gone');
    expect(stateOfProcess({ ...own, host: 'another' })).toBe('unknown');
    expect(stateOfProcess({ ...own, namespace: 'pid:[1]' })).toBe('unknown');
  },
);

test('a process elsewhere cannot be seen, so its lock holds', async () => {
  const { state } = lockedBy({ host: 'another.example', pid: 1 });
  expect((await errorOf(take(state))).message).toContain('process 1 on another.example');
});

test('a lock that cannot be read holds', async () => {
  const state = join(makeTree('.corr2d/'), '.corr2d');
  writeFileSync(join(state, 'lock-1234.json'), '{"mark":"../..","process":{"host":"x","pid":1}}');
  expect((await errorOf(take(state))).message).toContain(
    'found a lock that cannot be read; once no run writes there, remove',
  );
});

test('shards of one division stand side by side; any others do not', async () => {
  const own = thisProcess();
  const one = { index: 1, count: 4 };
  (await take(lockedBy(own, one).state, { index: 2, count: 4 })).release();
  for (const other of [one, { index: 2, count: 5 }, undefined]) {
    expect(await errorOf(take(lockedBy(own, one).state, other))).toBeInstanceOf(PlanError);
  }
  expect(await errorOf(take(lockedBy(own).state, one))).toBeInstanceOf(PlanError);
});

test('a folder where the lock should be is no lock', async () => {
  const state = join(makeTree('.corr2d/'), '.corr2d');
  mkdirSync(join(state, 'lock-1234.json'));
  expect(await errorOf(take(state))).toBeInstanceOf(PlanError);
});

test('temporary files of a process that is gone are known by their names, and removed where the next one writes', async () => {
  const child = spawn(process.execPath, ['-e', '']);
  const pid = child.pid ?? expect.fail('Expected a process');
  const own = thisProcess();
  await new Promise((resolve) => child.on('exit', resolve));
  const name = (one: ProcessIdentity): string => `.corr2d-0123456789ab-cdef01234567-${shortOf(one)}.tmp`;
  const gone = [name({ ...own, pid }), name({ ...own, boot: 'before the machine was started again' })];
  const stay = [
    name(own),
    name({ ...own, host: 'another.example', pid }),
    name({ ...own, namespace: 'pid:[1]', pid }),
    '.corr2d-0123456789ab-cdef01234567.tmp',
    '.corr2d-0123456789ab-cdef01234567-x_0_1_0.tmp',
  ];
  const root = makeTree(...gone, ...stay);
  await writeFileSafely(join(root, 'new'), Buffer.of(1));
  expect(readdirSync(root).toSorted()).toEqual([...stay, 'new'].toSorted());
});

test('of many that ask at once, each gets it in its turn, one at a time', async () => {
  const root = makeTree('.corr2d/');
  const state = join(root, '.corr2d');
  const program = `
    import { takeLock } from ${JSON.stringify(join(folder.path, 'lock.js'))};
    import { appendFileSync } from 'node:fs';
    for (;;) {
      const lock = await takeLock(process.argv[1], { shard: undefined, folders: [] }).catch((error) => {
        if (error.name !== 'PlanError') throw error;
      });
      if (lock === undefined) continue;
      appendFileSync(process.argv[1] + '/log', process.pid + ' in\\n');
      await new Promise((resolve) => setTimeout(resolve, 5));
      appendFileSync(process.argv[1] + '/log', process.pid + ' out\\n');
      lock.release();
      break;
    }
  `;
  await build({
    entryPoints: [inCheckout('src/batch/state/lock.ts')],
    outdir: folder.path,
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
  });
  const ran = await Promise.all(
    Array.from({ length: 6 }, () =>
      run(process.execPath, ['--input-type=module', '-e', program, state], { cwd: root }),
    ),
  );
  expect(ran.map(({ status, stderr }) => [status, stderr])).toEqual(Array(6).fill([0, '']));
  const lines = readFileSync(join(state, 'log'), 'utf8').trimEnd().split('\n');
  expect(lines).toHaveLength(12);
  for (let i = 0; i < lines.length; i += 2) expect(lines[i + 1]).toBe(lines[i].replace('in', 'out'));
  expect(readdirSync(state)).toEqual(['log']);
});
