/**
 * The one of some words that another was probably meant to be: alike but for case, begun by it (from three letters on), or at
 * most a third of its letters added, left out, replaced, or swapped with the next.
 *
 * @returns undefined where none is so near
 * @example
 * suggest('Operater', ['operator', 'color']) // 'operator'
 * suggest('thresh', ['low', 'threshold']) // 'threshold'
 * suggest('edges', ['operator', 'color']) // undefined
 */
export function suggest(word: string, choices: readonly string[]): string | undefined {
  if (word.length > LONGEST) return undefined;
  const typed = word.toLowerCase();
  let nearest: string | undefined;
  let least = Math.max(1, Math.floor(typed.length / 3));
  for (const choice of choices) {
    if (choice.length > LONGEST) continue;
    const distance = distanceOf(typed, choice.toLowerCase());
    if (distance < least || (distance === least && nearest === undefined)) {
      nearest = choice;
      least = distance;
    }
  }
  return nearest ?? (typed.length < 3 ? undefined : choices.find((choice) => choice.toLowerCase().startsWith(typed)));
}

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
