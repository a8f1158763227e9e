import { createHash } from 'node:crypto';
import { hashSamples } from './hashSamples.ts';
import type { Frames } from './openFrames.ts';

/** {@link hashSamples} of a picture; of several pages or frames, SHA-256 of what that gives for each. */
export async function hashFrames({ count, first, rest }: Frames): Promise<string> {
  const own = hashSamples(first);
  if (count === 1) return own;
  const hash = createHash('sha256').update(`${count} frames\n${own}`);
  for await (const frame of rest) hash.update(hashSamples(frame));
  return hash.digest('hex');
}
