import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Input } from '../../batch/inputs/input.ts';
import { readSearch } from '../../batch/inputs/inputs.ts';
import { walkInOrder } from '../../batch/inputs/walkInOrder.ts';
import { openDistinctOutputs } from '../../batch/plan/distinctOutputs.ts';
import type { Job } from '../../batch/plan/job.ts';
import { readOutput } from '../../batch/plan/outputNames.ts';
import { openResults } from '../../batch/state/results.ts';
import { FileError } from '../../disk/fileError.ts';
import { PlanError } from '../../disk/planError.ts';
import { writingFailed } from '../../disk/systemError.ts';
import { ExpectationError } from '../../planes/expected.ts';
import { type PictureToPlan, type PlannedPicture, writePlan } from '../../queue/planFile.ts';
import type { BatchArguments } from '../pictures/batchOptions.ts';
import { configurationHash } from '../pictures/configurationHash.ts';
import type { PictureCommand } from '../pictures/pictureCommand.ts';
import { expectPossible, type Plan, planInputs } from '../pictures/planPictures.ts';
import { openPlaces } from './places.ts';

/** Pictures that are planned together. */
const AT_ONCE = 2048;

/** Thrown where a plan is not as simple as most, or cannot be: it is made in memory then, which also tells why. */
class NotSimple extends Error {}

/** What was asked of those who plan, in memory as here: where they refuse, they are to do so there. */
async function asked<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    const isRefusal = [ExpectationError, PlanError, FileError].some((kind) => error instanceof kind);
    throw isRefusal ? new NotSimple() : error;
  }
}

/**
 * Plans the pictures of one folder into a new output folder without holding them: what it needs does not grow with the folder. The plan
 * lies below the system's folder for temporary files until it is queued.
 *
 * @returns nothing where the call is not that simple, or anything stands against it: whoever plans it in memory refuses it
 * @throws FileError where there is no room for the plan
 */
export async function planOnDisk(
  args: BatchArguments,
  command: PictureCommand,
): Promise<(Plan & { remove(): Promise<void> }) | undefined> {
  const [given, ...others] = args.inputs;
  const isFolder = given !== undefined && given !== '-' && (await stat(given).catch(() => undefined))?.isDirectory();
  if (!isFolder || others.length > 0 || args['files-from'] !== undefined || args.follow) return undefined;
  const naming = readOutput(args.output);
  if (naming.kind !== 'folder' && naming.kind !== 'template') return undefined;
  const folder = await mkdtemp(join(tmpdir(), 'corr2d-plan-')).catch((error: unknown) => {
    throw writingFailed(error, tmpdir());
  });
  const leave = (): void => rmSync(folder, { recursive: true, force: true });
  process.once('exit', leave);
  const remove = async (): Promise<void> => {
    await rm(folder, { recursive: true, force: true });
    process.off('exit', leave);
  };
  try {
    const configuration = await asked(configurationHash(args, command));
    const results = await asked(openResults(naming.base, configuration));
    // Outputs of earlier runs are compared with what their journals say, which is held.
    if (results.hasState) throw new NotSimple();
    const places = await asked(openPlaces(args));
    const { recursive, exclude = [], follow } = args;
    const search = readSearch({ recursive, exclude, follow });
    const distinctFolder = join(folder, 'distinct');
    await mkdir(distinctFolder);
    const distinct = openDistinctOutputs(distinctFolder);
    const hash = createHash('sha256');
    let pictures = 0;
    let last = '';
    const note = ({ rel }: Input): void => {
      const path = rel.normalize('NFC');
      // As it is hashed elsewhere, once all are sorted; the parts of a file have one path.
      if (pictures > 0 && path < last) throw new NotSimple();
      hash.update(pictures === 0 ? path : `\0${path}`);
      last = path;
      pictures++;
    };
    const planned = async function* (): AsyncGenerator<readonly PictureToPlan[]> {
      const portions = together(walkInOrder(given, search));
      for (let next = await asked(portions.next()); next.done !== true; next = await asked(portions.next())) {
        const { jobs, skipped, all, notes } = await asked(
          planInputs(next.value, args, { naming, results, shard: undefined }),
        );
        if (jobs.length < all.length || notes.length > 0) throw new NotSimple();
        await asked(expectPossible(args, command, { jobs, skipped }));
        all.forEach(note);
        const some = await asked(places.plan(jobs));
        await distinct.add(some.map(({ output }) => output));
        yield some;
      }
    };
    const slices = await writePlan(folder, planned());
    if (pictures === 0 || !(await distinct.areApart())) throw new NotSimple();
    await rm(distinctFolder, { recursive: true });
    const onDisk = {
      folder,
      pictures,
      slices,
      sha256: hash.digest('hex'),
      jobOf({ rel, output, page, channel }: PlannedPicture): Job {
        const part = { ...(page === undefined ? {} : { page }), ...(channel === undefined ? {} : { channel }) };
        return { input: { path: join(given, rel), rel, root: given, ...part }, output: join(naming.base, output) };
      },
    };
    const notes = [...search.notes, ...search.excludes.notes()];
    return {
      naming,
      jobs: [],
      skipped: [],
      all: [],
      notes,
      shard: undefined,
      listed: [],
      configuration,
      results,
      onDisk,
      remove,
    };
  } catch (error) {
    await remove();
    if (isNotSimple(error)) return undefined;
    const isOfSystem = !(error instanceof FileError) && typeof (error as NodeJS.ErrnoException).code === 'string';
    throw isOfSystem ? writingFailed(error, folder) : error;
  }
}

/** Whoever was writing the plan has taken it for a failure to write. */
function isNotSimple(error: unknown): boolean {
  for (let one = error; one instanceof Error; one = one.cause) if (one instanceof NotSimple) return true;
  return false;
}

/** The same in greater portions, where they come a few at a time. */
async function* together(portions: AsyncIterable<readonly Input[]>): AsyncGenerator<readonly Input[]> {
  let held: Input[] = [];
  for await (const some of portions) {
    held.push(...some);
    if (held.length < AT_ONCE) continue;
    yield held;
    held = [];
  }
  if (held.length > 0) yield held;
}
