import { crc32 } from 'node:zlib';
import { below, oneOf, type Random } from './random.ts';

/** A few changes to a file's bytes, one after the other, as damage, malice and faulty programs make them. */
export function mutate(bytes: Uint8Array, others: readonly Uint8Array[], random: Random): Uint8Array {
  let changed: Buffer = Buffer.from(bytes);
  for (let changes = 1 + below(random, 4); changes > 0; changes--) {
    changed = oneOf(random, CHANGES)(changed, others, random);
  }
  // Decoders look no further where a checksum is wrong.
  return random() < 0.7 ? withChecksums(changed) : changed;
}

type Change = (bytes: Buffer, others: readonly Uint8Array[], random: Random) => Buffer;

const CHANGES: readonly Change[] = [
  flipBits,
  flipBits,
  setNumber,
  setNumber,
  setNumber,
  (bytes, _, random) => bytes.subarray(0, below(random, bytes.length + 1)),
  (bytes, _, random) => {
    const [from, to] = range(bytes, random);
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
  },
  (bytes, _, random) => {
    const [from, to] = range(bytes, random);
    return Buffer.concat([bytes.subarray(0, to), bytes.subarray(from)]);
  },
  (bytes, others, random) => {
    const other = Buffer.from(oneOf(random, others));
    const [from, to] = range(other, random);
    const at = below(random, bytes.length + 1);
    return Buffer.concat([bytes.subarray(0, at), other.subarray(from, to), bytes.subarray(at)]);
  },
  (bytes, _, random) => {
    const [from, to] = range(bytes, random);
    const filled = Buffer.from(bytes);
    return filled.fill(oneOf(random, [0, 0xff, 0x80, below(random, 256)]), from, to);
  },
];

function flipBits(bytes: Buffer, _: readonly Uint8Array[], random: Random): Buffer {
  const changed = Buffer.from(bytes);
  for (let flips = 1 + below(random, 8); flips > 0 && bytes.length > 0; flips--) {
    changed[place(bytes, random)] ^= 1 << below(random, 8);
  }
  return changed;
}

/** Sizes, counts and offsets at the ends of what their types hold. */
const NUMBERS = [
  0,
  1,
  2,
  3,
  4,
  7,
  8,
  16,
  32,
  64,
  100,
  127,
  128,
  255,
  256,
  32767,
  32768,
  65535,
  65536,
  2 ** 31 - 1,
  2 ** 32 - 1,
];

function setNumber(bytes: Buffer, _: readonly Uint8Array[], random: Random): Buffer {
  const changed = Buffer.from(bytes);
  const size = oneOf(random, [1, 2, 4]);
  if (bytes.length < size) return changed;
  const at = Math.min(place(bytes, random), bytes.length - size);
  const value = oneOf(random, NUMBERS) % 256 ** size;
  if (random() < 0.5) changed.writeUIntLE(value, at, size);
  else changed.writeUIntBE(value, at, size);
  return changed;
}

/** Anywhere, but half of the time in the first bytes, where headers are. */
function place(bytes: Buffer, random: Random): number {
  return below(random, random() < 0.5 ? Math.min(bytes.length, 200) : bytes.length);
}

function range(bytes: Buffer, random: Random): [from: number, to: number] {
  const from = below(random, bytes.length + 1);
  return [from, Math.min(bytes.length, from + 1 + below(random, 64))];
}

/** A PNG with its chunks' checksums put right, as far as they can be followed; any other file as it is. */
function withChecksums(bytes: Buffer): Buffer {
  if (bytes.length < 8 || bytes.readUInt32BE(0) !== 0x89504e47) return bytes;
  const right = Buffer.from(bytes);
  for (let at = 8; at + 12 <= right.length;) {
    const end = at + 8 + right.readUInt32BE(at);
    if (end + 4 > right.length) break;
    right.writeUInt32BE(crc32(right.subarray(at + 4, end)), end);
    at = end + 4;
  }
  return right;
}
