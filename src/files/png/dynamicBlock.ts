import type { BitWriter } from './bitWriter.ts';
import { codeLengths, codesOf } from './huffman.ts';

/** The most bits of a literal's or a length's code: four of them and a byte's rest fit into 64. RFC 1951 allows 15. */
const MOST_BITS = 14;

/** The longest run that one code stands for. */
export const LONGEST_RUN = 258;

/** The lowest bits of an entry, which a shift by 64-bit numbers takes for its distance. */
export const COUNT_BITS = 6;

/** What is counted of a block: 256 literals, then runs by their length, 0 to 258. */
export const COUNTED: number = 256 + LONGEST_RUN + 1;

/** What a block's codes are made for. */
interface BlockCounts {
  /** Of {@link COUNTED} things, a literal among them. */
  readonly counts: ArrayLike<number>;
  /** Whether nothing occurs but what was counted; otherwise there are codes for everything. */
  readonly isWhole: boolean;
}

interface BlockCode {
  /** For all that is counted: the bits to write, and below them, in {@link COUNT_BITS} bits, how many. */
  readonly entries: Uint32Array;
  readonly end: number;
}

/**
 * Begins a block with codes of its own (RFC 1951, 3.2.7) for literals and for runs, which repeat the byte before them: matches at
 * distance 1.
 */
export function beginBlock({ counts, isWhole }: BlockCounts, last: boolean, writer: BitWriter): BlockCode {
  const symbolCounts = new Uint32Array(286).fill(isWhole ? 0 : 1);
  symbolCounts[END] = 1;
  // What was counted weighs so much more than what was not that codes which hardly occur are among the longest.
  const weight = isWhole ? 1 : 64;
  for (let literal = 0; literal < 256; literal++) symbolCounts[literal] += weight * counts[literal];
  for (let length = 3; length <= LONGEST_RUN; length++)
    symbolCounts[RUNS[length].symbol] += weight * counts[256 + length];
  const lengths = codeLengths(symbolCounts, MOST_BITS);
  const codes = codesOf(lengths);
  writer.put(Number(last), 1);
  writer.put(2, 2);
  writeCodes(lengths, writer);
  const entries = new Uint32Array(COUNTED);
  for (let literal = 0; literal < 256; literal++) entries[literal] = (codes[literal] << COUNT_BITS) | lengths[literal];
  for (let length = 3; length <= LONGEST_RUN; length++) {
    const { symbol, extra, extraBits } = RUNS[length];
    // The one bit of the only distance is 0.
    const count = lengths[symbol] + extraBits + 1;
    entries[256 + length] = ((codes[symbol] | (extra << lengths[symbol])) << COUNT_BITS) | count;
  }
  return { entries, end: (codes[END] << COUNT_BITS) | lengths[END] };
}

const END = 256;

interface RunCode {
  readonly symbol: number;
  readonly extra: number;
  readonly extraBits: number;
}

/** Lengths' symbols and extra bits (RFC 1951, 3.2.5): from 265 on, four symbols for every number of extra bits; 258 is 285. */
const RUNS: readonly RunCode[] = Array.from({ length: LONGEST_RUN + 1 }, (_, length) => {
  if (length === LONGEST_RUN) return { symbol: 285, extra: 0, extraBits: 0 };
  const above = Math.max(0, length - 3);
  const extraBits = Math.max(0, 29 - Math.clz32(above));
  return { symbol: 257 + 4 * extraBits + (above >> extraBits), extra: above & ((1 << extraBits) - 1), extraBits };
});

/** The order in which the lengths of the codes for lengths are written. */
const ORDER: readonly number[] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/** The two codes' lengths, in a code of their own. */
function writeCodes(lengths: Uint8Array, writer: BitWriter): void {
  const literals = lengths.findLastIndex((length) => length > 0) + 1;
  // There is one distance, of one bit.
  const steps = stepsOf([...lengths.subarray(0, literals), 1]);
  const counts = new Uint32Array(19);
  for (const { symbol } of steps) counts[symbol]++;
  const stepLengths = codeLengths(counts, 7);
  const stepCodes = codesOf(stepLengths);
  const written = ORDER.findLastIndex((symbol) => stepLengths[symbol] > 0) + 1;
  writer.put(literals - 257, 5);
  writer.put(0, 5);
  writer.put(written - 4, 4);
  for (const symbol of ORDER.slice(0, written)) writer.put(stepLengths[symbol], 3);
  for (const { symbol, extra, extraBits } of steps) {
    writer.put(stepCodes[symbol], stepLengths[symbol]);
    writer.put(extra, extraBits);
  }
}

/** Lengths with their repetitions: 16 repeats the one before 3 to 6 times, 17 and 18 stand for 3 to 10 and 11 to 138 zeros. */
function stepsOf(lengths: readonly number[]): RunCode[] {
  const steps: RunCode[] = [];
  for (let i = 0; i < lengths.length;) {
    const length = lengths[i];
    let same = 1;
    while (lengths[i + same] === length) same++;
    if (length === 0 && same >= 3) {
      const count = Math.min(same, 138);
      if (count <= 10) steps.push({ symbol: 17, extra: count - 3, extraBits: 3 });
      else steps.push({ symbol: 18, extra: count - 11, extraBits: 7 });
      i += count;
    } else {
      steps.push({ symbol: length, extra: 0, extraBits: 0 });
      i++;
      const count = Math.min(same - 1, 6);
      if (length > 0 && count >= 3) {
        steps.push({ symbol: 16, extra: count - 3, extraBits: 2 });
        i += count;
      }
    }
  }
  return steps;
}
