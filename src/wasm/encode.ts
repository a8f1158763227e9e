import type { ValueType } from './opcodes.ts';

export const VALUE_BYTES: Readonly<Record<ValueType, number>> = { i32: 0x7f, f32: 0x7d, v128: 0x7b };

/** A whole number from 0 in LEB128. */
export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest % 0x80;
    rest = Math.floor(rest / 0x80);
    bytes.push(rest > 0 ? low | 0x80 : low);
  } while (rest > 0);
  return bytes;
}

/** A 32-bit whole number in signed LEB128. */
export function signed(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (true) {
    const low = rest & 0x7f;
    rest >>= 7;
    if ((rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0)) return [...bytes, low];
    bytes.push(low | 0x80);
  }
}

/** Four bytes, the lowest first. */
export function float32(value: number): number[] {
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, value, true);
  return [0, 1, 2, 3].map((i) => view.getUint8(i));
}

/** A length, then what has it. */
export function counted(bytes: readonly number[]): number[] {
  return [...unsigned(bytes.length), ...bytes];
}

/** A text in UTF-8 with its length; our names are ASCII. */
export function text(name: string): number[] {
  return counted(Array.from(name, (letter) => letter.charCodeAt(0)));
}
