import { extname } from 'node:path';

/**
 * What the names of pictures of a change begin with, for each picture: its path without an extension, and with it where others
 * would be written under the same names (`a.png` beside `a.jpg`, `a.png.png` or `A.png`).
 */
export function evidenceStems(paths: readonly string[]): Map<string, string> {
  const stems = new Map(paths.map((path) => [path, path.slice(0, path.length - extname(path).length)]));
  // A path in full may be the short name of another, which then is written in full too.
  for (;;) {
    const owners = new Map<string, number>();
    for (const stem of stems.values()) owners.set(folded(stem), (owners.get(folded(stem)) ?? 0) + 1);
    const shared = [...stems].filter(([path, stem]) => stem !== path && (owners.get(folded(stem)) ?? 0) > 1);
    if (shared.length === 0) return stems;
    for (const [path] of shared) stems.set(path, path);
  }
}

/** As file systems tell names apart that neither know capitals nor keep Unicode's forms. */
function folded(name: string): string {
  return name.normalize('NFC').toLowerCase();
}
