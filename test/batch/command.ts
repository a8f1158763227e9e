import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { checkout } from '../support/checkout.ts';

/** The built command's file. */
export const CLI: string = join(checkout, 'dist', 'cli.js');

export interface Ended {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly pid: number;
  /** What it has written to standard output so far. */
  stdout(): string;
  /** And to standard error. */
  stderr(): string;
  kill(signal: NodeJS.Signals): void;
  readonly ended: Promise<Ended>;
}

/** Starts the command, or a shell's script in which `"$@"` is the command; it is killed after a minute, or `patience` in milliseconds. */
export function start(
  words: readonly string[],
  options: { cwd: string; script?: string; env?: NodeJS.ProcessEnv; patience?: number },
): Running {
  const call = [process.execPath, CLI, ...words];
  const [program, ...rest] = options.script === undefined ? call : ['bash', '-c', options.script, 'bash', ...call];
  const child = spawn(program, rest, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: options.patience ?? 60_000,
    killSignal: 'SIGKILL',
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status, signal) => resolve({ status, signal, stdout, stderr }));
  });
  return {
    pid: child.pid ?? 0,
    stdout: () => stdout,
    stderr: () => stderr,
    kill: (signal) => void child.kill(signal),
    ended,
  };
}

/** Runs it to its end. */
export function command(words: readonly string[], options: Parameters<typeof start>[1]): Promise<Ended> {
  return start(words, options).ended;
}

/** The files below a folder by their paths, without those that the command keeps for itself. */
export function outputsIn(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((path) => !path.startsWith('.corr2d/'))
    .sort();
}
