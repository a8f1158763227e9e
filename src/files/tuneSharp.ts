import sharp from 'sharp';
import { expectInteger } from '../planes/expected.ts';

/**
 * Sets sharp up for many pictures, each met once, in the whole process: nothing is cached, and each picture is worked on by
 * `threads` threads of libvips. Pictures at the same time are libuv's threads (`UV_THREADPOOL_SIZE`), so that 1 is right for a batch.
 */
export function tuneSharp({ threads }: { threads: number }): void {
  sharp.cache(false);
  sharp.concurrency(expectInteger(threads, 'threads', 1, 1024));
}
