/**
 * Those of some words that another was probably meant to be: the nearest, alike but for case or with at most a third of the letters
 * added, left out, replaced, or swapped with the next; else those that begin with it, from three letters on; else those that it
 * holds or is held by, from four letters on.
 *
 * @returns in the order of the choices; none where none is so near
 * @example
 * suggest('Operater', ['operator', 'color']) // ['operator']
 * suggest('thresh', ['low', 'threshold']) // ['threshold']
 * suggest('sobel', ['sobel-x', 'sobel-y', 'farid-x']) // ['sobel-x', 'sobel-y']
 * suggest('edges', ['operator', 'color']) // []
 */
export function suggest(word: string, choices: readonly string[]): string[] {
  if (word.length > LONGEST) return [];
  const typed = word.toLowerCase();
  const known = choices.filter(({ length }) => length > 0 && length <= LONGEST);
  const distances = known.map((choice) => distanceOf(typed, choice.toLowerCase()));
  const least = Math.min(...distances);
  if (least <= Math.max(1, Math.floor(typed.length / 3))) return known.filter((_, i) => distances[i] === least);
  const from = (letters: number, is: (choice: string) => boolean): string[] =>
    typed.length < letters ? [] : known.filter((choice) => choice.length >= letters && is(choice.toLowerCase()));
  const begun = from(3, (choice) => choice.startsWith(typed));
  return begun.length > 0 ? begun : from(4, (choice) => choice.includes(typed) || typed.includes(choice));
}

/**
 * The end of a refusal of a word: what it was probably meant to be, as a question.
 *
 * @param otherNames what some choices are called elsewhere, which no letters tell
 * @returns an empty text where nothing is so near, or too much
 * @example
 * didYouMean('sobell', ['sobel', 'canny']) // '; did you mean sobel?'
 * didYouMean('sobel', ['sobel-x', 'sobel-y']) // '; did you mean sobel-x or sobel-y?'
 * didYouMean('blur', ['box', 'gaussian'], { blur: 'gaussian' }) // '; did you mean gaussian?'
 */
export function didYouMean(
  word: string,
  choices: readonly string[],
  otherNames: Readonly<Record<string, string>> = {},
): string {
  const other = word.toLowerCase();
  const meant = Object.hasOwn(otherNames, other) ? [otherNames[other]] : suggest(word, choices);
  if (meant.length === 0 || meant.length > MOST) return '';
  const last = meant.at(-1);
  return `; did you mean ${meant.length === 1 ? last : `${meant.slice(0, -1).join(', ')} or ${last}`}?`;
}

/** More are a list to look through, which the refusal gives already. */
const MOST = 4;

/** Longer words are not mistyped names, and would take long to compare. */
const LONGEST = 64;

/** Letters to add, leave out, replace or swap with their neighbour (optimal string alignment). */
function distanceOf(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = last[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      row[j] = Math.min(replaced, last[j] + 1, row[j - 1] + 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) row[j] = Math.min(row[j], before[j - 2] + 1);
    }
    before = last;
    last = row;
  }
  return last[b.length];
}
