/** A set of whole numbers from 0 below a limit, in a bit each. */
export interface Bits {
  readonly count: number;
  has(n: number): boolean;
  /** Whether it was not there before. */
  add(n: number): boolean;
}

export function createBits(limit: number): Bits {
  const words = new Uint32Array(Math.ceil(limit / 32));
  let count = 0;
  const has = (n: number): boolean => (words[n >>> 5] & (1 << (n & 31))) !== 0;
  return {
    get count() {
      return count;
    },
    has,
    add(n) {
      if (has(n)) return false;
      words[n >>> 5] |= 1 << (n & 31);
      count++;
      return true;
    },
  };
}
