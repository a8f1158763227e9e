import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';

/** What tells a process from all others, on this machine and elsewhere, also once its number was given to another. */
export interface ProcessIdentity {
  readonly host: string;
  readonly pid: number;
  /** Which start of the machine the process belongs to; Linux alone tells. */
  readonly boot?: string;
  /** In which namespace its number counts; Linux alone tells. */
  readonly namespace?: string;
  /** When it began, in clock ticks since the machine did; Linux alone tells. */
  readonly began?: string;
}

export async function thisProcess(): Promise<ProcessIdentity> {
  const boot = await bootOf();
  const namespace = await namespaceOf();
  const began = (await statusOf(process.pid))?.began;
  return {
    host: hostname(),
    pid: process.pid,
    ...(boot === undefined ? {} : { boot }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(began === undefined ? {} : { began }),
  };
}

/** Whether a process still runs; `unknown` where it cannot be seen from here, on another machine or in another container. */
export async function stateOfProcess(other: ProcessIdentity): Promise<'running' | 'gone' | 'unknown'> {
  if (other.host !== hostname()) return 'unknown';
  const boot = await bootOf();
  if (other.boot !== undefined && boot !== undefined && other.boot !== boot) return 'gone';
  if (other.namespace !== (await namespaceOf())) return 'unknown';
  try {
    // Signal 0 asks only whether the process is there.
    process.kill(other.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return 'gone';
  }
  const status = await statusOf(other.pid);
  if (status === undefined) return 'running';
  const another = other.began !== undefined && status.began !== other.began;
  return another || status.ended ? 'gone' : 'running';
}

async function bootOf(): Promise<string | undefined> {
  const text = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => undefined);
  return text?.trim();
}

async function namespaceOf(): Promise<string | undefined> {
  return readlink('/proc/self/ns/pid').catch(() => undefined);
}

/** Of proc(5)'s `stat`: the state and the start. The name before them, in brackets, may hold anything. */
async function statusOf(pid: number): Promise<{ began: string; ended: boolean } | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  // Fields 3 and 22 of the whole; a zombie has ended and waits for its parent to take note.
  return { began: fields[19], ended: fields[0] === 'Z' || fields[0] === 'X' };
}
