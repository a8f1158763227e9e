import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import { type Input } from '../../batch/inputs/input.ts';
import { showShard } from '../../batch/inputs/shard.ts';
import type { Job } from '../../batch/plan/job.ts';
import { STATE_FOLDER } from '../../batch/state/stateFolder.ts';
import { version } from '../version.ts';
import type { BatchArguments } from './batchOptions.ts';
import type { PictureCommand } from './pictureCommand.ts';
import { countJobs, type Plan, planPictures } from './planPictures.ts';

/** What a run is to do, once the output folder is its own. */
export interface Begun {
  readonly plan: Plan;
  /** Whether the folder is to be given back. */
  readonly isTaken: boolean;
}

/**
 * Takes the output folder for a run, and plans it again where another run has written there since it was planned.
 *
 * @throws PlanError where another run has the folder, or what it wrote leaves nothing to do as it was asked
 */
export async function beginRun(plan: Plan, args: BatchArguments, command: PictureCommand): Promise<Begun> {
  const { jobs, skipped, results, shard } = plan;
  const isIdle = countJobs(plan) === 0 && shard === undefined && !args.watch;
  // Also without work: a run that was killed when all was done has left its lock.
  if (results === undefined || (isIdle && !results.hasState)) return { plan, isTaken: false };
  const folders = [...new Set([...jobs, ...skipped].map(({ output }) => dirname(output)))];
  const { notes, isChanged } = await results.take(shard, folders, { resume: args.resume });
  try {
    const current = isChanged ? await planPictures(args, command, plan) : plan;
    await results.begin(headerOf(current, command), current.skipped, { remember: args.watch });
    return { plan: { ...current, notes: [...current.notes, ...notes, ...notesOnReplaced(current)] }, isTaken: true };
  } catch (error) {
    await results.end();
    throw error;
  }
}

function headerOf(plan: Plan, command: PictureCommand) {
  const { skipped, all, shard, configuration, onDisk } = plan;
  return {
    version,
    command: command.name,
    settings: JSON.parse(JSON.stringify(command.configuration)) as Record<string, unknown>,
    configuration,
    ...(shard === undefined ? {} : { shard: showShard(shard) }),
    inputs: { count: onDisk?.pictures ?? all.length, sha256: onDisk?.sha256 ?? hashPaths(all) },
    planned: countJobs(plan) + skipped.filter(({ reason }) => reason === 'done').length,
  };
}

/** What of earlier runs is made again, and why. */
function notesOnReplaced({ jobs }: Plan): string[] {
  const count = (replaces: Job['replaces']): number => jobs.filter((job) => job.replaces === replaces).length;
  const [outdated, altered] = [count('outdated'), count('altered')];
  const notes: string[] = [];
  if (outdated > 0) {
    const outputs = outdated === 1 ? '1 output is' : `${outdated} outputs are`;
    const of = outdated === 1 ? 'its picture' : 'their pictures';
    notes.push(`${outputs} out of date (${of}, the options or the version changed since) and will be made again`);
  }
  if (altered > 0) {
    const outputs = altered === 1 ? '1 output that was' : `${altered} outputs that were`;
    notes.push(`${outputs} altered since will be made again; what stands there is kept in ${STATE_FOLDER}/replaced`);
  }
  return notes;
}

/** Alike for the same pictures on all machines, wherever their folder stands and in whichever order it is listed. */
function hashPaths(inputs: readonly Input[]): string {
  const paths = inputs.map(({ rel }) => rel.normalize('NFC')).toSorted((a, b) => (a < b ? -1 : 1));
  return createHash('sha256').update(paths.join('\0')).digest('hex');
}
