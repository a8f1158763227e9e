import { PlanError } from '../../disk/planError.ts';

/** Patterns that stand for more are a mistake, or malice. */
const MOST = 10_000;

/**
 * What a pattern's braces stand for, as in bash: `{a,b}` each of the parts, which may hold braces, and `{1..3}` or `{a..c}` the numbers or
 * letters between. Braces of neither kind are ordinary characters, as is what follows a backslash.
 *
 * @throws PlanError where that is more than 10,000 patterns
 */
export function expandBraces(pattern: string): string[] {
  const found = openingOf(pattern);
  if (found === undefined) return [pattern];
  const { start, end, parts } = found;
  const heads = pattern.slice(0, start);
  const tails = expandBraces(pattern.slice(end + 1));
  const middles = parts.flatMap((part) => (part.ready ? [part.text] : expandBraces(part.text)));
  if (middles.length * tails.length > MOST) {
    throw new PlanError(`Expected braces that stand for at most ${MOST} patterns but received more`);
  }
  return middles.flatMap((middle) => tails.map((tail) => `${heads}${middle}${tail}`));
}

interface Part {
  readonly text: string;
  /** Whether it holds no braces that are to be expanded. */
  readonly ready: boolean;
}

/** The first braces that stand for several parts. */
function openingOf(pattern: string): { start: number; end: number; parts: readonly Part[] } | undefined {
  for (let start = 0; start < pattern.length; start++) {
    if (pattern[start] === '\\') start++;
    else if (pattern[start] === '{') {
      const parts = partsFrom(pattern, start);
      if (parts !== undefined) return { start, ...parts };
    }
  }
  return undefined;
}

/** The parts of the braces that open at a place; undefined where they do not close, or hold but one. */
function partsFrom(pattern: string, start: number): { end: number; parts: readonly Part[] } | undefined {
  const commas: number[] = [];
  let depth = 0;
  for (let i = start; i < pattern.length; i++) {
    if (pattern[i] === '\\') i++;
    else if (pattern[i] === '{') depth++;
    else if (pattern[i] === ',' && depth === 1) commas.push(i);
    else if (pattern[i] === '}' && --depth === 0) {
      if (commas.length === 0) {
        const range = rangeOf(pattern.slice(start + 1, i));
        return range && { end: i, parts: range.map((text) => ({ text, ready: true })) };
      }
      const ends = [...commas, i];
      const begins = [start, ...commas];
      return {
        end: i,
        parts: ends.map((end, n) => ({ text: pattern.slice(begins[n] + 1, end), ready: false })),
      };
    }
  }
  return undefined;
}

/** `1..3`, `03..10` (as wide as written) and `a..c`, in either direction. */
function rangeOf(text: string): string[] | undefined {
  const numbers = /^(-?\d{1,9})\.\.(-?\d{1,9})$/.exec(text);
  if (numbers) {
    const [from, to] = [Number(numbers[1]), Number(numbers[2])];
    const isPadded = [numbers[1], numbers[2]].some((number) => /^-?0\d/.test(number));
    const width = isPadded ? Math.max(numbers[1].length, numbers[2].length) : 0;
    return between(from, to).map((n) =>
      n < 0 ? `-${String(-n).padStart(width - 1, '0')}` : String(n).padStart(width, '0'),
    );
  }
  const letters = /^([a-z])\.\.([a-z])$/i.exec(text);
  if (!letters) return undefined;
  return between(letters[1].charCodeAt(0), letters[2].charCodeAt(0)).map((code) => String.fromCharCode(code));
}

function between(from: number, to: number): number[] {
  const count = Math.abs(to - from) + 1;
  if (count > MOST)
    throw new PlanError(`Expected braces that stand for at most ${MOST} patterns but received ${count}`);
  return Array.from({ length: count }, (_, i) => (to > from ? from + i : from - i));
}
