import { ExpectationError } from '../../planes/expected.ts';
import type { Picture } from '../../planes/picture.ts';
import type { Planes } from '../../planes/planes.ts';
import { startPool } from '../../threads/startPool.ts';
import type { FoundDetector, FoundFilter, FoundKernel, PicturePair } from './learnAs.ts';
import type { LearnAnswer, LearnTask } from './learnWorker.ts';

/** Another thread that learns: this one stays free to show that something goes on, and to end the process as soon as it is asked to. */
interface Learner {
  /** @throws ExpectationError as {@link learnEither} does */
  learn(task: LearnTask): Promise<FoundKernel | FoundDetector | FoundFilter>;
  /** Ends the thread, without which the process would not end. */
  close(): Promise<void>;
}

/** A thread that starts at once, and is ready by the time that pictures are read. */
export function openLearner(): Learner {
  const starting = startPool<LearnTask, LearnAnswer>(new URL('./learnWorker.js', import.meta.url), 1);
  // Told where the thread is waited for.
  starting.catch(() => {});
  return {
    async learn({ pairs, ...task }) {
      const answer = await (await starting).run({ ...task, pairs: pairs.map(asTold) });
      if ('refused' in answer) throw new ExpectationError(answer.refused);
      return answer.found;
    },
    close: async () => (await starting).close(),
  };
}

/** Pairs whose samples other threads see without a copy; the pictures given are not needed any more. */
export function sharedPairs(pairs: readonly PicturePair[]): PicturePair[] {
  return pairs.map(({ before, after }) => ({ before: shared(before), after: shared(after) }));
}

function shared(picture: Picture): Picture {
  const { planes, alpha } = picture;
  return { ...picture, planes: inSharedMemory(planes), ...(alpha && { alpha: inSharedMemory(alpha) }) };
}

function inSharedMemory(given: Planes): Planes {
  const data = new Float32Array(new SharedArrayBuffer(given.data.byteLength));
  data.set(given.data);
  return { ...given, data };
}

/** What a file told beside its samples is not learned from. */
function asTold({ before, after }: PicturePair): PicturePair {
  return { before: { ...before, metadata: {} }, after: { ...after, metadata: {} } };
}
