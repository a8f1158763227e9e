import type { InterleavedPicture } from '../core.ts';

/** Memory that holds nothing but the picture's samples can move to another thread; what lies in a larger one is copied. */
export function ownMemory({ samples }: InterleavedPicture): ArrayBuffer[] {
  const { buffer, byteLength } = samples;
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? [buffer] : [];
}
