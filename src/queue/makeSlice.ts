import { realpath } from 'node:fs/promises';
import { runJobs } from '../batch/work/run.ts';
import { confineTo } from './confine.ts';
import type { Tried } from './sliceJob.ts';
import type { NumberedJob, WorkerResults } from './workerResults.ts';

/** What makes a run's pictures: the same code as without a queue. */
export interface RunShop {
  /** SHA-256 of what the run's words come to here. */
  readonly settings: string;
  /** Jobs to give it at once. */
  readonly concurrency: number;
  make(job: NumberedJob): Promise<{ readonly megapixels: number }>;
  close(): Promise<void>;
}

interface SliceMade {
  readonly done: number;
  readonly failed: number;
  readonly megapixels: number;
  /** Whether every picture was done or failed. */
  readonly isWhole: boolean;
}

/** Makes the pictures of a slice, but for those that are there and true; a picture that cannot be made is noted. */
export async function makeSlice(
  { base, results, shop }: { readonly base: string; readonly results: WorkerResults; readonly shop: RunShop },
  jobs: readonly NumberedJob[],
  { tried, isAlone, signal, root }: { tried: readonly Tried[]; isAlone: boolean; signal: AbortSignal; root: string },
): Promise<SliceMade> {
  const known = tried.length === 0 ? new Map<NumberedJob, never>() : await results.known(jobs, tried);
  const confined = confineTo(root, await realpath(base));
  let megapixels = 0;
  for (const line of known.values()) {
    if (line.kind !== 'failure' && typeof line.made['megapixels'] === 'number') megapixels += line.made['megapixels'];
  }
  const noted: Promise<void>[] = [];
  const left = jobs.filter((job) => !known.has(job));
  const make = async (job: NumberedJob): Promise<{ readonly megapixels: number }> => {
    await confined.expectInput(job.input.path);
    if (job.golden !== undefined) await confined.expectInput(job.golden);
    await confined.expectOutput(job.output);
    return shop.make(job);
  };
  const ran = await runJobs(left, (job) => make(job as NumberedJob), {
    concurrency: isAlone ? 1 : shop.concurrency,
    signal,
    onDone: (_, made) => (megapixels += made.megapixels),
    onFailure: (job, error) => void noted.push(results.failed(job as NumberedJob, error)),
  });
  await Promise.all(noted);
  const done = known.size + ran.done;
  return { done, failed: ran.failed, megapixels, isWhole: done + ran.failed === jobs.length };
}
