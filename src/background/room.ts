import type { SharedRoom } from './task.ts';

/**
 * Memory that tasks of several threads share by their word: a thread that is about to take more waits until there is room, in an
 * `Atomics.wait`, which costs the program's own thread nothing. What a task takes stands in a place of its own, so that whoever ends
 * the thread can give it back.
 *
 * A task that is larger than all of it waits until nothing else is in use; what it takes after its first piece does not wait, or two
 * tasks could wait for each other.
 */
export function takeRoom({ used, place, total }: SharedRoom, bytes: number): void {
  const wanted = Math.ceil(bytes / 1024);
  const held = Atomics.load(used, 1 + place);
  for (;;) {
    const all = Atomics.load(used, 0);
    const hasRoom = held > 0 || all === 0 || all + wanted <= total;
    if (!hasRoom) Atomics.wait(used, 0, all);
    else if (Atomics.compareExchange(used, 0, all, all + wanted) === all) break;
  }
  Atomics.add(used, 1 + place, wanted);
}

/** Gives back all that the task of a place took. */
export function leaveRoom({ used, place }: Pick<SharedRoom, 'used' | 'place'>): void {
  const held = Atomics.exchange(used, 1 + place, 0);
  if (held === 0) return;
  Atomics.sub(used, 0, held);
  Atomics.notify(used, 0);
}

/** Nothing in use, for so many tasks at once. */
export function openRoom(places: number): Int32Array {
  return new Int32Array(new SharedArrayBuffer(4 * (1 + places)));
}
