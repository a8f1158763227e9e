import { describe, expect, test } from 'vitest';
import { assign, type Candidates } from '../../src/evaluate/assign.ts';
import fc from '../support/fc.ts';
import { numRuns } from '../support/numRuns.ts';

describe('assign', () => {
  test('gives the most pairs, and of those the cheapest, as trying all of them does', () => {
    fc.assert(
      fc.property(anyCandidates(), (candidates) => {
        const columns = assign(candidates);
        const [pairs, cost] = worthOf(columns, candidates);
        expect([pairs, cost]).toEqual(bestByTrying(candidates));
      }),
      numRuns(2000),
    );
  });

  test('leaves rows alone that have no candidate, and rows that others need more', () => {
    const none = candidatesOf([[], [], []], 2);
    expect([...assign(none)]).toEqual([-1, -1, -1]);
    const crowd = candidatesOf([[[0, 3]], [[0, 1]], [[0, 2]]], 1);
    expect([...assign(crowd)]).toEqual([-1, 0, -1]);
  });

  test('exchanges partners along a chain of any length for one pair more', () => {
    const length = 3000;
    // Each row is nearest to the column before it; the last row has only the last column, so that all must move on.
    const chain = Array.from({ length }, (_, i): [number, number][] => [
      [i, 0],
      [i + 1, 9],
    ]);
    const columns = assign(candidatesOf([...chain, [[0, 9]]], length + 1));
    expect(columns.at(-1)).toBe(0);
    expect([...columns.subarray(0, length)]).toEqual(Array.from({ length }, (_, i) => i + 1));
  });
});

type Lists = readonly (readonly (readonly [column: number, cost: number])[])[];

function candidatesOf(lists: Lists, columns: number): Candidates {
  const sorted = lists.map((list) => list.toSorted((a, b) => a[1] - b[1]));
  const starts = Int32Array.from({ length: lists.length + 1 }, (_, i) =>
    sorted.slice(0, i).reduce((sum, list) => sum + list.length, 0),
  );
  const flat = sorted.flat();
  return {
    rows: lists.length,
    columns,
    starts,
    column: Int32Array.from(flat, ([column]) => column),
    cost: Int32Array.from(flat, ([, cost]) => cost),
  };
}

function anyCandidates(): fc.Arbitrary<Candidates> {
  const pair = fc.record({ row: fc.nat(5), column: fc.nat(5), cost: fc.nat(4) });
  const key = ({ row, column }: { row: number; column: number }): number => 10 * row + column;
  return fc.uniqueArray(pair, { maxLength: 20, selector: key }).map((pairs) => {
    const lists = Array.from({ length: 6 }, (_, i) =>
      pairs.filter(({ row }) => row === i).map(({ column, cost }) => [column, cost] as const),
    );
    return candidatesOf(lists, 6);
  });
}

/** How many pairs, and what they cost; fails where two rows have one column, or a row one that it cannot have. */
function worthOf(columns: Int32Array, { starts, column, cost }: Candidates): [pairs: number, cost: number] {
  const taken = new Set<number>();
  let sum = 0;
  columns.forEach((own, row) => {
    if (own < 0) return;
    expect(taken.has(own)).toBe(false);
    taken.add(own);
    const at = column.subarray(starts[row], starts[row + 1]).indexOf(own);
    expect(at).toBeGreaterThanOrEqual(0);
    sum += cost[starts[row] + at];
  });
  return [taken.size, sum];
}

function bestByTrying({ rows, starts, column, cost }: Candidates): [pairs: number, cost: number] {
  let best: [number, number] = [0, 0];
  const from = (row: number, taken: number, pairs: number, sum: number): void => {
    if (row === rows) {
      if (pairs > best[0] || (pairs === best[0] && sum < best[1])) best = [pairs, sum];
      return;
    }
    from(row + 1, taken, pairs, sum);
    for (let e = starts[row]; e < starts[row + 1]; e++) {
      const bit = 1 << column[e];
      if ((taken & bit) === 0) from(row + 1, taken | bit, pairs + 1, sum + cost[e]);
    }
  };
  from(0, 0, 0, 0);
  return best;
}
