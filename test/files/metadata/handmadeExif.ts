/** EXIF as a camera writes it: made here, as no picture of the tests' own holds all of it. */
export interface HandmadeExif {
  readonly little: boolean;
  readonly orientation: number;
  readonly width: number;
  readonly height: number;
}

export const MAKER_NOTE = 'a note that nobody else reads';
export const THUMBNAIL = 'the picture as it was, small';

type Value = number[] | string;
interface Entry {
  readonly tag: number;
  readonly type: 2 | 3 | 4 | 5 | 7;
  readonly value: Value;
}

/** IFD0 (make, orientation, resolutions of 300 and 200, both directories), EXIF's own, the place, the thumbnail's, and the thumbnail. */
export function handmadeExif({ little, orientation, width, height }: HandmadeExif): Uint8Array {
  const first = (exif: number, place: number): Entry[] => [
    { tag: 0x010f, type: 2, value: 'Corr2d Cameras\0' },
    { tag: 0x0112, type: 3, value: [orientation] },
    { tag: 0x011a, type: 5, value: [300, 1] },
    { tag: 0x011b, type: 5, value: [200, 1] },
    { tag: 0x0128, type: 3, value: [2] },
    { tag: 0x8769, type: 4, value: [exif] },
    { tag: 0x8825, type: 4, value: [place] },
  ];
  const own: Entry[] = [
    { tag: 0x927c, type: 7, value: MAKER_NOTE },
    { tag: 0xa002, type: 3, value: [width] },
    { tag: 0xa003, type: 4, value: [height] },
  ];
  const place: Entry[] = [
    { tag: 1, type: 2, value: 'N\0' },
    { tag: 2, type: 5, value: [52, 1, 31, 1, 12, 1] },
  ];
  const thumbnail = (at: number): Entry[] => [
    { tag: 0x0201, type: 4, value: [at] },
    { tag: 0x0202, type: 4, value: [THUMBNAIL.length] },
  ];
  const sizes = [first(0, 0), own, place, thumbnail(0)].map(bytesOf);
  const starts = sizes.map((_, i) => 8 + sizes.slice(0, i).reduce((sum, size) => sum + size, 0));
  const end = starts[3] + sizes[3];
  const bytes = Buffer.alloc(end + THUMBNAIL.length);
  const to = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  bytes.write(little ? 'II' : 'MM', 'latin1');
  to.setUint16(2, 42, little);
  to.setUint32(4, 8, little);
  write(to, starts[0], first(starts[1], starts[2]), starts[3], little);
  write(to, starts[1], own, 0, little);
  write(to, starts[2], place, 0, little);
  write(to, starts[3], thumbnail(end), 0, little);
  bytes.write(THUMBNAIL, end, 'latin1');
  return new Uint8Array(bytes);
}

const SIZES = { 2: 1, 3: 2, 4: 4, 5: 4, 7: 1 } as const;

function bytesOf(entries: readonly Entry[]): number {
  return entries.reduce((sum, entry) => sum + 12 + outside(entry), 6);
}

function outside({ type, value }: Entry): number {
  const bytes = value.length * SIZES[type];
  return bytes > 4 ? bytes + (bytes % 2) : 0;
}

function write(to: DataView, at: number, entries: readonly Entry[], next: number, little: boolean): void {
  to.setUint16(at, entries.length, little);
  let free = at + 6 + entries.length * 12;
  entries.forEach((entry, i) => {
    const { tag, type, value } = entry;
    const place = at + 2 + i * 12;
    to.setUint16(place, tag, little);
    to.setUint16(place + 2, type, little);
    to.setUint32(place + 4, type === 5 ? value.length / 2 : value.length, little);
    const inside = outside(entry) === 0;
    if (!inside) to.setUint32(place + 8, free, little);
    put(to, inside ? place + 8 : free, entry, little);
    free += outside(entry);
  });
  to.setUint32(at + 2 + entries.length * 12, next, little);
}

function put(to: DataView, at: number, { type, value }: Entry, little: boolean): void {
  if (typeof value === 'string') Array.from(value).forEach((letter, i) => to.setUint8(at + i, letter.charCodeAt(0)));
  else if (type === 3) value.forEach((one, i) => to.setUint16(at + 2 * i, one, little));
  else value.forEach((one, i) => to.setUint32(at + 4 * i, one, little));
}
