import { latin1 } from '../signatures.ts';

/**
 * How many pictures an animated PNG shows (PNG, third edition, 11.3.6): its frames, and its default picture where that is
 * not one of them; 1 for a PNG that does not move, or whose chunks cannot be followed.
 */
export function apngFrames(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let frames: number | undefined;
  let isFirst = false;
  for (let at = 8; at + 12 <= bytes.length; at += 12 + view.getUint32(at)) {
    const chunk = latin1(bytes, at + 4, at + 8);
    if (chunk === 'acTL') frames = view.getUint32(at + 8);
    if (chunk === 'fcTL') isFirst = true;
    // What stands behind the default picture's samples is no `acTL`, and no `fcTL` of its.
    if (chunk === 'IDAT') break;
  }
  return frames === undefined ? 1 : Math.max(1, frames + (isFirst ? 0 : 1));
}
