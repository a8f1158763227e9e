import { totalmem } from 'node:os';
import { addressSpace } from '../../disk/addressSpace.ts';

/** MiB that pictures may take where nothing else is said: half of what the machine, its container or `ulimit -v` leaves this process. */
export function defaultMemory(): number {
  const constrained = process.constrainedMemory();
  const limits = [totalmem(), addressSpace(), ...(constrained > 0 ? [constrained] : [])];
  return Math.max(1, Math.floor(Math.min(...limits) / 2 ** 21));
}
