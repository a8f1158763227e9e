import { basename, dirname, join } from 'node:path';
import { FileError } from '../../disk/fileError.ts';
import { hashBytes } from '../../disk/hashBytes.ts';
import { hashFile } from '../../disk/hashFile.ts';
import { readLimits } from '../../files/limits.ts';
import { ExpectationError } from '../../planes/expected.ts';
import type { RunShop } from '../../queue/makeSlice.ts';
import type { NumberedJob } from '../../queue/workerResults.ts';
import {
  evidenceNames,
  type EvidencePaths,
  type Put,
  writeEvidenceFiles,
  writeWithin,
} from '../../verify/evidenceFiles.ts';
import { judgePair, type PairMemory } from '../../verify/judgePair.ts';
import { openImage } from '../../verify/openImage.ts';
import { comparatorOf } from '../../verify/options.ts';
import { type ComparisonArguments, comparisonOf, optionName } from '../verify/comparisonOptions.ts';
import { openPairMemory } from '../verify/pairMemory.ts';
import { packItem } from './verdictLine.ts';
import type { ShopOpening, WorkerRoom } from './workerRoom.ts';

/** What the name of every picture of a change ends in. */
const DIFF = '-diff.png';

/** Compares a run's pairs, writes pictures of what changed, and notes what was found. */
export async function openPairShop(
  args: ComparisonArguments,
  { base, results, room }: ShopOpening,
): Promise<Omit<RunShop, 'settings'>> {
  const how = comparisonOf(args);
  const limits = readLimits(how);
  const comparator = comparatorOf(how, optionName);
  const mask = how.ignoreMask === undefined ? undefined : await openImage(how.ignoreMask, 'ignoreMask', limits);
  const memory = memoryOf(room);

  async function make(job: NumberedJob): Promise<{ readonly megapixels: number }> {
    const { input, output, golden, known } = job;
    if (golden === undefined || !output.endsWith(DIFF)) {
      throw new ExpectationError('Expected a pair in a plan of comparisons but found one picture');
    }
    const names = evidenceNames(input.rel, basename(output).slice(0, -DIFF.length));
    const failures: string[] = [];
    const evidence = {
      write: (
        _: string,
        of: string,
        found: Parameters<typeof writeEvidenceFiles>[2],
      ): Promise<EvidencePaths | undefined> => writeEvidenceFiles(names, of, found, putInto(dirname(output), failures)),
    };
    const pair = { path: input.rel, actual: input.path, golden, known };
    const item = await judgePair(pair, { pair: { comparator, mask, limits }, memory, evidence });
    const { width = 0, height = 0 } = item.comparison ?? {};
    const megapixels = (width * height) / 1e6;
    await results.tell(job, { ...packItem(item, failures), megapixels });
    return { megapixels };
  }

  /** What stands there with the same bytes is left: a worker that was ended had put it there. */
  function putInto(folder: string, failures: string[]): Put {
    return async (name, makeBytes) => {
      const path = join(folder, name);
      try {
        const bytes = await makeBytes();
        try {
          await writeWithin(base, path, bytes, { beforeNaming: results.expectGoing });
        } catch (error) {
          const isThere = error instanceof FileError && error.code === 'exists';
          const stands = isThere ? await hashFile(path, 'a picture').catch(() => undefined) : undefined;
          if (stands === undefined || stands !== (await hashBytes(bytes))) throw error;
        }
        return path;
      } catch (error) {
        failures.push(error instanceof Error ? error.message : String(error));
        return undefined;
      }
    };
  }

  return { concurrency: room.jobs, make, close: async () => {} };
}

/** Pairs share a worker's places and memory with the pictures of other runs. */
function memoryOf({ places, memory, megabytes }: WorkerRoom): PairMemory {
  const room = openPairMemory(megabytes, memory);
  return {
    async take(bytes, path) {
      await places.acquire(1);
      try {
        const giveBack = await room.take(bytes, path);
        return () => {
          giveBack();
          places.release(1);
        };
      } catch (error) {
        places.release(1);
        throw error;
      }
    },
  };
}
