import { cholesky, solveFactored } from '../moments/cholesky.ts';
import type { MapTarget } from './mapTarget.ts';
import { drawWindows } from './unknown/windows.ts';

const SIDE = 5;
const WINDOWS = 3000;

/**
 * The share of a map's variance that a linear kernel of 5×5 taps and a bias explains, of samples that are not cut: near 1 where a pair is
 * a filter's, near 0 where it is an edge map. Undefined where too few samples are left to tell.
 */
export function linearShare(targets: readonly MapTarget[]): number | undefined {
  const [{ before, map }] = targets;
  const each = before.channels === 3 && map.channels === 3;
  if (Math.min(before.height, before.width) < 2 * SIDE) return undefined;
  const windows = drawWindows(targets, SIDE, WINDOWS, { each, inverted: false, seed: 4 });
  const taps = windows.channels * SIDE * SIDE;
  const unknowns = taps + 1;
  // A half is fitted to, the other half judges.
  if (windows.count < 6 * unknowns) return undefined;
  const gram = new Float64Array(unknowns * unknowns);
  const cross = new Float64Array(unknowns);
  const row = new Float64Array(unknowns);
  const fill = (i: number): void => {
    row.set(windows.samples.subarray(i * taps, (i + 1) * taps));
    row[taps] = 1;
  };
  for (let i = 0; i < windows.count; i += 2) {
    fill(i);
    for (let a = 0; a < unknowns; a++) {
      cross[a] += row[a] * windows.answers[i];
      for (let b = 0; b <= a; b++) gram[a * unknowns + b] += row[a] * row[b];
    }
  }
  const weights = solveFactored(cholesky(gram, unknowns, 1e-13), cross);
  let [error, sum, squares, count] = [0, 0, 0, 0];
  for (let i = 1; i < windows.count; i += 2) {
    fill(i);
    const answer = windows.answers[i];
    let response = 0;
    for (let a = 0; a < unknowns; a++) response += weights[a] * row[a];
    error += (answer - response) ** 2;
    sum += answer;
    squares += answer * answer;
    count++;
  }
  const spread = squares - (sum * sum) / count;
  return spread > 0 ? 1 - error / spread : undefined;
}
