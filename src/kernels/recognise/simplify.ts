/**
 * The same numbers in as few digits as still hold: decimals of three digits, then fractions such as 1/6, then longer decimals.
 *
 * @returns none where not even the numbers themselves hold
 */
export function simplify(
  numbers: readonly number[],
  holds: (numbers: readonly number[]) => boolean,
): number[] | undefined {
  if (!holds(numbers)) return undefined;
  const kept = [...numbers];
  numbers.forEach((number, i) => {
    kept[i] =
      candidatesFor(number).find((simple) => holds(kept.map((other, j) => (j === i ? simple : other)))) ?? number;
  });
  return kept;
}

const SHORT_DIGITS = 3;
const MOST_DIGITS = 9;
const LARGEST_DIVISOR = 32;

function candidatesFor(number: number): number[] {
  const decimals = Array.from({ length: MOST_DIGITS }, (_, i) => Number(number.toPrecision(i + 1)));
  const fractions = Array.from({ length: LARGEST_DIVISOR }, (_, i) => Math.round(number * (i + 1)) / (i + 1));
  return [...decimals.slice(0, SHORT_DIGITS), ...fractions, ...decimals.slice(SHORT_DIGITS)];
}

/** A number as a person would write it: `0.25`, `1/6`, `−2`. */
export function inWords(number: number): string {
  const short = Number(number.toPrecision(SHORT_DIGITS));
  const divisor = Array.from({ length: LARGEST_DIVISOR }, (_, i) => i + 1).find(
    (one) => Math.abs(number * one - Math.round(number * one)) < 1e-9,
  );
  const text =
    short === number || divisor === undefined || divisor === 1
      ? String(Number(number.toPrecision(6)))
      : `${Math.round(number * divisor)}/${divisor}`;
  return text.replace(/^-/, '−');
}

/** `1/4 × `, or nothing for a scale of 1. */
export function timesText(scale: number): string {
  return scale === 1 ? '' : `${inWords(scale)} × `;
}
