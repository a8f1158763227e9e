import { closeSync, openSync } from 'node:fs';
import answer, { type SampleAnswer, type SampleTask } from '../../src/batch/work/sampleWorker.ts';

/** As the pool's own worker, but where a marker's path is given, the first thread of all that is given a picture ends on it. */
export default function mortal(task: SampleTask): Promise<SampleAnswer> {
  if (isFirst(process.env['MORTAL_MARKER'])) {
    if (process.env['MORTAL_END'] === 'exit') process.exit(1);
    queueMicrotask(() => {
      throw new Error('nobody catches this');
    });
    return new Promise(() => {});
  }
  return answer(task);
}

function isFirst(marker: string | undefined): boolean {
  if (marker === undefined) return false;
  try {
    closeSync(openSync(marker, 'wx'));
    return true;
  } catch {
    return false;
  }
}
