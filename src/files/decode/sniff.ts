/** The formats that are read, by their own names. */
export type SourceFormat = 'jpeg' | 'png' | 'webp' | 'tiff' | 'avif' | 'gif' | 'npy';

export const READ_FORMATS = 'JPEG, PNG, WebP, TIFF, AVIF, GIF or .npy';

/**
 * The format that a file's first bytes say it is of, whatever its name says; none where it is not one that is read.
 * Only what is named here ever reaches a decoder.
 */
export function sniff(bytes: Uint8Array): SourceFormat | undefined {
  if (begins(bytes, [0xff, 0xd8, 0xff])) return 'jpeg';
  if (begins(bytes, [0x89, 'PNG\r\n', 0x1a, '\n'])) return 'png';
  if (begins(bytes, ['RIFF']) && begins(bytes, ['WEBP'], 8)) return 'webp';
  if (begins(bytes, ['II', 42, 0]) || begins(bytes, ['MM', 0, 42])) return isCanonRaw(bytes) ? undefined : 'tiff';
  // BigTIFF: offsets of eight bytes.
  if (begins(bytes, ['II', 43, 0]) || begins(bytes, ['MM', 0, 43])) return 'tiff';
  if (brandsOf(bytes).some((brand) => brand === 'avif' || brand === 'avis')) return 'avif';
  if (begins(bytes, ['GIF87a']) || begins(bytes, ['GIF89a'])) return 'gif';
  if (begins(bytes, [0x93, 'NUMPY'])) return 'npy';
  return undefined;
}

/** What bytes are that {@link sniff} does not name: a picture of another format (`unsupported`), or none. */
export function describeBytes(bytes: Uint8Array): { code: 'unsupported' | 'not-a-picture'; what: string } {
  const other = OTHER_PICTURES.find(([, is]) => is(bytes));
  if (other) return { code: 'unsupported', what: other[0] };
  if (begins(bytes, ['PK', 3, 4])) return { code: 'not-a-picture', what: 'a ZIP archive' };
  if (begins(bytes, [0x1f, 0x8b])) return { code: 'not-a-picture', what: 'gzip-compressed data' };
  return { code: 'not-a-picture', what: isText(bytes) ? 'text' : 'bytes of no known picture format' };
}

const OTHER_PICTURES: readonly (readonly [what: string, is: (bytes: Uint8Array) => boolean])[] = [
  ['SVG, a drawing without samples', isSvg],
  ['PDF', (bytes) => begins(bytes, ['%PDF'])],
  ['HEIC', (bytes) => brandsOf(bytes).some((brand) => /^(hei[cxms]|hev[cxms]|mif1|msf1)$/.test(brand))],
  ['JPEG XL', (bytes) => begins(bytes, [0xff, 0x0a]) || begins(bytes, [0, 0, 0, 12, 'JXL '])],
  ['JPEG 2000', (bytes) => begins(bytes, [0, 0, 0, 12, 'jP  ']) || begins(bytes, [0xff, 0x4f, 0xff, 0x51])],
  ['a libvips .v file', (bytes) => begins(bytes, [8, 0xf2, 0xa6, 0xb6]) || begins(bytes, [0xb6, 0xa6, 0xf2, 8])],
  ["a camera's raw file (CR2)", isCanonRaw],
  ['BMP', (bytes) => begins(bytes, ['BM']) && begins(bytes, [0, 0, 0, 0], 6)],
  ['a Photoshop document', (bytes) => begins(bytes, ['8BPS'])],
  ['OpenEXR', (bytes) => begins(bytes, [0x76, 0x2f, 0x31, 1])],
  ['a Radiance picture', (bytes) => begins(bytes, ['#?RADIANCE']) || begins(bytes, ['#?RGBE'])],
  ['FITS', (bytes) => begins(bytes, ['SIMPLE  ='])],
  ['a PNM picture', (bytes) => /^P[1-7Ff]\s/.test(latin1(bytes, 0, 3))],
  ['QOI', (bytes) => begins(bytes, ['qoif'])],
  ['an icon', (bytes) => begins(bytes, [0, 0, 1, 0])],
];

function begins(bytes: Uint8Array, pattern: readonly (string | number)[], at = 0): boolean {
  const wanted = pattern.flatMap((part) =>
    typeof part === 'string' ? Array.from(part, (c) => c.charCodeAt(0)) : [part],
  );
  return bytes.length >= at + wanted.length && wanted.every((byte, i) => bytes[at + i] === byte);
}

function latin1(bytes: Uint8Array, from: number, to: number): string {
  return String.fromCharCode(...bytes.subarray(from, to));
}

/** Canon's raw files are TIFF, of which only a preview could be decoded. */
function isCanonRaw(bytes: Uint8Array): boolean {
  return begins(bytes, ['II', 42, 0]) && begins(bytes, ['CR', 2], 8);
}

/** The major and compatible brands of an ISO base media file (ISO/IEC 14496-12, `ftyp`). */
function brandsOf(bytes: Uint8Array): string[] {
  if (!begins(bytes, ['ftyp'], 4)) return [];
  const size = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
  const brands = [latin1(bytes, 8, 12)];
  // A box of more brands than these is no picture's.
  for (let at = 16; at + 4 <= Math.min(size, bytes.length, 256); at += 4) brands.push(latin1(bytes, at, at + 4));
  return brands;
}

function isSvg(bytes: Uint8Array): boolean {
  const text = new TextDecoder().decode(bytes.subarray(0, 4096));
  return /^\s*(<\?xml|<!--|<!DOCTYPE svg|<svg)/.test(text) && text.includes('<svg');
}

/** Whether the first bytes are UTF-8 without control characters other than those of text. */
function isText(bytes: Uint8Array): boolean {
  const head = bytes.subarray(0, 512);
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: head.length < bytes.length });
    return !Array.from(text).some((c) => (c < ' ' && !'\t\n\r\f\x1b'.includes(c)) || c === '\x7f');
  } catch {
    return false;
  }
}
