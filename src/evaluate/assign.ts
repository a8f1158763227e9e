/** Which rows may go with which columns, at which cost. */
export interface Candidates {
  readonly rows: number;
  readonly columns: number;
  /** Of row i the entries from `starts[i]` to `starts[i + 1]` are its own, those of the least cost first. */
  readonly starts: Int32Array;
  readonly column: Int32Array;
  /** Whole numbers from 0. */
  readonly cost: Int32Array;
}

/**
 * Assigns rows to columns one to one: of the assignments with the most pairs one that costs least.
 *
 * Rows come in one after the other, each along the cheapest way of exchanging partners (R. Jonker and A. Volgenant, A shortest augmenting
 * path algorithm for dense and sparse linear assignment problems, Computing 38, 1987). Each row may also stay alone, at a cost above
 * what any exchange saves, so that most pairs come first. Costs are whole numbers, and so is all that is computed.
 *
 * @returns each row's column; −1 where it has none
 * @example
 * // Row 0 would rather have column 0, which is all that row 1 can have.
 * const starts = Int32Array.of(0, 2, 3)
 * assign({ rows: 2, columns: 2, starts, column: Int32Array.of(0, 1, 0), cost: Int32Array.of(1, 5, 3) }).join() // '1,0'
 */
export function assign(candidates: Candidates): Int32Array {
  const state = begin(candidates);
  const waiting = assignTight(candidates, state);
  for (const row of waiting) augment(row, candidates, state);
  return state.columnOf;
}

interface State {
  readonly columnOf: Int32Array;
  readonly rowOf: Int32Array;
  /** Prices: of every pair cost ≥ row's + column's, and equal where both are together. */
  readonly ofRow: Float64Array;
  readonly ofColumn: Float64Array;
  /** Of staying alone. */
  readonly alone: number;
  /** Columns as a search found them, valid where `search` is its number. */
  readonly search: Int32Array;
  readonly distance: Float64Array;
  readonly from: Int32Array;
  readonly done: Int32Array;
  readonly heap: Heap;
  searches: number;
}

function begin({ rows, columns, starts, cost }: Candidates): State {
  let most = 0;
  for (let e = 0; e < starts[rows]; e++) if (cost[e] > most) most = cost[e];
  return {
    columnOf: new Int32Array(rows).fill(-1),
    rowOf: new Int32Array(columns).fill(-1),
    ofRow: new Float64Array(rows),
    ofColumn: new Float64Array(columns),
    alone: (rows + 1) * (most + 1),
    search: new Int32Array(columns),
    distance: new Float64Array(columns),
    from: new Int32Array(columns),
    done: new Int32Array(columns),
    heap: { keys: [], columns: [] },
    searches: 0,
  };
}

/** Gives rows what costs them least where it is free. @returns rows that could have a column, and have none yet */
function assignTight({ rows, starts, column, cost }: Candidates, { columnOf, rowOf, ofRow }: State): number[] {
  const waiting: number[] = [];
  for (let row = 0; row < rows; row++) {
    const end = starts[row + 1];
    if (starts[row] === end) continue;
    const least = cost[starts[row]];
    ofRow[row] = least;
    for (let e = starts[row]; e < end && cost[e] === least; e++) {
      if (rowOf[column[e]] >= 0) continue;
      columnOf[row] = column[e];
      rowOf[column[e]] = row;
      break;
    }
    if (columnOf[row] < 0) waiting.push(row);
  }
  return waiting;
}

/** Dijkstra's search over reduced costs, to the nearest free column or row that had best stay alone; then partners are exchanged along it. */
function augment(first: number, { starts, column, cost }: Candidates, state: State): void {
  const { columnOf, rowOf, ofRow, ofColumn, alone, search, distance, from, done, heap } = state;
  const number = ++state.searches;
  let reached = 0;
  let best = Infinity;
  let bestColumn = -1;
  let bestRow = -1;
  let row = first;
  let base = 0;
  for (;;) {
    const outset = base - ofRow[row];
    if (outset + alone < best) {
      best = outset + alone;
      bestRow = row;
      bestColumn = -1;
    }
    for (let e = starts[row], end = starts[row + 1]; e < end; e++) {
      const to = column[e];
      const length = outset + cost[e] - ofColumn[to];
      if (length >= best || (search[to] === number && length >= distance[to])) continue;
      search[to] = number;
      distance[to] = length;
      from[to] = row;
      if (rowOf[to] < 0) {
        best = length;
        bestColumn = to;
      } else push(heap, length, to);
    }
    const next = popCurrent(heap, distance, best);
    if (next < 0) break;
    done[reached++] = next;
    base = distance[next];
    row = rowOf[next];
  }
  heap.keys.length = 0;
  heap.columns.length = 0;
  ofRow[first] += best;
  for (let k = 0; k < reached; k++) {
    const rise = best - distance[done[k]];
    ofColumn[done[k]] -= rise;
    ofRow[rowOf[done[k]]] += rise;
  }
  let free = bestColumn;
  if (free < 0) {
    if (bestRow === first) return;
    free = columnOf[bestRow];
    columnOf[bestRow] = -1;
  }
  for (;;) {
    const taker = from[free];
    const left = columnOf[taker];
    columnOf[taker] = free;
    rowOf[free] = taker;
    if (taker === first) return;
    free = left;
  }
}

/** A binary heap; of a column that was found nearer since, the older entry stays and is passed over. */
interface Heap {
  readonly keys: number[];
  readonly columns: number[];
}

function push({ keys, columns }: Heap, key: number, column: number): void {
  let at = keys.length;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (keys[parent] <= key) break;
    keys[at] = keys[parent];
    columns[at] = columns[parent];
    at = parent;
  }
  keys[at] = key;
  columns[at] = column;
}

/** The nearest column below a limit; −1 where there is none. */
function popCurrent(heap: Heap, distance: Float64Array, limit: number): number {
  for (;;) {
    if (heap.keys.length === 0 || heap.keys[0] >= limit) return -1;
    const key = heap.keys[0];
    const column = heap.columns[0];
    pop(heap);
    if (distance[column] === key) {
      return column;
    }
  }
}

function pop({ keys, columns }: Heap): void {
  const key = keys.pop() as number;
  const column = columns.pop() as number;
  const size = keys.length;
  if (size === 0) return;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= size) break;
    if (child + 1 < size && keys[child + 1] < keys[child]) child++;
    if (keys[child] >= key) break;
    keys[at] = keys[child];
    columns[at] = columns[child];
    at = child;
  }
  keys[at] = key;
  columns[at] = column;
}
