import { parentPort } from 'node:worker_threads';
import { type BandsJob, runBands } from '../correlate/threads.ts';

/** What the thread answers to a job once it is done with it. */
export interface Answer {
  /** The message of what it threw. */
  readonly fault?: string;
}

parentPort?.on('message', (job: BandsJob) => parentPort?.postMessage(answerTo(job)));
parentPort?.on('messageerror', (fault: Error) => parentPort?.postMessage({ fault: fault.message } satisfies Answer));

function answerTo(job: BandsJob): Answer {
  try {
    runBands(job);
    return {};
  } catch (thrown) {
    return { fault: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}
