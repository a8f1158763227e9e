/** Steps of the first look over the whole range: enough for every valley that a filter's width has. */
const GRID = 40;
const GOLDEN: number = (Math.sqrt(5) - 1) / 2;
/** 0.618^60 is 3·10⁻¹³ of the range. */
const CUTS = 60;

/** Where a function of one number above 0 is least: a grid of equal ratios, then golden sections of its best interval. */
export function minimise(least: number, most: number, value: (x: number) => number): number {
  const ratio = (most / least) ** (1 / GRID);
  const grid = Array.from({ length: GRID + 1 }, (_, i) => least * ratio ** i);
  const values = grid.map(value);
  const best = values.reduce((at, v, i) => (v < values[at] ? i : at), 0);
  let low = grid[Math.max(0, best - 1)];
  let high = grid[Math.min(GRID, best + 1)];
  for (let cut = 0; cut < CUTS; cut++) {
    const left = high - GOLDEN * (high - low);
    const right = low + GOLDEN * (high - low);
    if (value(left) < value(right)) high = right;
    else low = left;
  }
  return (low + high) / 2;
}

/** The same for two numbers, one after the other in turn from the best of a few starts, until they rest. */
export function minimisePair(
  starts: readonly (readonly [number, number])[],
  value: (x: number, y: number) => number,
): [number, number] {
  let best: [number, number] = [...starts[0]];
  for (const [x, y] of starts) if (value(x, y) < value(...best)) best = [x, y];
  return descendSimplex(best, ([x, y]) => value(x, y));
}

type Point = [number, number];

const SIMPLEX_STEPS = 400;

/** Nelder and Mead's simplex (1965), with their reflection 1, expansion 2 and contraction ½. */
function descendSimplex(start: Point, value: (point: Point) => number): Point {
  const corner = (x: number, y: number): { at: Point; value: number } => ({ at: [x, y], value: value([x, y]) });
  const [x, y] = start;
  const simplex = [corner(x, y), corner(x * 1.05 + 0.01, y), corner(x, y * 1.05 + 0.01)];
  for (let step = 0; step < SIMPLEX_STEPS; step++) {
    simplex.sort((a, b) => a.value - b.value);
    const [best, good, worst] = simplex;
    if (Math.hypot(worst.at[0] - best.at[0], worst.at[1] - best.at[1]) < 1e-12 * Math.hypot(...best.at)) break;
    const middle: Point = [(best.at[0] + good.at[0]) / 2, (best.at[1] + good.at[1]) / 2];
    const along = (by: number): { at: Point; value: number } =>
      corner(middle[0] + by * (middle[0] - worst.at[0]), middle[1] + by * (middle[1] - worst.at[1]));
    const reflected = along(1);
    if (reflected.value < best.value) {
      const expanded = along(2);
      simplex[2] = expanded.value < reflected.value ? expanded : reflected;
    } else if (reflected.value < good.value) {
      simplex[2] = reflected;
    } else {
      const contracted = along(reflected.value < worst.value ? 0.5 : -0.5);
      if (contracted.value < Math.min(reflected.value, worst.value)) simplex[2] = contracted;
      else for (const i of [1, 2]) simplex[i] = corner(...halfway(simplex[i].at, best.at));
    }
  }
  return simplex[0].at;
}

function halfway(a: Point, b: Point): Point {
  return [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
}
