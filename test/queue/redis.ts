import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { onTestFinished } from 'vitest';

const found = spawnSync('redis-server', ['--version'], { encoding: 'utf8' });

/** Why tests that need a server for queues cannot run here; nothing where they can. */
export const withoutRedis: string | undefined =
  found.status === 0 ? undefined : 'no redis-server is installed (Debian: redis-server)';

export interface RedisServer {
  readonly port: number;
  /** Of a queue. */
  readonly queue: string;
  /** Ends it at once and starts it again, with what it had written. */
  restart(downFor: number): Promise<void>;
  /** Ends it at once, for good. */
  end(): Promise<void>;
}

/** A server of its own on a free port, which writes all that it is told to disk; gone when the test has ended. */
export async function startRedis(folder: string, ...settings: readonly string[]): Promise<RedisServer> {
  const port = await freePort();
  const data = join(folder, 'redis');
  mkdirSync(data, { recursive: true });
  let server = await start();
  onTestFinished(async () => {
    server.kill('SIGKILL');
    await gone(server);
  });
  return {
    port,
    queue: `redis://127.0.0.1:${port}/test`,
    async restart(downFor) {
      server.kill('SIGKILL');
      await gone(server);
      await pause(downFor);
      server = await start();
    },
    async end() {
      server.kill('SIGKILL');
      await gone(server);
    },
  };

  async function start(): Promise<ChildProcess> {
    const words = ['--port', String(port), '--bind', '127.0.0.1', '--dir', data, '--save', '', '--appendonly', 'yes'];
    const child = spawn('redis-server', [...words, '--appendfsync', 'always', ...settings], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise<void>((resolve, reject) => {
      let text = '';
      child.stdout?.setEncoding('utf8').on('data', (more: string) => {
        text += more;
        if (text.includes('Ready to accept connections')) resolve();
      });
      child.on('error', reject);
      child.on('exit', () => reject(new Error(`Expected a server that starts but received ${text}`)));
    });
    return child;
  }
}

async function gone(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('Expected a port');
  return address.port;
}
