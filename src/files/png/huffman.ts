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
    Float64Array.from(symbols, (symbol) => counts[symbol]),
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
function symbolsByCount(counts: ArrayLike<number>): Uint16Array {
  const keys = new Float64Array(counts.length);
  let occurring = 0;
  for (let symbol = 0; symbol < counts.length; symbol++) {
    if (counts[symbol] > 0) keys[occurring++] = counts[symbol] * 512 + symbol;
  }
  const sorted = keys.subarray(0, occurring).sort();
  const symbols = new Uint16Array(occurring);
  for (let i = 0; i < occurring; i++) symbols[i] = sorted[i] % 512;
  return symbols;
}

/** How many symbols have each length. */
function countsOfLengths(counts: Float64Array, limit: number): Uint16Array {
  const ofLength = new Uint16Array(limit + 1);
  const depths = depthsOf(counts);
  for (let leaf = 0; leaf < counts.length; leaf++) ofLength[Math.min(depths[leaf], limit)]++;
  // What was cut off takes more than all codes there are: a longest one is dropped, and hung beneath a shorter one.
  let used = 0;
  for (let length = 1; length <= limit; length++) used += ofLength[length] << (limit - length);
  for (; used > 2 ** limit; used--) {
    let shorter = limit - 1;
    while (ofLength[shorter] === 0) shorter--;
    ofLength[shorter]--;
    ofLength[shorter + 1] += 2;
    ofLength[limit]--;
  }
  return ofLength;
}

/** The depths of leaves with ascending weights, then of the nodes above them, in Huffman's tree: nodes come to be by ascending weights. */
function depthsOf(weights: Float64Array): Uint16Array {
  const leaves = weights.length;
  const nodes = 2 * leaves - 1;
  const weight = new Float64Array(nodes).fill(Number.POSITIVE_INFINITY);
  weight.set(weights);
  const parent = new Uint16Array(nodes);
  let leaf = 0;
  let inner = leaves;
  for (let node = leaves; node < nodes; node++) {
    let sum = 0;
    for (let child = 0; child < 2; child++) {
      const lightest = leaf < leaves && (inner === node || weight[leaf] <= weight[inner]) ? leaf++ : inner++;
      sum += weight[lightest];
      parent[lightest] = node;
    }
    weight[node] = sum;
  }
  const depths = new Uint16Array(nodes);
  for (let node = nodes - 2; node >= 0; node--) depths[node] = depths[parent[node]] + 1;
  return depths;
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
