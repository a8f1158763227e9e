import { LONGEST_RUN } from './dynamicBlock.ts';

/**
 * Goes through a block's bytes: where three or more are as the one before them, they are a run, up to the longest and the end; all
 * others are literals, and so are the first byte and, but for a run that began before them, the last fifteen.
 */
export function eachRun(
  bytes: Uint8Array,
  { literal, run }: { readonly literal: (byte: number) => void; readonly run: (length: number) => void },
): void {
  const end = bytes.length;
  const startsRun = (at: number): boolean => [0, 1, 2].every((i) => bytes[at + i] === bytes[at - 1]);
  literal(bytes[0]);
  let at = 1;
  while (end - at >= 16) {
    // As vector code sees them: twelve at a time, or up to the next run.
    const next = at + 12;
    while (at < next && !startsRun(at)) literal(bytes[at++]);
    if (at === next) continue;
    const start = at;
    while (at < end && at - start < LONGEST_RUN && bytes[at] === bytes[start - 1]) at++;
    run(at - start);
  }
  while (at < end) literal(bytes[at++]);
}
