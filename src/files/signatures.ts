/** Whether bytes from `at` on are the characters of a text, each a byte (Latin-1). */
export function begins(bytes: Uint8Array, text: string, at = 0): boolean {
  if (bytes.length < at + text.length) return false;
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text.charCodeAt(i)) return false;
  return true;
}

/** The first bytes as Latin-1, where each byte is a character. */
export function latin1(bytes: Uint8Array, from: number, to: number): string {
  return String.fromCharCode(...bytes.subarray(from, to));
}

/** Whether an ISO base media file (ISO/IEC 14496-12) is of one of the brands that its first box, `ftyp`, names. */
export function isOfBrand(bytes: Uint8Array, brands: RegExp): boolean {
  if (!begins(bytes, 'ftyp', 4)) return false;
  const size = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
  if (brands.test(latin1(bytes, 8, 12))) return true;
  // A box of more brands than these is no picture's.
  for (let at = 16; at + 4 <= Math.min(size, bytes.length, MOST_BRAND_BYTES); at += 4) {
    if (brands.test(latin1(bytes, at, at + 4))) return true;
  }
  return false;
}

const MOST_BRAND_BYTES = 256;
