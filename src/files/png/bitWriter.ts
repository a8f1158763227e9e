/** Bits one after the other, the lowest of a byte first (RFC 1951, 3.1.1). */
export interface BitWriter {
  /** Up to 24 bits, the lowest first. */
  put(bits: number, count: number): void;
  /** The whole bytes since the last call. */
  take(): Uint8Array;
  /** The bits after the last whole byte, 0 to 7 of them. */
  readonly rest: { bits: number; count: number };
}

export function createBitWriter(): BitWriter {
  let bytes: number[] = [];
  const rest = { bits: 0, count: 0 };
  return {
    rest,
    put(bits, count) {
      rest.bits |= bits << rest.count;
      rest.count += count;
      for (; rest.count >= 8; rest.count -= 8) {
        bytes.push(rest.bits & 0xff);
        rest.bits >>>= 8;
      }
    },
    take() {
      const taken = Uint8Array.from(bytes);
      bytes = [];
      return taken;
    },
  };
}
