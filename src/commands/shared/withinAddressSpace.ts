import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { addressSpace } from '../../disk/addressSpace.ts';

/** Node's own option: memories of WebAssembly then reserve what they hold, and every access is compared with their ends. */
const WITHOUT_GUARDS = '--disable-wasm-trap-handler';

/** The exit status of a call that cannot be carried out; told before anything else is loaded. */
const REFUSED = 2;

const GIB = 2 ** 30;

/** What Node and the decoders take for a small picture: with less they end by a signal, in the middle of things. */
const LEAST = 1.25 * GIB;

/** Addresses that a memory of WebAssembly reserves, so that no access needs to be compared with its end. */
const GUARDED_MEMORY = 10 * GIB;

/** Memories of one thread: for operations, for planes, and one more where those are full. */
const MEMORIES = 3;

/**
 * Runs the command in a process of its own where this one has too few addresses for memories with guards: Node takes the option
 * that does without only when it starts. Where they do not suffice either way, it says so.
 *
 * @returns the exit status, or undefined where this process serves
 */
export async function withinAddressSpace(): Promise<number | undefined> {
  const bytes = addressSpace();
  if (bytes < LEAST) {
    const kib = (size: number): number => Math.floor(size / 1024);
    process.stderr.write(
      `corr2d: Expected at least ${kib(LEAST)} KiB of address space (ulimit -v) but received ${kib(bytes)}\n`,
    );
    return REFUSED;
  }
  const threads = availableParallelism() + 1;
  if (bytes >= LEAST + threads * MEMORIES * GUARDED_MEMORY || isWithoutGuards()) {
    endWithParent();
    return undefined;
  }
  return runAgain();
}

function isWithoutGuards(): boolean {
  return [...process.execArgv, ...(process.env.NODE_OPTIONS ?? '').split(/\s+/)].includes(WITHOUT_GUARDS);
}

/** In a group of its own, so that a terminal's signals come once: to this process, which passes them on. */
async function runAgain(): Promise<number> {
  const child = spawn(process.execPath, [WITHOUT_GUARDS, ...process.execArgv, ...process.argv.slice(1)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    detached: true,
    // The C library reserves 64 MiB for each of many threads unless it is told not to.
    env: { MALLOC_ARENA_MAX: '2', ...process.env, [CHILD]: '1' },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const)
    process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (status, signal) => {
      if (signal === null) return resolve(status ?? 0);
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    });
  });
}

const CHILD = 'CORR2D_WITHOUT_GUARDS';

/** Whether addresses are so few that threads, which reserve their own, may end the process by a signal when they start. */
export function hasFewAddresses(): boolean {
  return process.env[CHILD] !== undefined;
}

/** Where the process that started this one is killed, this one ends as if it were interrupted. */
function endWithParent(): void {
  if (process.env[CHILD] === undefined || process.channel === undefined) return;
  process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  process.channel?.unref();
}
