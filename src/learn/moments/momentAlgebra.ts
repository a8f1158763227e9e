import type { Moments } from './moments.ts';

/** The moments of all windows of several, which have no window in common. */
export function addMoments(parts: readonly Moments[]): Moments {
  const [{ unknowns }] = parts;
  const total = (of: (part: Moments) => number): number => parts.reduce((sum, part) => sum + of(part), 0);
  const gram = new Float64Array(unknowns * unknowns);
  const cross = new Float64Array(unknowns);
  for (const part of parts) {
    for (let i = 0; i < gram.length; i++) gram[i] += part.gram[i];
    for (let i = 0; i < unknowns; i++) cross[i] += part.cross[i];
  }
  return {
    unknowns,
    gram,
    cross,
    energy: total(({ energy }) => energy),
    total: total((part) => part.total),
    samples: total(({ samples }) => samples),
    clipped: total(({ clipped }) => clipped),
  };
}

/** The moments of fewer unknowns: the others' taps are 0. A smaller window within a larger one is a choice of its taps. */
export function selectUnknowns(moments: Moments, indices: ArrayLike<number>): Moments {
  const unknowns = indices.length;
  const gram = new Float64Array(unknowns * unknowns);
  const cross = new Float64Array(unknowns);
  for (let a = 0; a < unknowns; a++) {
    const row = indices[a] * moments.unknowns;
    cross[a] = moments.cross[indices[a]];
    for (let b = 0; b < unknowns; b++) gram[a * unknowns + b] = moments.gram[row + indices[b]];
  }
  return { ...moments, unknowns, gram, cross };
}

/** Σ (w·x − y)², in units of white squared. What is left of numbers that cancel is off by some 1e-16 of Σ y². */
export function squaredError({ unknowns, gram, cross, energy }: Moments, w: ArrayLike<number>): number {
  let squares = energy;
  for (let a = 0; a < unknowns; a++) {
    const row = a * unknowns;
    let product = 0;
    for (let b = 0; b < unknowns; b++) product += gram[row + b] * w[b];
    squares += w[a] * (product - 2 * cross[a]);
  }
  return Math.max(0, squares);
}
