import type { MatcherState } from 'vitest';
import { type Call, withTrace } from './attempt.ts';

/** A promise that tells when somebody waits for it, or for what its first steps give. */
class Watched<T> extends Promise<T> {
  static override get [Symbol.species](): PromiseConstructor {
    return Promise;
  }

  steps = 0;
  call: Call | undefined;

  // `await` looks for this method, and a step after a promise is a call of it: there is no other way to see either.
  // oxlint-disable-next-line unicorn/no-thenable
  override then<A = T, B = never>(
    onFulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    const { call, steps } = this;
    const next = super.then(onFulfilled, onRejected);
    if (!call) return next;
    if (steps > 0) return watched(next, steps - 1, call);
    call.awaited = true;
    return next;
  }
}

/**
 * What the matcher gives to vitest, which takes one step after it (two where it is soft) and gives the rest to the test: whether
 * that is awaited is taken down. If it is not, its failure is told at the end of the test, and nowhere else.
 */
export function watchAwait<T>(call: Call, done: Promise<T>, { soft }: MatcherState): Promise<T> {
  return watched(done, soft ? 2 : 1, call);
}

function watched<T>(done: Promise<T>, steps: number, call: Call): Promise<T> {
  const promise = new Watched<T>((resolve, reject) => {
    // What goes through two promises loses the place that it came from.
    done.then(resolve, (reason: unknown) => reject(withTrace(reason, call.trace)));
  });
  void Promise.prototype.then.call(promise, undefined, () => {});
  promise.steps = steps;
  promise.call = call;
  return promise;
}
