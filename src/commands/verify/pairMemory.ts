import { type Budget, createBudget } from '../../batch/work/budget.ts';
import { FileError } from '../../disk/fileError.ts';
import { showPath } from '../../disk/showPath.ts';
import { expectInteger } from '../../planes/expected.ts';
import type { PairMemory } from '../../verify/judgePair.ts';

/**
 * Room for pairs, which wait for it in their order.
 *
 * @param budget of so much, which others may share
 */
export function openPairMemory(mebibytes: number, budget: Budget = createBudget(mebibytes * 2 ** 20)): PairMemory {
  const most = expectInteger(mebibytes, '--memory', 1);
  return {
    async take(bytes, path) {
      const needed = Math.ceil(bytes / 2 ** 20);
      if (needed > most) {
        const message =
          `Expected pictures that take at most ${most} MiB (--memory) to compare as ${showPath(path)} but received such as ` +
          `take up to ${needed}; --memory ${needed} admits them`;
        throw new FileError('too-large', message, { path });
      }
      await budget.acquire(bytes);
      return () => budget.release(bytes);
    },
  };
}
