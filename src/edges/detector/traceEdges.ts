/** Between which numbers strengths are joined. */
interface TraceLimits {
  /** What reaches it, beside an edge, may become one. */
  readonly low: number;
  /** What reaches it is an edge. */
  readonly high: number;
  /** Whether a strength has to exceed a limit rather than reach it. */
  readonly above: boolean;
}

/**
 * Follows edges as ImageMagick's `-canny` does, sample for sample. From each strong sample it looks at eight neighbours of a place, and the
 * place moves to every neighbour that becomes an edge before the next is looked at: some neighbours are passed over. The places that wait
 * stand in the first row of the strengths, one a column, all with the first sample's strength; what does not fit there is written over the
 * rows below, and read from the last column.
 *
 * @param strengths rows of a picture; those that are written over are changed
 * @returns 1 on edges, 0 elsewhere
 */
export function traceEdges(strengths: Float64Array, width: number, { low, high, above }: TraceLimits): Uint8Array {
  const edges = new Uint8Array(strengths.length);
  const places = new Int32Array(width);
  const isAt = (i: number, limit: number): boolean => (above ? strengths[i] > limit : strengths[i] >= limit);
  for (let seed = 0; seed < strengths.length; seed++) {
    if (edges[seed] !== 0 || !isAt(seed, high)) continue;
    edges[seed] = 1;
    places[0] = seed;
    for (let waiting = 1; waiting > 0;) {
      waiting--;
      const from = Math.min(waiting, width - 1);
      const strength = strengths[from];
      let row = Math.floor(places[from] / width);
      let column = places[from] % width;
      for (let down = -1; down <= 1; down++) {
        for (let right = -1; right <= 1; right++) {
          if ((down === 0 && right === 0) || column + right < 0 || column + right >= width) continue;
          const next = (row + down) * width + column + right;
          if (next < 0 || next >= strengths.length || edges[next] !== 0 || !isAt(next, low)) continue;
          edges[next] = 1;
          row += down;
          column += right;
          if (waiting < width) places[waiting] = next;
          strengths[waiting] = strength;
          waiting++;
        }
      }
    }
  }
  return edges;
}
