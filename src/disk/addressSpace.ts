import { readFileSync } from 'node:fs';

/**
 * Bytes of addresses that the system lets this process have (`ulimit -v`; job queues set it); infinity where it sets no limit, or
 * says nothing of one.
 */
export function addressSpace(): number {
  let limits: string;
  try {
    limits = readFileSync('/proc/self/limits', 'utf8');
  } catch {
    return Number.POSITIVE_INFINITY;
  }
  const bytes = /^Max address space +(\d+) /m.exec(limits)?.[1];
  return bytes === undefined ? Number.POSITIVE_INFINITY : Number(bytes);
}
