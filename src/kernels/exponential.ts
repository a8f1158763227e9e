/**
 * e to the power of x, for x up to 0, from additions and multiplications alone: they are exact to the last bit everywhere,
 * which `Math.exp` need not be. Its relative error is some 10⁻¹⁵.
 */
export function exponential(x: number): number {
  // Below this even the least Float64 is larger.
  if (x < -746) return 0;
  const halvings = Math.round(-x / LN2_HIGH);
  const rest = x + halvings * LN2_HIGH + halvings * LN2_LOW;
  let sum = 1;
  for (let i = TERMS; i >= 1; i--) sum = 1 + (rest * sum) / i;
  for (let i = 0; i < halvings; i++) sum /= 2;
  return sum;
}

/** ln 2 in two parts; multiples of the first, up to 2^11 times, are exact. */
const LN2_HIGH = 0.69314718036912381649;
const LN2_LOW = 1.90821492927058770002e-10;

/** |rest| is at most ln 2 / 2: the next term is below 2^-60. */
const TERMS = 15;
