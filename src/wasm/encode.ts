/** Appends a whole number from 0 in LEB128. */
export function appendUnsigned(bytes: number[], value: number): void {
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  bytes.push(rest);
}

/** Appends a 32-bit whole number in signed LEB128. */
export function appendSigned(bytes: number[], value: number): void {
  let rest = value;
  // Bit 6 of the last byte is the sign.
  while (rest < -0x40 || rest >= 0x40) {
    bytes.push((rest & 0x7f) | 0x80);
    rest >>= 7;
  }
  bytes.push(rest & 0x7f);
}

/** Appends four bytes, the lowest first. */
export function appendFloat32(bytes: number[], value: number): void {
  FOUR.setFloat32(0, value, true);
  for (let i = 0; i < 4; i++) bytes.push(FOUR.getUint8(i));
}

const FOUR = new DataView(new ArrayBuffer(4));

/** A whole number from 0 in LEB128. */
export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  appendUnsigned(bytes, value);
  return bytes;
}

/** One list of them all. Spreading long lists, byte by byte, took longer than compiling them. */
export function joined(...parts: readonly (readonly number[])[]): number[] {
  return new Array<number>().concat(...parts);
}

/** A length, then what has it. */
export function counted(bytes: readonly number[]): number[] {
  return joined(unsigned(bytes.length), bytes);
}

/** A text in UTF-8 with its length. */
export function text(name: string): number[] {
  // The language's own way to UTF-8: TextEncoder is the host's, and not every host has it.
  const escaped = encodeURIComponent(name).replace(/%(..)/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return counted(Array.from(escaped, (byte) => byte.charCodeAt(0)));
}
