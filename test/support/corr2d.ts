import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { checkout } from './checkout.ts';

export interface Ran {
  readonly status: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Runs the built command in a folder, as a shell would, and waits for it; killed after a minute. */
export function corr2d(
  words: readonly string[],
  options: { cwd: string; input?: Uint8Array; env?: NodeJS.ProcessEnv },
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(checkout, 'dist', 'cli.js'), ...words], {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      timeout: 60_000,
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.on('error', reject);
    child.on('close', (status) =>
      resolve({ status, stdout: Buffer.concat(out), stderr: Buffer.concat(err).toString() }),
    );
    child.stdin.on('error', () => {});
    child.stdin.end(options.input ?? '');
  });
}
