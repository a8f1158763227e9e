import type { OpenQueue } from './connect.ts';
import { nameOfJob, type SliceJob } from './sliceJob.ts';

/** What stays of jobs that have ended: none that were done, and some that were refused. */
export const LEAVE_BEHIND = { removeOnComplete: { count: 0 }, removeOnFail: { count: 1000 } } as const;

/**
 * Adds jobs before those that wait, the first of them first: so what was parted is done before more is parted, and few jobs wait. One
 * that is there already is not added again.
 */
export async function addJobs({ queue }: OpenQueue, jobs: readonly SliceJob[]): Promise<void> {
  await queue.addBulk(
    jobs.toReversed().map((data) => ({
      name: 'slices',
      data,
      opts: { jobId: nameOfJob(data, data.alone), lifo: true, ...LEAVE_BEHIND },
    })),
  );
}
