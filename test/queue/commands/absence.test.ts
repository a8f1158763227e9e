import { rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { command, start } from '../../batch/command.ts';
import { makeTree } from '../../batch/tree.ts';
import { withoutRedis } from '../redis.ts';
import { place, until } from './workers.ts';

// Queues that do not answer, or not any more: nobody who is asked to end waits for them.

const TIMEOUT = { timeout: 120_000 };

/** A server that does something else with its connections, and how many there were. */
async function server(greet: (socket: Socket) => void): Promise<{ queue: string; connections: () => number }> {
  let connections = 0;
  const listening = createServer((socket) => {
    connections++;
    socket.on('error', () => {});
    greet(socket);
  });
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void listening.close());
  const address = listening.address();
  if (address === null || typeof address === 'string') throw new Error('Expected a port');
  return { queue: `redis://127.0.0.1:${address.port}/q`, connections: () => connections };
}

test('a worker that waits for the first answer ends when it is asked to', TIMEOUT, async () => {
  const silent = await server(() => {});
  const worker = start(['worker', '--queue', silent.queue, '--root', '.'], { cwd: makeTree() });
  await until('a connection', () => silent.connections() > 0);
  worker.kill('SIGTERM');
  expect(await worker.ended).toMatchObject({
    status: 0,
    stderr: expect.stringContaining('finishing the pictures in flight') as string,
  });
});

test('a server that is no Redis is told as such', { ...TIMEOUT, tags: ['slow'] }, async () => {
  const other = await server((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  const ended = await start(['worker', '--queue', other.queue, '--root', '.'], { cwd: makeTree() }).ended;
  expect(ended).toMatchObject({
    status: 2,
    stderr: `corr2d: Expected a queue at ${other.queue} but found a server that does not answer as Redis does\n`,
  });
});

test('a server that asks for a password says where it comes from', { ...TIMEOUT, tags: ['slow'] }, async ({ skip }) => {
  if (withoutRedis !== undefined) skip(withoutRedis);
  const { root, redis } = await place(1, 160, ['--requirepass', 'secret']);
  const ask = async (env: NodeJS.ProcessEnv): Promise<string> =>
    (await command(['status', '--queue', redis.queue], { cwd: root, env })).stderr;
  expect(await ask({})).toContain('but found a server that asks for a password (CORR2D_QUEUE_PASSWORD');
  expect(await ask({ CORR2D_QUEUE_PASSWORD: 'other' })).toContain('but found a server that knows no such user');
  expect(await ask({ CORR2D_QUEUE_PASSWORD: 'secret' })).toBe('');
});

test.for([[], ['--until-empty']])(
  'a worker whose queue has gone away ends when it is asked to: %j',
  { ...TIMEOUT, tags: ['slow'] },
  async (words, { skip }) => {
    if (withoutRedis !== undefined) skip(withoutRedis);
    const { root, redis } = await place(1);
    const call = ['detect', 'in', '-o', 'out', '--queue', redis.queue];
    // Something waits that it cannot do, so that it stays.
    expect((await command([...call, '--detach'], { cwd: root })).status).toBe(0);
    rmSync(join(root, 'out'), { recursive: true });
    const worker = start(['worker', '--queue', redis.queue, '--root', '.', ...words], { cwd: root });
    await until('a worker', () => worker.stderr().includes('takes pictures from'));
    await redis.end();
    await until('a message', () => worker.stderr().includes('waiting for it to come back'));
    worker.kill('SIGTERM');
    const ended = await worker.ended;
    expect(ended).toMatchObject({ status: 0, stderr: expect.stringContaining('did not come back') as string });
  },
);

test(
  'a run whose queue has gone away is interrupted, and says what is left to do',
  { ...TIMEOUT, tags: ['slow'] },
  async ({ skip }) => {
    if (withoutRedis !== undefined) skip(withoutRedis);
    const { root, redis } = await place(1);
    const running = start(['detect', 'in', '-o', 'out', '--queue', redis.queue], { cwd: root });
    await until('a run', async () => {
      const { stdout } = await command(['status', '--queue', redis.queue, '--json'], { cwd: root });
      return (JSON.parse(stdout) as { runs: readonly unknown[] }).runs.length > 0;
    });
    await redis.end();
    await until('a message', () => running.stderr().includes('waiting for it to come back'));
    running.kill('SIGINT');
    const ended = await running.ended;
    expect(ended.status).toBe(130);
    expect(ended.stderr).toMatch(
      /the queue is away; once it is back, corr2d cancel [0-9a-f]{12} takes the rest out of it/,
    );
  },
);
