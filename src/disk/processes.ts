import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
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

export function thisProcess(): ProcessIdentity {
  const boot = bootOf();
  const namespace = namespaceOf();
  const began = statusOf(process.pid)?.began;
  return {
    host: hostname(),
    pid: process.pid,
    ...(boot === undefined ? {} : { boot }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(began === undefined ? {} : { began }),
  };
}

/** Whether a process still runs; `unknown` where it cannot be seen from here, on another machine or in another container. */
export function stateOfProcess(other: ProcessIdentity): 'running' | 'gone' | 'unknown' {
  if (other.host !== hostname()) return 'unknown';
  const boot = bootOf();
  if (other.boot !== undefined && boot !== undefined && other.boot !== boot) return 'gone';
  if (other.namespace !== namespaceOf()) return 'unknown';
  return stateHere(other.pid, other.began);
}

/** A process in letters, digits and `_`, for file names: {@link stateOfShort} reads it. */
export function shortOf({ host, pid, boot, namespace, began }: ProcessIdentity): string {
  return [placeOf(host, namespace), boot === undefined ? '0' : hashed(boot), pid.toString(36), began ?? '0'].join('_');
}

/** {@link stateOfProcess} of what {@link shortOf} gave; a text that is none is of no process that could be seen. */
export function stateOfShort(short: string): 'running' | 'gone' | 'unknown' {
  const [, place, boot, pid, began] = /^([0-9a-f]{8})_([0-9a-f]{8}|0)_([0-9a-z]{1,8})_(\d{1,20})$/.exec(short) ?? [];
  if (place === undefined || place !== placeOf(hostname(), namespaceOf())) return 'unknown';
  const own = bootOf();
  if (boot !== '0' && own !== undefined && boot !== hashed(own)) return 'gone';
  return stateHere(Number.parseInt(pid, 36), began === '0' ? undefined : began);
}

function placeOf(host: string, namespace: string | undefined): string {
  return hashed(`${host}\0${namespace ?? ''}`);
}

function hashed(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}

/** Of a process whose number counts here. */
function stateHere(pid: number, began: string | undefined): 'running' | 'gone' {
  try {
    // Signal 0 asks only whether the process is there.
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return 'gone';
  }
  const status = statusOf(pid);
  if (status === undefined) return 'running';
  const another = began !== undefined && status.began !== began;
  return another || status.ended ? 'gone' : 'running';
}

let boot: string | undefined;

function bootOf(): string | undefined {
  boot ??= textOf('/proc/sys/kernel/random/boot_id')?.trim();
  return boot;
}

function namespaceOf(): string | undefined {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return undefined;
  }
}

/** Of proc(5)'s `stat`: the state and the start. The name before them, in brackets, may hold anything. */
function statusOf(pid: number): { began: string; ended: boolean } | undefined {
  const text = textOf(`/proc/${pid}/stat`);
  if (text === undefined) return undefined;
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  // Fields 3 and 22 of the whole; a zombie has ended and waits for its parent to take note.
  return { began: fields[19], ended: fields[0] === 'Z' || fields[0] === 'X' };
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
