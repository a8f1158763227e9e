import { type Box, boxesIn, boxNamed } from './isoBoxes.ts';

/** The picture of an AVIF file that is shown first. */
interface AvifItem {
  /** The boxes that describe it: `av1C`, `colr`, …; those of its first tile where it is put together from tiles. */
  readonly properties: readonly Box[];
  /** Where its samples begin, as far as the file says so in the usual way. */
  readonly data?: number;
}

/**
 * The primary item of an AVIF file (ISO/IEC 23008-12); none where there is none, as in films, or the boxes cannot be followed.
 */
export function avifItem(bytes: Uint8Array): AvifItem | undefined {
  try {
    const meta = boxNamed(boxesIn(bytes, 0, bytes.length), 'meta');
    if (meta === undefined) return undefined;
    // A full box: version and flags come first.
    const boxes = boxesIn(bytes, meta.start + 4, meta.end);
    const primary = boxNamed(boxes, 'pitm');
    const described = boxNamed(boxes, 'iprp');
    if (primary === undefined || described === undefined) return undefined;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const id = bytes[primary.start] === 0 ? view.getUint16(primary.start + 4) : view.getUint32(primary.start + 4);
    const parts = boxesIn(bytes, described.start, described.end);
    const all = boxNamed(parts, 'ipco');
    const given = boxNamed(parts, 'ipma');
    if (all === undefined || given === undefined) return undefined;
    const properties = boxesIn(bytes, all.start, all.end);
    const of = (item: number): Box[] =>
      associated(view, given, item).flatMap((index) => (index >= 1 ? (properties[index - 1] ?? []) : []));
    const own = of(id);
    const tile = firstTile(bytes, view, boxes, id);
    const data = placeOf(view, boxes, tile ?? id);
    return {
      properties: tile === undefined ? own : [...own, ...of(tile)],
      ...(data === undefined ? {} : { data }),
    };
  } catch {
    // An offset outside the file: the decoder will say so.
    return undefined;
  }
}

/** The indices, from 1, of an item's properties. */
function associated(view: DataView, { start }: Box, item: number): number[] {
  const version = view.getUint8(start);
  const isWide = (view.getUint8(start + 3) & 1) === 1;
  let at = start + 8;
  for (let left = view.getUint32(start + 4); left > 0; left--) {
    const id = version === 0 ? view.getUint16(at) : view.getUint32(at);
    at += version === 0 ? 2 : 4;
    const count = view.getUint8(at);
    at += 1;
    if (id === item) {
      // The first bit says whether a reader must understand the property.
      return Array.from({ length: count }, (_, i) =>
        isWide ? view.getUint16(at + 2 * i) & 0x7fff : view.getUint8(at + i) & 0x7f,
      );
    }
    at += count * (isWide ? 2 : 1);
  }
  return [];
}

/** The first of the items that an item is put together from (`dimg`). */
function firstTile(bytes: Uint8Array, view: DataView, boxes: readonly Box[], item: number): number | undefined {
  const references = boxNamed(boxes, 'iref');
  if (references === undefined) return undefined;
  const size = bytes[references.start] === 0 ? 2 : 4;
  const number = (at: number): number => (size === 2 ? view.getUint16(at) : view.getUint32(at));
  const found = boxesIn(bytes, references.start + 4, references.end).find(
    ({ type, start }) => type === 'dimg' && number(start) === item && view.getUint16(start + size) > 0,
  );
  return found && number(found.start + size + 2);
}

/** Where an item's first extent begins in the file (`iloc`); none where it lies elsewhere. */
function placeOf(view: DataView, boxes: readonly Box[], item: number): number | undefined {
  const places = boxNamed(boxes, 'iloc');
  if (places === undefined) return undefined;
  const version = view.getUint8(places.start);
  const sizes = view.getUint16(places.start + 4);
  const [offset, length, base, index] = [12, 8, 4, 0].map((shift) => (sizes >> shift) & 15);
  const number = (at: number, size: number): number => {
    if (size === 8) return Number(view.getBigUint64(at));
    return size === 4 ? view.getUint32(at) : size === 2 ? view.getUint16(at) : 0;
  };
  const idSize = version < 2 ? 2 : 4;
  let at = places.start + 6 + idSize;
  for (let left = number(places.start + 6, idSize); left > 0; left--) {
    const id = number(at, idSize);
    at += idSize;
    const method = version === 0 ? 0 : view.getUint16(at) & 15;
    // A method from version 1 on, and the number of the file that it lies in.
    at += (version === 0 ? 0 : 2) + 2;
    const start = number(at, base);
    at += base;
    const extents = view.getUint16(at);
    at += 2;
    const indexSize = version === 0 ? 0 : index;
    if (id === item) return method === 0 && extents > 0 ? start + number(at + indexSize, offset) : undefined;
    at += extents * (indexSize + offset + length);
  }
  return undefined;
}
