import { lstat, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import pLimit from 'p-limit';
import { fileIdentity, identityOf } from '../../disk/fileIdentity.ts';
import { kindOf } from '../../disk/kindOf.ts';
import { isMissing, reasonOf } from '../../disk/planError.ts';
import { realFolders, isBelow } from '../../disk/realPaths.ts';
import { showPath } from '../../disk/showPath.ts';
import {
  formatOfPath,
  WRITTEN_FORMATS,
  extensionOf,
  UNWRITTEN_EXTENSIONS,
  WRITTEN_EXTENSIONS,
} from '../../files/formats.ts';
import { didYouMean } from '../../planes/suggest.ts';
import type { OutputState } from '../state/outputState.ts';
import { findCollisions } from './collisions.ts';
import { type Placed, type Problem } from './job.ts';
import type { Job, PlanOptions } from './job.ts';
import type { Naming } from './outputNames.ts';

/** Of Linux's, macOS's and Windows' file systems, in bytes: the least of theirs. */
const LONGEST_NAME = 255;

// Questions to the file system in flight at once: more than the threads that answer them, fewer than its handles.
const QUESTIONS = 32;

/** What stands against writing the jobs' outputs, and what is known of those that are files which exist. */
export async function findProblems(
  jobs: readonly Job[],
  naming: Exclude<Naming, { kind: 'stream' }>,
  options: PlanOptions & Required<Pick<PlanOptions, 'isOurs'>>,
): Promise<{ problems: Problem[]; existing: Map<Job, OutputState> }> {
  const problems: Problem[] = [];
  const placed: Placed[] = [];
  const find = realFolders();
  const base = await find(naming.base);
  const told = new Set<string>();
  for (const job of jobs) {
    const text = nameProblem(job, naming);
    const folder = await find(dirname(job.output));
    if (text !== undefined) problems.push({ kind: 'name', text });
    else if (folder.problem === undefined) {
      placed.push({ job, folder, path: join(folder.path, basename(job.output)) });
      if (folder.path !== base.path && !isBelow(base.path, folder.path) && !told.has(folder.path)) {
        told.add(folder.path);
        problems.push({ kind: 'folder', text: outside(job, naming.base, folder.path) });
      }
    } else if (!told.has(folder.problem)) {
      told.add(folder.problem);
      problems.push({ kind: 'folder', text: `Expected a folder that outputs can be put in, but ${folder.problem}` });
    }
  }
  for (const problem of await findCollisions(placed, naming, options.extension)) problems.push(problem);
  const limit = pLimit(QUESTIONS);
  const occupants = await limit.map(placed, ({ job, folder }) =>
    folder.exists && options.isOurs(job.input) ? occupant(job) : undefined,
  );
  const outputStates = await limit.map(placed, ({ job }, i) =>
    occupants[i]?.file === undefined ? undefined : (options.outputState?.(job) ?? 'foreign'),
  );
  const existing = new Map<Job, OutputState>();
  const inputs = occupants.some((o) => o !== undefined)
    ? await limit.map(jobs, ({ input }) => (input.path === '-' ? undefined : fileIdentity(input.path)))
    : [];
  const inputOf = new Map(inputs.map((file, i) => [file, jobs[i]]));
  placed.forEach(({ job }, i) => {
    const found = occupants[i];
    if (found === undefined) return;
    const input = inputOf.get(found.file)?.input;
    const output = showPath(job.output);
    if (found.not !== undefined) {
      const way =
        naming.kind === 'file' && found.not === 'a folder' ? `; ${showPath(`${job.output}/`)} writes into it` : '';
      problems.push({ kind: 'taken', text: `${output} is ${found.not}, not a file that could be replaced${way}` });
    } else if (input) {
      const other = resolve(input.path) === resolve(job.output) ? '' : ' under another name';
      problems.push({
        kind: 'input',
        text: `${output} is the input ${showPath(input.path)}${other}, which is never overwritten; give another --output`,
      });
    } else {
      const outputState = outputStates[i] ?? 'foreign';
      if (outputState !== 'foreign' || options.overwrite || options.skipExisting) existing.set(job, outputState);
      else problems.push({ kind: 'exists', text: `${output} ${whatExists(options)}` });
    }
  });
  return { problems, existing };
}

function outside(job: Job, base: string, folder: string): string {
  return `${showPath(job.output)}, for ${showPath(job.input.path)}, would leave the output folder ${showPath(base)} by a link to ${showPath(folder)}; give that folder to --output in a call of its own`;
}

function whatExists({ outputState, resumable }: PlanOptions): string {
  if (outputState !== undefined) {
    return 'exists and is of no earlier run; --overwrite replaces it, --skip-existing leaves it';
  }
  const resume = resumable ? ', --resume goes on where the earlier run ended' : '';
  return `exists; --overwrite replaces it, --skip-existing leaves it${resume}`;
}

function nameProblem(job: Job, naming: Exclude<Naming, { kind: 'stream' }>): string | undefined {
  const { output, input } = job;
  if (naming.kind === 'template') {
    if (!isBelow(resolve(naming.base), resolve(output))) {
      return `${showPath(output)}, for ${showPath(input.path)}, leaves the template's folder ${showPath(naming.base)}`;
    }
    if (formatOfPath(output) === undefined) {
      const extension = extensionOf(output);
      // One that is known is not mistyped.
      const meant =
        UNWRITTEN_EXTENSIONS.has(extension) || output.endsWith(sep) ? '' : didYouMean(extension, WRITTEN_EXTENSIONS);
      return `Expected one of ${WRITTEN_FORMATS.join(', ')} at the end of the template for --output but received ${showPath(output)} for ${showPath(input.path)}${meant}`;
    }
  }
  const longest = Math.max(...output.split(sep).map((name) => Buffer.byteLength(name)));
  if (longest <= LONGEST_NAME) return undefined;
  return `${showPath(output)}, for ${showPath(input.path)}, has a name of ${longest} bytes, where file systems hold at most ${LONGEST_NAME}`;
}

/** What stands in an output's place: a file, by its identity, or what it is that is `not` one. */
async function occupant(job: Job): Promise<{ file?: string; not?: string } | undefined> {
  try {
    const stats = await stat(job.output, { bigint: true });
    return stats.isFile() ? { file: identityOf(stats) } : { not: kindOf(stats) };
  } catch (error) {
    if (!isMissing(error)) return { not: reasonOf(error) };
  }
  try {
    await lstat(job.output);
    return { not: 'a link to nothing' };
  } catch {
    return undefined;
  }
}
