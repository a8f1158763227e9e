import { join } from 'node:path';
import { PlanError } from '../../disk/planError.ts';
import { realFolders, isBelow } from '../../disk/realPaths.ts';
import { showPath } from '../../disk/showPath.ts';
import type { Input } from '../inputs/input.ts';
import { findProblems } from './findProblems.ts';
import type { Job, PlanOptions, Problem, Skipped } from './job.ts';
import { nameOutput } from './outputNames.ts';

export { PlanError } from '../../disk/planError.ts';

/**
 * Names the output of every input and sees that all of them can be written, without writing anything: no two inputs have
 * one output (nor two names that the file system does not tell apart, for it ignores case or Unicode form), no output is
 * an input, exists (unless `overwrite` or `skipExisting`), is a folder, or stands where no file can.
 *
 * Where the outputs go to a folder within a folder that was searched, what was found there is not an input: a second run
 * would take the first one's outputs. A note says how many were left out.
 *
 * With `outputState` (as `--resume`) an output that exists is no obstacle where an earlier run wrote it: it is left where it is what
 * this run would write, and replaced where it is out of date or was altered since.
 *
 * @returns the jobs in the inputs' order; apart, those whose output exists and stays, and how many there are with those that are
 *   not this run's.
 * @throws PlanError that names the first problems of each kind.
 */
export async function planJobs(
  inputs: readonly Input[],
  options: PlanOptions,
): Promise<{ jobs: Job[]; skipped: Skipped[]; all: readonly Input[]; notes: string[] }> {
  if (options.overwrite && options.skipExisting) {
    throw new PlanError('Expected one of --overwrite and --skip-existing but received both');
  }
  const { naming } = options;
  const notes: string[] = [];
  const all = naming.kind === 'stream' ? inputs : await withoutOutputs(inputs, naming.base, notes);
  if (all.length > 1 && (naming.kind === 'stream' || naming.kind === 'file')) {
    const place = naming.kind === 'stream' ? 'standard output' : `the file ${showPath(naming.path)}`;
    throw new PlanError(
      `Expected one input for --output ${place} but received ${all.length}; a folder or a template such as {name}.png takes them all`,
    );
  }
  const named = all.map((input) => ({ input, output: nameOutput(naming, input, options.extension) }));
  if (naming.kind === 'stream') return { jobs: named, skipped: [], all, notes };
  const { isOurs = () => true } = options;
  const { problems, existing } = await findProblems(named, naming, { ...options, isOurs });
  if (problems.length > 0) throw new PlanError(...describe(problems, named.length));
  const jobs: Job[] = [];
  const skipped: Skipped[] = [];
  for (const job of named) {
    if (!isOurs(job.input)) continue;
    const found = existing.get(job);
    if (found === undefined || (found === 'foreign' && options.overwrite)) jobs.push(job);
    else if (found === 'outdated' || (found === 'altered' && !options.skipExisting)) {
      jobs.push({ ...job, replaces: found });
    } else skipped.push({ ...job, reason: found === 'done' ? 'done' : 'exists' });
  }
  return { jobs, skipped, all, notes };
}

async function withoutOutputs(inputs: readonly Input[], base: string, notes: string[]): Promise<readonly Input[]> {
  const find = realFolders();
  const output = await find(base);
  if (!output.exists) return inputs;
  const taken: Input[] = [];
  for (const input of inputs) {
    const root = (await find(input.root)).path;
    // A file that was named by itself has its own folder for a root, and is an input wherever it stands.
    const isOutput = input.path !== '-' && isBelow(root, output.path) && isBelow(output.path, join(root, input.rel));
    if (!isOutput) taken.push(input);
  }
  const left = inputs.length - taken.length;
  if (left > 0) notes.push(`left out ${count(left, 'picture')} in the output folder ${showPath(base)}`);
  return taken;
}

// Of each kind of problem the first few: a thousand outputs that exist should not hide the two that collide.
const SHOWN_OF_A_KIND = 3;

function describe(problems: readonly Problem[], outputs: number): string[] {
  if (problems.length === 1) return [problems[0].text];
  const lines = [
    `Expected outputs that can be written but found ${problems.length} problems with ${count(outputs, 'output')}:`,
  ];
  for (const kind of new Set(problems.map((problem) => problem.kind))) {
    const alike = problems.filter((problem) => problem.kind === kind);
    for (const { text } of alike.slice(0, SHOWN_OF_A_KIND)) lines.push(`  ${text}`);
    const more = alike.length - SHOWN_OF_A_KIND;
    if (more > 0) lines.push(`  and ${more} more like ${more === 1 ? 'it' : 'these'}`);
  }
  return lines;
}

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`;
}
