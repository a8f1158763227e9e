import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { command, outputsIn, start } from '../../batch/command.ts';
import { makeTree } from '../../batch/tree.ts';
import { inCheckout } from '../../support/checkout.ts';
import { quarter } from '../../support/quarter.ts';
import { withoutRedis } from '../redis.ts';
import { differing, keepWorker, linesIn, place, until } from './workers.ts';

describe('a folder over workers', { timeout: 300_000 }, () => {
  test('ends with the outputs, journal, report and exit status of a run without them', async ({ skip }) => {
    if (withoutRedis !== undefined) skip(withoutRedis);
    const at = await place(20);
    const { root, redis, names } = at;
    writeFileSync(join(root, 'in/broken.png'), 'no picture');
    // Called as the value of an option is that names no file.
    for (const name of ['corr2d', 'luma', 'otsu', '70']) writeFileSync(join(root, name), '');
    writeFileSync(join(root, 'kernel.txt'), '[[0,1,0],[1,-4,1],[0,1,0]]');
    const worker = keepWorker(at);
    const frames = names.slice(0, 3).map((name) => readFileSync(join(root, 'in', name)));
    await sharp(frames, { join: { animated: true } })
      .gif()
      .toFile(join(root, 'in/frames.gif'));
    for (const words of [
      ['detect', 'in', '--threshold', 'otsu', '--pages', 'all'],
      ['filter', 'in', '-k', '3x3:0,-1,0,-1,5,-1,0,-1,0', '--format', 'webp', '--quality', '70'],
      ['filter', 'in', '-k', 'kernel.json', '--map', 'offset', '--channel', 'all'],
    ]) {
      if (words.includes('kernel.json')) {
        writeFileSync(
          join(root, 'kernel.json'),
          '{"corr2d":1,"kind":"kernel","shape":[1,1,1,3],"weights":[[[[1,0,-1]]]]}',
        );
      }
      // Of which others would say that they take the first frame alone.
      if (!words.includes('--pages')) rmSync(join(root, 'in/frames.gif'), { force: true });
      const name = words.join('').replaceAll(/\W/g, '');
      const local = await command([...words, '-o', `${name}-local`, '--json', `${name}-local.json`], { cwd: root });
      const queued = await command(
        [...words, '-o', `${name}-queued`, '--queue', redis.queue, '--json', `${name}-queued.json`],
        { cwd: root },
      );
      expect({ status: queued.status, stderr: figuresOut(queued.stderr) }).toEqual({
        status: 1,
        stderr: figuresOut(local.stderr).replace('-local', '-queued'),
      });
      expect(local.status).toBe(1);
      const outputs = outputsIn(join(root, `${name}-local`));
      expect(outputs.length).toBeGreaterThanOrEqual(names.length);
      expect(outputsIn(join(root, `${name}-queued`))).toEqual(outputs);
      expect(differing(join(root, `${name}-queued`), join(root, `${name}-local`), outputs)).toEqual([]);
      expect(await linesIn(join(root, `${name}-queued`))).toEqual(await linesIn(join(root, `${name}-local`)));
      expect(readdirSync(join(root, `${name}-queued/.corr2d`))).toEqual(['journal.ndjson']);
      const [one, other] = ['queued', 'local'].map((way) => report(join(root, `${name}-${way}.json`), way));
      expect(one).toEqual(other);
    }
    const { status } = await worker.stop();
    expect(status).toBe(0);
  });

  test('is left to them with --detach, told of by status, and ended by merge', { tags: ['slow'] }, async ({ skip }) => {
    if (withoutRedis !== undefined) skip(withoutRedis);
    const at = await place(12);
    const { root, redis, names } = at;
    const env = { CORR2D_QUEUE: redis.queue };
    await command(['detect', 'in', '-o', 'local', '-q'], { cwd: root });
    const words = ['detect', 'in', '-o', 'out', '--queue', 'auto'];
    const left = await command([...words, '--detach'], { cwd: root, env });
    expect(left.status).toBe(0);
    const run = left.stdout.trim();
    expect(left.stderr).toContain('corr2d merge out ends the run');
    const status = async (): Promise<{ runs: { state: string; done: number }[] }> =>
      JSON.parse((await command(['status', run, '--json'], { cwd: root, env })).stdout) as {
        runs: { state: string; done: number }[];
      };
    expect((await status()).runs).toMatchObject([{ run, state: 'waiting', pictures: 12, done: 0, failed: 0 }]);
    const early = await command(['merge', 'out'], { cwd: root });
    expect(early).toMatchObject({ status: 2, stderr: expect.stringContaining('Expected 12 pictures') as string });
    const other = await command(['detect', 'in', '-o', 'out', '--overwrite'], { cwd: root });
    expect(other).toMatchObject({ status: 2, stderr: expect.stringContaining('corr2d merge ends it') as string });
    // Ends by itself once there is nothing more to do.
    const worker = await command(['worker', '--root', '.', '--until-empty'], { cwd: root, env });
    expect(worker).toMatchObject({
      status: 0,
      stderr: expect.stringContaining('ended after 12 pictures, 0 failed') as string,
    });
    expect((await status()).runs).toMatchObject([{ run, state: 'done', done: 12 }]);
    const merged = await command(['merge', 'out'], { cwd: root });
    expect(merged).toMatchObject({
      status: 0,
      stderr: expect.stringContaining('12 pictures of workers, 0 failed') as string,
    });
    expect(differing(join(root, 'out'), join(root, 'local'), names)).toEqual([]);
    expect(await linesIn(join(root, 'out'))).toEqual(await linesIn(join(root, 'local')));
    expect(readdirSync(join(root, 'out/.corr2d'))).toEqual(['journal.ndjson']);
    const again = await command([...words, '--resume'], { cwd: root, env });
    expect(again).toMatchObject({ status: 0, stderr: expect.stringContaining('12 skipped') as string });
  });

  test(
    'is given back by a worker that is asked to end, cancelled, and gone on with',
    { tags: ['slow'] },
    async ({ skip }) => {
      if (withoutRedis !== undefined) skip(withoutRedis);
      const at = await place(40, 200);
      const { root, redis, names } = at;
      await command(['detect', 'in', '-o', 'local', '-q'], { cwd: root });
      const words = ['detect', 'in', '-o', 'out', '--queue', redis.queue];
      const run = (await command([...words, '--detach', '-q'], { cwd: root })).stdout.trim();
      const worker = keepWorker(at);
      await until('a picture', () => madeIn(join(root, 'out')).length > 0);
      expect((await worker.stop()).status).toBe(0);
      const done = outputsIn(join(root, 'out'));
      expect(done.length).toBeLessThan(names.length);
      expect(done.filter((name) => name.endsWith('.tmp'))).toEqual([]);
      const cancelled = await command(['cancel', run, '--queue', redis.queue], { cwd: root });
      expect(cancelled).toMatchObject({ status: 0, stderr: expect.stringContaining(`cancelled ${run}`) as string });
      const unknown = await command(['cancel', 'abc', '--queue', redis.queue], { cwd: root });
      expect(unknown).toMatchObject({ status: 2, stderr: expect.stringContaining('Expected a run that') as string });
      keepWorker(at);
      const resumed = await command([...words, '--resume'], { cwd: root });
      expect(resumed).toMatchObject({ status: 0, stderr: expect.stringContaining(`${done.length} skipped`) as string });
      expect(differing(join(root, 'out'), join(root, 'local'), names)).toEqual([]);
      expect((await linesIn(join(root, 'out'))).length).toBe(names.length);
    },
  );

  test('is interrupted as without them: what is in flight is finished', { tags: ['slow'] }, async ({ skip }) => {
    if (withoutRedis !== undefined) skip(withoutRedis);
    const at = await place(40, 200);
    const { root, redis } = at;
    const running = start(['detect', 'in', '-o', 'out', '--queue', redis.queue], { cwd: root });
    const worker = keepWorker(at);
    await until('a picture', () => madeIn(join(root, 'out')).length > 0);
    running.kill('SIGINT');
    const ended = await running.ended;
    expect(ended.status).toBe(130);
    const made = outputsIn(join(root, 'out'));
    expect(made.length).toBeLessThan(40);
    expect((await linesIn(join(root, 'out'))).length).toBe(made.length);
    expect(readdirSync(join(root, 'out/.corr2d'))).toEqual(['journal.ndjson']);
    await worker.stop();
  });
});

describe('is refused before anything is queued', () => {
  const address = 'redis://127.0.0.1:1/q';
  test.each(
    quarter([
      [
        'a queue that does not answer',
        ['detect', 'in', '-o', 'out', '--queue', address],
        'Expected a queue at redis://127.0.0.1:1/q but found no server that listens there',
      ],
      [
        'a worker whose queue does not answer',
        ['worker', '--queue', address, '--root', '.'],
        'Expected a queue at redis://127.0.0.1:1/q',
      ],
      ['an address that is none', ['detect', 'in', '-o', 'out', '--queue', 'somewhere'], 'Expected redis://host'],
      [
        'one output',
        ['detect', 'in/a.png', '-o', 'a.png', '--queue', address],
        'Expected a folder or a template for --output for --queue',
      ],
      ['a watch', ['detect', 'in', '-o', 'out', '--watch', '--queue', address], 'Expected no --watch with --queue'],
      [
        'shards',
        ['detect', 'in', '-o', 'out', '--shard', '1/2', '--queue', address],
        'Expected no --shard with --queue',
      ],
      [
        'standard input',
        ['detect', '-', '-o', 'out', '--queue', address],
        'Expected files, folders or patterns with --queue',
      ],
      [
        'what is the workers’ to say',
        ['detect', 'in', '-o', 'out', '-j', '77', '--queue', address],
        'Expected --jobs and --memory at corr2d worker',
      ],
      ['detaching from nothing', ['detect', 'in', '-o', 'out', '--detach'], 'Expected --queue with --detach'],
      ['a root without a queue', ['detect', 'in', '-o', 'out', '--root', '.'], 'Expected --queue with --root'],
      [
        'outputs outside the root',
        ['detect', 'in', '-o', '../out', '--queue', address],
        'Expected an output folder below the root',
      ],
      [
        'inputs outside the root',
        ['detect', '.', '-o', 'sub/out', '--root', 'sub', '--queue', address],
        'Expected inputs below the root',
      ],
      ['no pictures', ['detect', 'sub', '-o', 'out', '--queue', address], 'Expected at least one picture'],
    ]),
  )('%s', async (_, words, message) => {
    const root = makeTree('here/in/', 'here/sub/');
    const cwd = join(root, 'here');
    for (const name of ['in/a.png', 'b.png'])
      writeFileSync(join(cwd, name), readFileSync(inCheckout('samples', 'camera.png')));
    const ended = await command(words, { cwd });
    expect({ status: ended.status, stderr: ended.stderr }).toEqual({
      status: 2,
      stderr: expect.stringContaining(message) as string,
    });
    expect(readdirSync(cwd).toSorted()).toEqual(['b.png', 'in', 'sub']);
  });
});

function madeIn(folder: string): string[] {
  return existsSync(folder) ? outputsIn(folder).filter((name) => !name.endsWith('.tmp')) : [];
}

/** What a run says, without what it took. */
function figuresOut(text: string): string {
  return text.replaceAll(/ in [\d.]+ s \([\d.]+ MP\/s\)/g, '');
}

function report(path: string, way: string): unknown {
  const text = readFileSync(path, 'utf8').replaceAll(`-${way}`, '-x');
  const { summary, pictures, ...rest } = JSON.parse(text) as {
    summary: object;
    pictures: { output: string; seconds: number }[];
  };
  const alike = pictures
    .map((picture) => ({ ...picture, seconds: 0 }))
    .toSorted((a, b) => (a.output < b.output ? -1 : 1));
  return { ...rest, pictures: alike, summary: { ...summary, seconds: 0, megapixelsPerSecond: 0 } };
}
