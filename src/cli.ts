#!/usr/bin/env node
import { availableParallelism } from 'node:os';
import { withinAddressSpace } from './commands/shared/withinAddressSpace.ts';
import { plainText } from './planes/plainText.ts';

// Pictures are decoded and encoded in libuv's threads; their number is read at the first file call, so it is set before any.
process.env.UV_THREADPOOL_SIZE ??= String(Math.max(4, availableParallelism()));

/** With which all modules can be loaded, and pictures be read and written by threads. */
const ENOUGH_HANDLES = 128;

// The rest is loaded from here, so that it can be told in a sentence where the system lets too few files be open for it.
try {
  const status = await withinAddressSpace();
  if (status === undefined) {
    const { main } = await import('./commands/main.ts');
    await main();
  } else process.exitCode = status;
} catch (error) {
  const told = reasonOf(error) ?? traceOf(error);
  process.stderr.write(`corr2d: ${told.split('\n').map(plainText).join('\n')}\n`);
  process.exitCode = 2;
}

/** What keeps any program from starting, in a sentence; nothing for all else. */
function reasonOf(error: unknown): string | undefined {
  if (lacksHandles(error)) {
    return `Expected to load this program but found too many open files; ulimit -n should be ${ENOUGH_HANDLES} or more`;
  }
  if ((error as NodeJS.ErrnoException).syscall !== 'uv_cwd') return undefined;
  return 'Expected a folder to work in but found that the one this was started in is gone';
}

/** What was not foreseen is shown whole: its place is what a report of it needs. */
function traceOf(error: unknown): string {
  if (!(error instanceof Error)) return plainText(String(error));
  const { message, stack = message } = error;
  return stack.replace(message, () => plainText(message));
}

/** Node calls a package that it has no handle to look for one that is not there. */
function lacksHandles(error: unknown): boolean {
  const { code = '' } = error as NodeJS.ErrnoException;
  if (code === 'EMFILE' || code === 'ENFILE') return true;
  return code === 'ERR_MODULE_NOT_FOUND' && openFilesAllowed() < ENOUGH_HANDLES;
}

function openFilesAllowed(): number {
  const { userLimits } = process.report.getReport() as { userLimits?: { open_files?: { soft: number | 'unlimited' } } };
  return Number(userLimits?.open_files?.soft ?? Number.POSITIVE_INFINITY);
}
