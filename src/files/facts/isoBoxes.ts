import { latin1 } from '../signatures.ts';

/** A box of an ISO base media file (ISO/IEC 14496-12): its name, and where its contents begin and end. */
export interface Box {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

/** More boxes than stand beside each other in any picture's file. */
const MOST_BOXES = 4096;

/** The boxes between two places, as far as they can be followed. */
export function boxesIn(bytes: Uint8Array, from: number, to: number): Box[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const boxes: Box[] = [];
  for (let at = from; at + 8 <= to && boxes.length < MOST_BOXES;) {
    const short = view.getUint32(at);
    const isLong = short === 1 && at + 16 <= to;
    // 0 stands for all that is left.
    const size = isLong ? Number(view.getBigUint64(at + 8)) : short === 0 ? to - at : short;
    if (size < 8 || at + size > to) break;
    boxes.push({ type: latin1(bytes, at + 4, at + 8), start: at + (isLong ? 16 : 8), end: at + size });
    at += size;
  }
  return boxes;
}

/** The first box of a name. */
export function boxNamed(boxes: readonly Box[], type: string): Box | undefined {
  return boxes.find((box) => box.type === type);
}
