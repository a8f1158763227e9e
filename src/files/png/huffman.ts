/**
 * The lengths in bits of a Huffman code for symbols of these counts, none longer than the limit; 0 where a symbol does not occur.
 * Where the limit binds, the code is a little longer than the shortest one that keeps to it.
 *
 * @param counts of at least two symbols that occur, of at most 512, which sum to less than 2^32; 2^limit is at least the symbols
 */
export function codeLengths(counts: ArrayLike<number>, limit: number): Uint8Array {
  const lengths = new Uint8Array(counts.length);
  const symbols = symbolsByCount(counts);
  const ofLength = countsOfLengths(
    symbols.map((symbol) => counts[symbol]),
    limit,
  );
  // The rarest have the longest.
  let next = 0;
  for (let length = limit; length > 0; length--) {
    for (let i = 0; i < ofLength[length]; i++) lengths[symbols[next++]] = length;
  }
  return lengths;
}

/** Those that occur, the rarest first; of equal ones the first first. */
function symbolsByCount(counts: ArrayLike<number>): number[] {
  const keys = Float64Array.from(counts, (count, symbol) => (count > 0 ? count * 512 + symbol : 0)).sort();
  return Array.from(keys.subarray(keys.findLastIndex((key) => key === 0) + 1), (key) => key % 512);
}

/** How many symbols have each length. */
function countsOfLengths(counts: readonly number[], limit: number): number[] {
  const ofLength = new Array<number>(limit + 1).fill(0);
  for (const depth of depthsOf(counts)) ofLength[Math.min(depth, limit)]++;
  // What was cut off takes more than all codes there are: a longest one is dropped, and hung beneath a shorter one.
  let used = ofLength.reduce((sum, count, length) => sum + (length > 0 ? count * 2 ** (limit - length) : 0), 0);
  for (; used > 2 ** limit; used--) {
    let shorter = limit - 1;
    while (ofLength[shorter] === 0) shorter--;
    ofLength[shorter]--;
    ofLength[shorter + 1] += 2;
    ofLength[limit]--;
  }
  return ofLength;
}

/** The depths of leaves with ascending weights in Huffman's tree: nodes come to be by ascending weights too. */
function depthsOf(weights: readonly number[]): number[] {
  const leaves = weights.length;
  const weight = Float64Array.from({ length: 2 * leaves - 1 }, (_, i) => weights[i] ?? Number.POSITIVE_INFINITY);
  const parent = new Int32Array(2 * leaves - 1);
  let leaf = 0;
  let inner = leaves;
  for (let node = leaves; node < weight.length; node++) {
    const lightest = (): number =>
      leaf < leaves && (inner === node || weight[leaf] <= weight[inner]) ? leaf++ : inner++;
    const [first, second] = [lightest(), lightest()];
    weight[node] = weight[first] + weight[second];
    parent[first] = node;
    parent[second] = node;
  }
  const depth = new Int32Array(weight.length);
  for (let node = weight.length - 2; node >= 0; node--) depth[node] = depth[parent[node]] + 1;
  return Array.from(depth.subarray(0, leaves));
}

/** The codes of these lengths (RFC 1951, 3.2.2), the bit that is written first as the lowest. */
export function codesOf(lengths: Uint8Array): Uint16Array {
  const codes = new Uint16Array(lengths.length);
  let next = 0;
  for (let length = 1; length < 16; length++) {
    for (let symbol = 0; symbol < lengths.length; symbol++) {
      if (lengths[symbol] === length) codes[symbol] = reversed(next++, length);
    }
    next <<= 1;
  }
  return codes;
}

function reversed(code: number, length: number): number {
  let backwards = 0;
  for (let i = 0; i < length; i++) backwards |= ((code >> i) & 1) << (length - 1 - i);
  return backwards;
}
