import { blankFrame } from './blankFrame.ts';
import type { SourceFacts } from './facts.ts';

interface Frame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** Of its own; absent where it has the file's. */
  readonly table?: Uint8Array;
}

/**
 * A GIF's screen, and whether its colours are greys. libvips' decoder leaves what the first frame does not cover black and opaque,
 * and takes the frames' extent for the screen where that is as large as screens of computers were (640×480, or above 2048): so where
 * that frame does not cover it, a frame that is wholly transparent is put before it, as browsers see the screen.
 *
 * @see https://www.w3.org/Graphics/GIF/spec-gif89a.txt
 */
export function gifFacts(bytes: Uint8Array): Omit<SourceFacts, 'lossy'> {
  if (bytes.length < HEADER) return {};
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const width = view.getUint16(6, true);
  const height = view.getUint16(8, true);
  const table = tableAt(bytes, HEADER, bytes[10]);
  const start = HEADER + (table?.length ?? 0);
  const frames = framesFrom(bytes, start);
  if (frames.length === 0 || width === 0 || height === 0) return {};
  const tables = frames.map((frame) => frame.table ?? table);
  const [first] = frames;
  const covers = first.left === 0 && first.top === 0 && first.width >= width && first.height >= height;
  return {
    size: { width: Math.max(width, first.left + first.width), height: Math.max(height, first.top + first.height) },
    isGrey: tables.every((colours) => colours !== undefined && isGrey(colours)),
    ...(covers ? {} : { instead: { bytes: withFrame(bytes, start, blankFrame(width, height)), framesBefore: 1 } }),
  };
}

/** Signature, screen, flags, background and aspect ratio. */
const HEADER = 13;

/** The colours that follow flags which say how many there are; none where they say that there are none. */
function tableAt(bytes: Uint8Array, at: number, flags: number): Uint8Array | undefined {
  return (flags & 0x80) === 0 ? undefined : bytes.subarray(at, at + 3 * 2 ** ((flags & 7) + 1));
}

function isGrey(table: Uint8Array): boolean {
  for (let i = 0; i + 2 < table.length; i += 3) {
    if (table[i] !== table[i + 1] || table[i] !== table[i + 2]) return false;
  }
  return true;
}

/** The frames as far as the file's blocks can be followed. */
function framesFrom(bytes: Uint8Array, start: number): Frame[] {
  const frames: Frame[] = [];
  const word = (at: number): number => bytes[at] + 256 * bytes[at + 1];
  for (let at = start; at < bytes.length;) {
    if (bytes[at] === EXTENSION) at = endOfBlocks(bytes, at + 2);
    else if (bytes[at] === IMAGE && at + 10 < bytes.length) {
      const table = tableAt(bytes, at + 10, bytes[at + 9]);
      const place = { left: word(at + 1), top: word(at + 3), width: word(at + 5), height: word(at + 7) };
      frames.push({ ...place, ...(table === undefined ? {} : { table }) });
      // A byte says how wide the first codes are.
      at = endOfBlocks(bytes, at + 10 + (table?.length ?? 0) + 1);
    } else break;
  }
  return frames;
}

const EXTENSION = 0x21;
const IMAGE = 0x2c;

/** Blocks that each begin with their length, up to one of none. */
function endOfBlocks(bytes: Uint8Array, start: number): number {
  let at = start;
  while (at < bytes.length && bytes[at] !== 0) at += 1 + bytes[at];
  return at + 1;
}

function withFrame(bytes: Uint8Array, at: number, frame: Uint8Array): Uint8Array {
  const longer = new Uint8Array(bytes.length + frame.length);
  longer.set(bytes.subarray(0, at));
  longer.set(frame, at);
  longer.set(bytes.subarray(at), at + frame.length);
  // Transparency came with version 89a.
  longer[4] = '9'.charCodeAt(0);
  return longer;
}
