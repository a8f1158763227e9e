import type { QueuedRun } from '../../batch/state/queuedRuns.ts';
import type { WorkerResults } from '../../queue/workerResults.ts';
import type { Room } from '../pictures/workshop.ts';

/** What a worker has for all its runs together. */
export interface WorkerRoom extends Room {
  readonly jobs: number;
  /** MiB. */
  readonly megabytes: number;
}

/** What a run's work is done with. */
export interface ShopOpening {
  readonly run: QueuedRun;
  /** The folder for outputs. */
  readonly base: string;
  readonly results: WorkerResults;
  readonly room: WorkerRoom;
}
