import { realpath } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import type { Job } from '../../batch/plan/job.ts';
import { readOutput } from '../../batch/plan/outputNames.ts';
import { reasonOf } from '../../disk/planError.ts';
import { realFolders, isBelow } from '../../disk/realPaths.ts';
import { showPath } from '../../disk/showPath.ts';
import { ExpectationError } from '../../planes/expected.ts';
import type { PictureToPlan } from '../../queue/planFile.ts';
import type { BatchArguments } from '../pictures/batchOptions.ts';

/** Where a run's files are for whoever sees its root. */
interface Places {
  /** The output folder, as it was given. */
  readonly base: string;
  /** The same below the root. */
  readonly folder: string;
  /**
   * Jobs as a plan has them.
   *
   * @throws ExpectationError where an input lies outside the root
   */
  plan(jobs: readonly Job[]): Promise<PictureToPlan[]>;
}

/**
 * @throws ExpectationError where outputs lie outside the root
 */
export async function openPlaces({ root: given = '.', output }: BatchArguments): Promise<Places> {
  const root = await rootOf(given);
  const base = baseOf(output);
  const outputs = (await realFolders()(base)).path;
  const folder = placeBelow(root, outputs, 'an output folder');
  return {
    base,
    folder,
    async plan(jobs) {
      const find = realFolders();
      const pictures: PictureToPlan[] = [];
      for (const { input, output: to, replaces } of jobs) {
        const [from, into] = await Promise.all(
          [input.path, to].map(async (path) => join((await find(dirname(path))).path, basename(path))),
        );
        const place = placeBelow(root, from, 'inputs');
        // Through a link, too; what is not there any more fails when it is its turn.
        const real = await realpath(input.path).catch(() => undefined);
        if (real !== undefined) placeBelow(root, real, 'inputs');
        pictures.push({
          path: input.path,
          input: place,
          rel: input.rel,
          output: placeBelow(outputs, into, 'outputs'),
          ...(replaces === undefined ? {} : { replaces }),
          ...(input.page === undefined ? {} : { page: input.page }),
          ...(input.channel === undefined ? {} : { channel: input.channel }),
        });
      }
      return pictures;
    },
  };
}

/** @throws ExpectationError where it is no folder */
export async function rootOf(root: string): Promise<string> {
  try {
    return await realpath(root);
  } catch (error) {
    throw new ExpectationError(`Expected a folder for --root but found ${reasonOf(error)} at ${showPath(root)}`);
  }
}

function baseOf(output: string): string {
  const naming = readOutput(output);
  if (naming.kind === 'stream') throw new Error('Expected a folder for outputs');
  return naming.base;
}

/**
 * Where a path lies below the root, with `/` on every system.
 *
 * @throws ExpectationError where it lies outside
 */
export function placeBelow(root: string, path: string, what: string): string {
  if (path !== root && !isBelow(root, path)) {
    throw new ExpectationError(
      `Expected ${what} below the root ${showPath(root)}, which workers see, but found ${showPath(path)}; --root names another`,
    );
  }
  const way = relative(root, path) || '.';
  return sep === '/' ? way : way.replaceAll(sep, '/');
}
