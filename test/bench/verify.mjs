/**
 * Holds every contender's result against the first one's. Whoever is off by more than the bound is not timed: its row says
 * where and by how much.
 *
 * @param bound the largest difference, in units of √(Σ tap²)·255 (`scale`), rounding errors being proportional to that
 * @param rim samples at each side that a contender with `ownRim` computes from another border, and that are not compared
 */
export async function verify(rows, scene, { bound: { relative, scale }, rim = 0 }) {
  const compared = rows.filter(({ contender }) => contender.result !== undefined);
  if (compared.length === 0) return;
  const [first] = compared;
  const expected = Float32Array.from(await first.contender.result());
  first.error = 0;
  for (const row of compared.slice(1)) {
    const found = await row.contender.result();
    const { error, at } = largestDifference(expected, found, scene, row.ownRim ? rim : 0);
    row.error = error / scale;
    // Written so that NaN is refused too.
    if (!(row.error <= relative)) {
      row.wrong = true;
      row.note = `WRONG: differs from ${first.name} by ${row.error.toExponential(1)} at ${at}`;
    }
  }
}

function largestDifference(expected, found, { height, width }, rim) {
  if (expected.length !== found.length)
    return { error: Number.NaN, at: `length ${found.length}, not ${expected.length}` };
  let error = 0;
  let at = 0;
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs(expected[i] - found[i]);
    if (difference <= error) continue;
    const column = i % width;
    const row = Math.floor(i / width) % height;
    if (row < rim || row >= height - rim || column < rim || column >= width - rim) continue;
    error = difference;
    at = i;
    if (Number.isNaN(difference)) break;
  }
  return { error, at: `row ${Math.floor(at / width) % height}, column ${at % width}` };
}

/** Float32 sums of thousands of products are off by some 10⁻⁶ of the norm; a misplaced sample by some 10⁻¹. */
export function boundOf(taps) {
  return { relative: 1e-4, scale: 255 * Math.hypot(...taps) };
}
