import { availableParallelism } from 'node:os';

/** Pairs that are compared at once where nothing else is said: while files of one are read, others have the processors. */
export function pairsAtOnce(): number {
  return 2 * availableParallelism();
}
