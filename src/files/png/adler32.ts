import type { Arena } from '../../wasm/arena.ts';
import { functionsOf } from '../../wasm/modules.ts';
import { adlerCode } from './adlerCode.ts';

/** The two sums of Adler's checksum (RFC 1950, 8.2), before any byte 1 and 0. */
export interface Adler {
  low: number;
  high: number;
}

const PRIME = 65_521;

/** So many bytes add up in 32 bits. */
const AT_ONCE = 5552;

/** Where an arena has bytes to be summed, and 48 bytes for sums. */
interface SummedBytes {
  readonly arena: Arena;
  readonly start: number;
  readonly length: number;
  readonly sums: number;
}

/** Goes on with bytes in an arena, sixteen at a time. */
export function addByVectors(sum: Adler, { arena, start, length, sums }: SummedBytes): void {
  const { adler } = functionsOf('adler', arena, () => adlerCode);
  const whole = length - (length % 16);
  for (let at = 0; at < whole; at += AT_ONCE) {
    const count = Math.min(AT_ONCE, whole - at);
    adler(start + at, count, sums);
    const [plain, weighted, before] = [0, 4, 8].map((i) => {
      const [a, b, c, d] = arena.words.subarray(sums / 4 + i, sums / 4 + i + 4);
      return a + b + c + d;
    });
    sum.high = (sum.high + count * sum.low + 16 * before + weighted) % PRIME;
    sum.low = (sum.low + plain) % PRIME;
  }
  addByDefinition(sum, arena.bytes.subarray(start + whole, start + length));
}

export function addByDefinition(sum: Adler, bytes: Uint8Array): void {
  for (const byte of bytes) {
    sum.low = (sum.low + byte) % PRIME;
    sum.high = (sum.high + sum.low) % PRIME;
  }
}
