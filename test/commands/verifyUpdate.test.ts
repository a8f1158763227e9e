import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import sharp from 'sharp';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { seededRandom } from '../../src/layers/random.ts';
import { command, type Running, start } from '../batch/command.ts';
import { temporaryFolder } from '../support/checkout.ts';
import { outsideCi } from '../support/outsideCi.ts';
import { quarter } from '../support/quarter.ts';

const WORDS = ['verify', 'actual', 'golden', '--update', '--prune'];
const NO_CI = outsideCi;

let pictures: Buffer[];
beforeAll(async () => {
  const samples = (seed: number) => Uint8Array.from({ length: 120 * 90 }, (_, i) => (i * (2 * seed + 3)) % 251);
  const raw = { width: 120, height: 90, channels: 1 } as const;
  pictures = await Promise.all(
    Array.from({ length: 60 }, (_, i) => sharp(samples(i), { raw }).toColourspace('b-w').png().toBuffer()),
  );
});

/** Files by their names below a folder, of both sides of the command's own folder. */
function filesIn(folder: string): Map<string, Buffer> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    entries.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [path.slice(folder.length + 1), readFileSync(path)];
    }),
  );
}

function place(): string {
  const { path, remove } = temporaryFolder();
  onTestFinished(remove);
  mkdirSync(join(path, 'actual'));
  return path;
}

function put(root: string, name: string, bytes: Buffer): void {
  mkdirSync(dirname(join(root, name)), { recursive: true });
  writeFileSync(join(root, name), bytes);
}

const UPDATE = /^(replaced|added|removed|moved) +(?:(\S+) → )?(\S+)$/gm;

async function untilTold(running: Running, updates: number): Promise<void> {
  let over = false;
  void running.ended.then(() => (over = true));
  while ((running.stderr().match(UPDATE) ?? []).length < updates && !over) await pause(1);
}

describe('verify --update', () => {
  test.each(quarter(['SIGINT', 'SIGTERM'] as const))(
    'accepts at %s nothing that it did not say, and ends with 130',
    async (signal) => {
      const root = place();
      for (const [i, bytes] of pictures.entries()) put(root, `actual/${i}.png`, bytes);
      const running = start([...WORDS, '--json', 'report.json'], { cwd: root, env: NO_CI });
      await untilTold(running, 2);
      running.kill(signal);
      const { status, stderr } = await running.ended;
      const told = [...stderr.matchAll(UPDATE)].map((match) => match[3]).sort();
      const goldens = [...filesIn(join(root, 'golden')).keys()].sort();
      expect([status, goldens]).toEqual([130, [...told, 'corr2d-goldens.json'].sort()]);
      expect(told.length).toBeLessThan(pictures.length);
      expect(stderr).toMatch(/^corr2d: interrupted: /m);
      expect(stderr).toMatch(new RegExp(`60 new; ${told.length} goldens? updated; interrupted: `));
      const report = JSON.parse(readFileSync(join(root, 'report.json'), 'utf8'));
      expect(report).toMatchObject({ type: 'danger', match: false, interrupted: true });
      expect((await command(WORDS, { cwd: root, env: NO_CI })).status).toBe(0);
      expect((await command(['verify', 'actual', 'golden'], { cwd: root })).status).toBe(0);
      expect(filesIn(join(root, 'golden')).size).toBe(pictures.length + 1);
    },
  );

  test('does not run beside another', { tags: ['slow'] }, async () => {
    const root = place();
    for (const [i, bytes] of pictures.entries()) put(root, `actual/${i}.png`, bytes);
    const first = start(WORDS, { cwd: root, env: NO_CI });
    await untilTold(first, 1);
    const second = await command(WORDS, { cwd: root, env: NO_CI });
    // Where the first was done sooner than the second had started, there were no two.
    if (second.status !== 0) expect(second.stderr).toMatch(/^corr2d: Expected a folder that no other run writes to /);
    expect((await first.ended).status).toBe(0);
    expect(readdirSync(join(root, 'golden'))).toHaveLength(pictures.length + 1);
  });

  test('leaves no folder where it is refused', { tags: ['slow'] }, async () => {
    const root = place();
    expect((await command(['verify', 'nowhere', 'golden', '--update'], { cwd: root, env: NO_CI })).status).toBe(2);
    expect((await command(['verify', 'actual', 'actual/x', '--update'], { cwd: root, env: NO_CI })).status).toBe(2);
    expect(readdirSync(root, { recursive: true })).toEqual(['actual']);
  });
});

describe('verify --update, killed', () => {
  const kills = Number(process.env['CORR2D_KILLS'] ?? 4);

  test(
    `${kills} times, at any moment: nothing is lost, nothing untrue, nothing left`,
    { tags: ['slow'], timeout: 60_000 + kills * 4000 },
    async () => {
      const root = place();
      const random = seededRandom(20);
      const pick = (below: number): number => Math.floor(random.uniform(0, below));
      const golden = join(root, 'golden');
      const actual = join(root, 'actual');
      for (const [i, bytes] of pictures.slice(0, 24).entries()) put(root, `actual/${i}.png`, bytes);
      expect((await command(WORDS, { cwd: root, env: NO_CI })).status).toBe(0);
      for (let kill = 0; kill < kills; kill++) {
        change(actual, kill, pick);
        const before = filesIn(golden);
        const wanted = filesIn(actual);
        const running = start(WORDS, { cwd: root, env: NO_CI });
        await untilTold(running, pick(12));
        await pause(random.uniform(0, 12));
        running.kill('SIGKILL');
        const { stderr } = await running.ended;
        expectWhole(filesIn(golden), before, wanted, stderr);
      }
      expect((await command(WORDS, { cwd: root, env: NO_CI })).status).toBe(0);
      expect((await command(['verify', 'actual', 'golden'], { cwd: root })).status).toBe(0);
      expect([...filesIn(golden).keys()].sort()).toEqual([...filesIn(actual).keys(), 'corr2d-goldens.json'].sort());
      expect(readdirSync(golden).filter((name) => name.startsWith('.'))).toEqual([]);
      const manifest = JSON.parse(readFileSync(join(golden, 'corr2d-goldens.json'), 'utf8'));
      expect(Object.keys(manifest.pictures).sort()).toEqual([...filesIn(actual).keys()].sort());
    },
  );

  /** Some pictures are changed, some renamed, one is gone and one is new. */
  function change(actual: string, turn: number, pick: (below: number) => number): void {
    const names = [...filesIn(actual).keys()];
    const take = (): string => names.splice(pick(names.length), 1)[0];
    for (let i = 0; i < 6; i++) writeFileSync(join(actual, take()), pictures[24 + pick(36)]);
    for (let i = 0; i < 3; i++) renameSync(join(actual, take()), join(actual, `renamed-${turn}-${i}.png`));
    rmSync(join(actual, take()));
    put(actual, `deep/new-${turn}.png`, pictures[pick(24)]);
  }

  function expectWhole(
    now: ReadonlyMap<string, Buffer>,
    before: ReadonlyMap<string, Buffer>,
    wanted: ReadonlyMap<string, Buffer>,
    stderr: string,
  ): void {
    for (const [name, bytes] of now) {
      if (/(^|\/)\.corr2d-\w+-\w+-\w+\.tmp$|^\.corr2d\/lock-\w+\.json$|^corr2d-goldens\.json$/.test(name)) continue;
      const known = [before.get(name), wanted.get(name)].filter((one) => one !== undefined);
      expect([extname(name), known.some((one) => one.equals(bytes))], name).toEqual(['.png', true]);
    }
    // What was told is so.
    for (const [, action, from, name] of stderr.matchAll(UPDATE)) {
      if (action === 'removed') expect(now.has(name)).toBe(false);
      else expect(now.get(name)?.equals(wanted.get(name) ?? Buffer.alloc(0)), `${action} ${name}`).toBe(true);
      if (from !== undefined) expect(now.has(from)).toBe(false);
    }
    // What is gone was told, has another name, or is of a picture that is gone: never the samples of one that is there.
    for (const [name, bytes] of before) {
      if (now.has(name) || name === 'corr2d-goldens.json' || name.startsWith('.corr2d')) continue;
      const renamed = [...now].some(([other, same]) => !before.has(other) && same.equals(bytes));
      expect(renamed || !wanted.has(name), name).toBe(true);
    }
  }
});
