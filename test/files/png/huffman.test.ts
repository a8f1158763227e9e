import { describe, expect, test } from 'vitest';
import { codeLengths, codesOf } from '../../../src/files/png/huffman.ts';
import { seededRandom } from '../../../src/layers/random.ts';

/** The share of all codes that these lengths use: 1 where they are complete. */
function used(lengths: Uint8Array): number {
  return lengths.reduce((sum, length) => sum + (length > 0 ? 2 ** -length : 0), 0);
}

function bits(counts: readonly number[], lengths: Uint8Array): number {
  return counts.reduce((sum, count, symbol) => sum + count * lengths[symbol], 0);
}

/** The bits of Huffman's own code, by joining the two lightest again and again. */
function fewestBits(counts: readonly number[]): number {
  const weights = counts.filter((count) => count > 0);
  let total = 0;
  while (weights.length > 1) {
    weights.sort((a, b) => b - a);
    const joined = (weights.pop() as number) + (weights.pop() as number);
    total += joined;
    weights.push(joined);
  }
  return total;
}

describe('codeLengths', () => {
  test('are as short as they can be where the limit leaves them room', () => {
    const random = seededRandom(3);
    for (let trial = 0; trial < 50; trial++) {
      const counts = Array.from({ length: 2 + trial }, () => 1 + (random.word() % 100));
      const lengths = codeLengths(counts, 24);
      expect(bits(counts, lengths)).toBe(fewestBits(counts));
      expect(used(lengths)).toBe(1);
    }
  });

  test('keep to the limit, completely, with the rarest longest', () => {
    const counts = [1, 1];
    while (counts.length < 30) counts.push((counts.at(-1) as number) + (counts.at(-2) as number));
    for (const limit of [5, 7, 12]) {
      const lengths = codeLengths(counts, limit);
      expect(Math.max(...lengths)).toBe(limit);
      expect(used(lengths)).toBe(1);
      expect([...lengths]).toEqual([...lengths].toSorted((a, b) => b - a));
    }
    expect([...codeLengths(new Array<number>(32).fill(5), 5)]).toEqual(new Array<number>(32).fill(5));
  });

  test('are none where a symbol does not occur', () => {
    expect([...codeLengths([0, 4, 0, 9, 0, 1], 7)]).toEqual([0, 2, 0, 1, 0, 2]);
  });
});

test('codesOf numbers codes as RFC 1951 does in its example, the first bit lowest', () => {
  const lengths = [3, 3, 3, 3, 3, 2, 4, 4];
  const shown = Array.from(codesOf(Uint8Array.from(lengths)), (code, i) =>
    Array.from({ length: lengths[i] }, (_, bit) => (code >> bit) & 1).join(''),
  );
  expect(shown).toEqual(['010', '011', '100', '101', '110', '00', '1110', '1111']);
});
