// One way only to read a run of digits: a long one that ends in something else is refused at once.
const DECIMAL = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;

/** A decimal number as every notation writes it (`-1`, `.5`, `1e-3`), NaN for anything else. */
export function readNumber(text: string): number {
  return DECIMAL.test(text) ? Number(text) : Number.NaN;
}

/** A decimal number, or a fraction of two (`5/255`); NaN for anything else. */
export function readFraction(text: string): number {
  const [above, below, ...more] = text.split('/').map((part) => readNumber(part.trim()));
  if (more.length > 0) return Number.NaN;
  return below === undefined ? above : above / below;
}

/**
 * The shortest decimal that stands for a Float32: of those that `read` turns back into it, one with the fewest digits.
 *
 * @param written the number to write, where a reader does not take it as it is (an offset in samples, say)
 * @param read what the reader makes of it before it is rounded to Float32
 */
export function shortest(
  value: number,
  written: number = value,
  read: (written: number) => number = (number) => number,
): string {
  for (let digits = 1; digits < MOST_DIGITS; digits++) {
    const short = Number(written.toPrecision(digits));
    if (Math.fround(read(short)) === value) return String(short);
  }
  return String(written);
}

/** With so many a Float64 is told from all others. */
const MOST_DIGITS = 17;
