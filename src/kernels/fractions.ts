import type { Kernel } from './kernel.ts';
import { shortest } from './numbers.ts';

/** Taps as whole numbers over a common divisor. */
export interface Fractions {
  readonly numerators: readonly number[];
  readonly divisor: number;
}

/** Every divisor up to here is tried, then powers of 2 and 10. */
const SMALL_DIVISORS = 4096;
const LARGEST_DIVISOR = 2 ** 24;

/** The taps as whole numbers over the smallest divisor that gives back every Float32 (1/9 of 1, 256ths …). */
export function fractionsOf({ weights }: Pick<Kernel, 'weights'>): Fractions | undefined {
  const divisor = divisors().find((one) =>
    weights.every((tap) => Math.fround(Math.round(tap * one) / one) === tap && Math.abs(tap * one) <= LARGEST_DIVISOR),
  );
  if (divisor === undefined) return undefined;
  return { numerators: Array.from(weights, (tap) => Math.round(tap * divisor) + 0), divisor };
}

function divisors(): number[] {
  const powers = [10_000, 100_000, 1_000_000];
  for (let power = 2 * SMALL_DIVISORS; power <= LARGEST_DIVISOR; power *= 2) powers.push(power);
  return [...Array.from({ length: SMALL_DIVISORS }, (_, i) => i + 1), ...powers.toSorted((a, b) => a - b)];
}

/** Decimals longer than this are better written as fractions, where they are some. */
const SHORT_DECIMAL = 6;

/** The taps as a person would write them: short decimals, else fractions, else the decimals that they are. */
export function writtenTaps(k: Kernel): { readonly taps: readonly string[]; readonly divisor: number } {
  const decimals = Array.from(k.weights, (tap) => shortest(tap));
  const short = decimals.every((decimal) => decimal.replace('-', '').length <= SHORT_DECIMAL);
  const fractions = short ? undefined : fractionsOf(k);
  if (fractions === undefined) return { taps: decimals, divisor: 1 };
  return { taps: fractions.numerators.map(String), divisor: fractions.divisor };
}

/** Items in rows. */
export function rowsOf<T>(items: readonly T[], width: number): T[][] {
  return Array.from({ length: items.length / width }, (_, row) => items.slice(row * width, (row + 1) * width));
}
