import type { Arena } from '../../wasm/arena.ts';
import { hasSimd } from '../../wasm/features.ts';
import { functionsOf } from '../../wasm/modules.ts';
import { workspace } from '../../wasm/workspace.ts';
import { paethCode } from './paethCode.ts';

/** Neighbouring rows of a picture as bytes: 16-bit samples with the high byte first. */
export interface ByteRows {
  readonly bytes: Uint8Array;
  /** Bytes of a row. */
  readonly length: number;
  /** Bytes of a pixel, 1 to 8. */
  readonly pixelBytes: number;
  /** Whether the first row is only there for the second, which stands below it. */
  readonly above: boolean;
}

const PAETH = 4;

/**
 * Rows as a PNG holds them: each byte less Paeth's prediction from its neighbours, and before each row the filter's number
 * (PNG specification, third edition, 9.4).
 *
 * @param out where they go: at least length + 1 bytes a row
 * @returns the part of `out` that was written
 */
export function filterRows(rows: ByteRows, out: Uint8Array): Uint8Array {
  return hasSimd() ? filterByVectors(rows, out) : filterByDefinition(rows, out);
}

function filterByVectors(rows: ByteRows, out: Uint8Array): Uint8Array {
  const { arena, address } = workspace([], filterRoom(rows));
  const { start, size } = filterAt(arena, address, rows);
  out.set(arena.bytes.subarray(start, start + size));
  return out.subarray(0, size);
}

/** Zeros before each row, which the first pixel takes for the one before it. */
const MARGIN = 16;

/** How many bytes of an arena {@link filterAt} takes. */
export function filterRoom({ bytes, length }: ByteRows): number {
  return 2 * (length + 2 * MARGIN) + (bytes.length / length) * (length + 1) + MARGIN;
}

/** Filters in an arena, from an address on, and says where the filtered rows are, the last of what is written there. */
export function filterAt(
  arena: Arena,
  address: number,
  { bytes, length, pixelBytes, above }: ByteRows,
): { start: number; size: number } {
  const { paeth } = functionsOf(`paeth ${pixelBytes}`, arena, () => paethCode(pixelBytes));
  const count = bytes.length / length;
  const pitch = length + 2 * MARGIN;
  const start = address + 2 * pitch;
  arena.bytes.fill(0, address, start);
  let out = start;
  for (let row = 0; row < count; row++) {
    const place = address + MARGIN + (row % 2) * pitch;
    arena.bytes.set(bytes.subarray(row * length, (row + 1) * length), place);
    if (above && row === 0) continue;
    arena.bytes[out] = PAETH;
    paeth(place, address + MARGIN + ((row + 1) % 2) * pitch, out + 1, length);
    out += length + 1;
  }
  return { start, size: out - start };
}

/** The filter as the specification words it; for machines without vector code. */
export function filterByDefinition({ bytes, length, pixelBytes, above }: ByteRows, out: Uint8Array): Uint8Array {
  const first = above ? length : 0;
  let to = 0;
  for (let row = first; row < bytes.length; row += length) {
    out[to++] = PAETH;
    for (let i = 0, at = row; i < length; i++, at++) {
      const left = i < pixelBytes ? 0 : bytes[at - pixelBytes];
      const up = row === 0 ? 0 : bytes[at - length];
      const corner = i < pixelBytes || row === 0 ? 0 : bytes[at - length - pixelBytes];
      out[to++] = bytes[at] - predicted(left, up, corner);
    }
  }
  return out.subarray(0, to);
}

function predicted(left: number, up: number, corner: number): number {
  const estimate = left + up - corner;
  const toLeft = Math.abs(estimate - left);
  const toUp = Math.abs(estimate - up);
  const toCorner = Math.abs(estimate - corner);
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}
