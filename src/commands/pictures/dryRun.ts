import type { Job, Skipped } from '../../batch/plan/job.ts';
import { showPath } from '../../disk/showPath.ts';
import { EXIT, type ExitStatus } from '../shared/exit.ts';
import { print, printJson, say } from '../shared/say.ts';
import { writeJson } from '../shared/writeJson.ts';
import type { BatchArguments } from './batchOptions.ts';

/** What a run would do with its inputs. */
interface Planned {
  readonly jobs: readonly Job[];
  readonly skipped: readonly Skipped[];
  /** Inputs of all shards. */
  readonly count: number;
  readonly notes: readonly string[];
}

/** Prints what would be written, a line a picture (JSON where it is asked for) on standard output, and counts on standard error. */
export async function printPlan(planned: Planned, args: BatchArguments): Promise<ExitStatus> {
  const { jobs, skipped, count, notes } = planned;
  const entries = [
    ...jobs.map(({ input, output, replaces }) => ({
      input: input.path,
      output,
      ...(replaces === undefined ? { action: 'write' as const } : { action: 'replace' as const, reason: replaces }),
    })),
    ...skipped.map(({ input, output, reason }) => ({ input: input.path, output, action: 'skip' as const, reason })),
  ];
  if (!args.quiet) for (const note of notes) say(`corr2d: ${note}`);
  const others = count - entries.length;
  const problems = await writeJson(args.json, { plan: entries, ofOtherShards: others, notes });
  for (const entry of args.json === '' ? [] : entries) {
    if (args.ndjson) printJson(entry);
    else print(inWords(entry));
  }
  for (const problem of problems) say(`corr2d: ${problem}`);
  const elsewhere = others > 0 ? `, ${others} of other shards` : '';
  const counts = `${jobs.length} to write, ${skipped.length} to skip${elsewhere}; nothing was written`;
  if (!args.quiet) say(counts);
  return problems.length === 0 ? EXIT.done : EXIT.failed;
}

const WHY = {
  exists: 'skipped: it exists',
  done: 'skipped: it is done',
  outdated: 'replaced: out of date',
  altered: 'replaced: altered since it was written; kept in .corr2d/replaced',
} as const;

function inWords(entry: { input: string; output: string; action: string; reason?: keyof typeof WHY }): string {
  const why = entry.reason && WHY[entry.reason];
  const output = entry.output === '-' ? 'standard output' : showPath(entry.output);
  return `${showPath(entry.input)} → ${output}${why === undefined ? '' : ` (${why})`}`;
}
