import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { command, start } from '../../batch/command.ts';
import { makeTree } from '../../batch/tree.ts';
import { inCheckout } from '../../support/checkout.ts';
import { quarter } from '../../support/quarter.ts';
import { withoutRedis } from '../redis.ts';
import { keepWorker, place, type Place, until } from './workers.ts';

describe('goldens over workers', { timeout: 300_000 }, () => {
  test.for<[string, string[]]>(
    quarter([
      ['samples', []],
      ['edges, behind a mask', ['--metric', 'boundary', '--distance', '2', '--ignore-mask', 'mask.png']],
      ['what is allowed', ['--threshold', '2/255', '--ignore', '0,0,9,9', '--allow-new', '--allow-deleted']],
      // Called as the value of an option is that names no file.
      ['the structure, of some', ['--metric', 'ssim', '--threshold', '0.5', '--selective']],
    ]),
  )('have the verdicts, evidence and reports of a run without them: %s', async ([, words], { skip }) => {
    if (withoutRedis !== undefined) skip(withoutRedis);
    const at = await goldens(12);
    const { root, redis } = at;
    for (const name of ['absolute', '0.5', '2/255']) {
      mkdirSync(join(root, name, '..'), { recursive: true });
      writeFileSync(join(root, name), '');
    }
    const worker = keepWorker(at);
    const [local, queued] = [
      await command(['verify', 'actual', 'golden', ...words, ...reports(LOCAL)], { cwd: root }),
      await command(['verify', 'actual', 'golden', ...words, ...reports(QUEUED), '--queue', redis.queue], {
        cwd: root,
      }),
    ];
    expect(linesOf(queued.stderr, QUEUED)).toEqual(linesOf(local.stderr, LOCAL));
    expect(linesOf(queued.stdout, QUEUED)).toEqual(linesOf(local.stdout, LOCAL));
    expect({ local: local.status, queued: queued.status }).toEqual({ local: 1, queued: 1 });
    for (const name of ['json', 'xml', 'html']) {
      const [one, other] = [QUEUED, LOCAL].map((way) =>
        readFileSync(join(root, `${way}.${name}`), 'utf8').replaceAll(way, 'x'),
      );
      // Pages are long.
      expect({ name, isSame: one === other }).toEqual({ name, isSame: true });
    }
    expect(evidence(join(root, QUEUED))).toEqual(evidence(join(root, LOCAL)));
    expect(evidence(join(root, LOCAL)).length).toBeGreaterThan(3);
    expect((await worker.stop()).status).toBe(0);
  });

  test(
    'that match leave nothing behind, and fresh evidence takes the place of stale',
    { tags: ['slow'] },
    async ({ skip }) => {
      if (withoutRedis !== undefined) skip(withoutRedis);
      const at = await goldens(6);
      const { root, redis } = at;
      const worker = keepWorker(at);
      const words = ['verify', 'actual', 'golden', '--queue', redis.queue];
      expect((await command(words, { cwd: root })).status).toBe(1);
      expect(evidence(join(root, 'actual-diff'))).not.toEqual([]);
      // One's own among them stays, and is told.
      writeFileSync(join(root, 'actual-diff/1-diff.png'), 'my own');
      rmSync(join(root, 'actual'), { recursive: true });
      mkdirSync(join(root, 'actual'));
      for (const name of ['gone.png', 'sub']) rmSync(join(root, 'golden', name), { recursive: true });
      for (const name of readdirSync(join(root, 'golden')))
        copyFileSync(join(root, 'golden', name), join(root, 'actual', name));
      writeFileSync(join(root, 'actual/1.png'), await negative(join(root, 'golden/1.png')));
      const changed = await command(words, { cwd: root });
      expect(changed.status).toBe(1);
      expect(changed.stderr).toContain('one picture of what changed could not be written: Expected to write');
      expect(evidence(join(root, 'actual-diff')).map(([name]) => name)).toEqual([
        '1-actual.png',
        '1-diff.png',
        '1-expected.png',
      ]);
      expect(readFileSync(join(root, 'actual-diff/1-diff.png'), 'utf8')).toBe('my own');
      rmSync(join(root, 'actual-diff/1-diff.png'));
      copyFileSync(join(root, 'golden/1.png'), join(root, 'actual/1.png'));
      const same = await command(words, { cwd: root });
      expect(same).toMatchObject({ status: 0, stderr: expect.stringContaining('5 passed') as string });
      // As it was before the first picture of a change: there, and empty.
      expect(readdirSync(join(root, 'actual-diff'))).toEqual([]);
      rmSync(join(root, 'actual-diff'), { recursive: true });
      expect((await command(words, { cwd: root })).status).toBe(0);
      expect(existsSync(join(root, 'actual-diff'))).toBe(false);
      await worker.stop();
    },
  );

  test(
    'are compared though workers are killed, and a pair that ends them is told',
    { tags: ['slow'] },
    async ({ skip }) => {
      if (withoutRedis !== undefined) skip(withoutRedis);
      const at = await goldens(20);
      const { root, redis } = at;
      await command(['verify', 'actual', 'golden', ...reports(LOCAL)], { cwd: root });
      copyFileSync(join(root, 'golden/2.png'), join(root, 'golden/poison.png'));
      copyFileSync(join(root, 'golden/2.png'), join(root, 'actual/poison.png'));
      const env = { NODE_OPTIONS: `--import ${inCheckout('test/queue/commands/poison.mjs')}` };
      const workers = [keepWorker(at, ['-q'], env), keepWorker(at, ['-q'], env)];
      const running = start(['verify', 'actual', 'golden', ...reports(QUEUED), '--queue', redis.queue], {
        cwd: root,
        patience: 280_000,
      });
      const ended = await running.ended;
      expect(ended.status).toBe(1);
      expect(ended.stderr).toContain(
        `unreadable poison.png: Expected a picture in ${root}/actual/poison.png that can be worked on but found one that ended its worker 3 times`,
      );
      expect(evidence(join(root, QUEUED))).toEqual(evidence(join(root, LOCAL)));
      const [local, queued] = [LOCAL, QUEUED].map((way) => {
        const text = readFileSync(join(root, `${way}.json`), 'utf8').replaceAll(way, 'x');
        return (JSON.parse(text) as { items: { path: string }[] }).items.filter(({ path }) => path !== 'poison.png');
      });
      expect(queued).toEqual(local);
      await Promise.all(workers.map((worker) => worker.stop()));
    },
  );

  test('are interrupted as without them', async ({ skip }) => {
    if (withoutRedis !== undefined) skip(withoutRedis);
    const at = await goldens(6);
    const { root, redis } = at;
    // Nobody compares them.
    const running = start(['verify', 'actual', 'golden', '--queue', redis.queue], { cwd: root });
    await until('a run', () => existsSync(join(root, 'actual-diff/.corr2d/queue')));
    running.kill('SIGINT');
    const ended = await running.ended;
    expect(ended).toMatchObject({
      status: 130,
      stderr: expect.stringContaining('interrupted: others were not looked at') as string,
    });
    expect(existsSync(join(root, 'actual-diff'))).toBe(false);
  });
});

describe('is refused before anything is queued', () => {
  const address = 'redis://127.0.0.1:1/q';
  const queue = ['--queue', address];
  test.each(
    quarter([
      ['a queue that does not answer', queue, `Expected a queue at ${address} but found no server that listens there`],
      ['an update', [...queue, '--update'], 'Expected no --update with --queue'],
      ['what is the workers’ to say', [...queue, '-j', '77'], 'Expected --jobs and --memory at corr2d worker'],
      ['a root without a queue', ['--root', '.'], 'Expected --queue with --root'],
      ['an output outside the root', [...queue, '-o', '../diff'], 'Expected an output folder below the root'],
      ['pictures outside the root', [...queue, '--root', 'golden'], 'Expected pictures and goldens below the root'],
      ['an option of no use', [...queue, '--distance', '3'], 'boundary'],
    ]),
  )('%s', async (_, words, message) => {
    const cwd = join(makeTree('here/actual/', 'here/golden/'), 'here');
    for (const name of ['actual/a.png', 'golden/a.png'])
      writeFileSync(join(cwd, name), readFileSync(inCheckout('samples', 'camera.png')));
    const ended = await command(['verify', 'actual', 'golden', ...words], { cwd, env: { CI: '' } });
    expect({ status: ended.status, stderr: ended.stderr }).toEqual({
      status: 2,
      stderr: expect.stringContaining(message) as string,
    });
    expect(readdirSync(cwd).toSorted()).toEqual(['actual', 'golden']);
  });
});

/** Names of outputs that stand nowhere else in what is compared. */
const [LOCAL, QUEUED] = ['made-here', 'made-over-a-queue'];

const reports = (way: string): string[] =>
  `-o ${way} --annotations github --json ${way}.json --junit ${way}.xml --report ${way}.html`.split(' ');

/** Folders of pictures and goldens, of which some changed, are new, renamed, gone or no pictures. */
async function goldens(count: number): Promise<Place> {
  const at = await place(count);
  const { root } = at;
  mkdirSync(join(root, 'golden/sub'), { recursive: true });
  mkdirSync(join(root, 'actual/sub'), { recursive: true });
  const copy = (from: string, to: string): void => copyFileSync(join(root, 'in', from), join(root, to));
  for (let i = 0; i < count; i++) {
    const name = i % 4 === 3 ? `sub/${i}.png` : `${i}.png`;
    copy(`${i}.png`, `golden/${name}`);
    if (i % 5 === 0) writeFileSync(join(root, 'actual', name), await negative(join(root, 'golden', name)));
    else if (i !== 4) copy(`${i}.png`, `actual/${name}`);
  }
  copy('4.png', 'actual/renamed.png');
  await sharp(join(root, 'golden/1.png')).blur(3).png().toFile(join(root, 'actual/new.png'));
  await sharp(join(root, 'golden/1.png')).resize(90).png().toFile(join(root, 'actual/2.png'));
  writeFileSync(join(root, 'actual/sub/3.png'), 'no picture');
  copy('1.png', 'golden/gone.png');
  await sharp({ create: { width: 160, height: 160, channels: 3, background: { r: 0, g: 0, b: 0 } } })
    .png()
    .toFile(join(root, 'mask.png'));
  return at;
}

function negative(path: string): Promise<Buffer> {
  return sharp(path).negate().png().toBuffer();
}

/** What a run says, in an order of its own, without what it took. */
function linesOf(text: string, way: string): string[] {
  return text
    .replaceAll(way, 'x')
    .replaceAll(/ in [\d.]+ s/g, '')
    .split('\n')
    .toSorted();
}

/** Pictures of what changed, byte for byte. */
function evidence(folder: string): [string, string][] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'corr2d-verify.json')
    .map((entry): [string, string] => [
      join(entry.parentPath, entry.name).slice(folder.length + 1),
      readFileSync(join(entry.parentPath, entry.name)).toString('latin1'),
    ])
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
}
