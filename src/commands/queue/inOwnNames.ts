import { showPath } from '../../disk/showPath.ts';

/**
 * Puts our names of files into sentences in place of those that a worker has for them, the longest first: one may end as another does.
 *
 * @param names theirs and ours
 */
export function inOwnNames(names: readonly (readonly [theirs: string, ours: string])[]): (sentence: string) => string {
  const shown = new Map(names.map(([theirs, ours]) => [showPath(theirs), showPath(ours)]));
  const longest = [...shown.keys()].toSorted((a, b) => b.length - a.length).map(escaped);
  return (sentence) => sentence.replace(new RegExp(longest.join('|'), 'g'), (name) => shown.get(name) ?? name);
}

/** A text as a pattern that matches it alone. */
function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
