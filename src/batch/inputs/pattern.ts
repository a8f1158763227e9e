import { realpath, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import type { GlobOptions } from 'tinyglobby';
import { type Entry, listFolder, whyLeftOut } from '../../disk/listFolder.ts';
import { PlanError, reasonOf } from '../../disk/planError.ts';
import { showPath } from '../../disk/showPath.ts';
import type { Input, Search } from './input.ts';

/** Whether a path that does not exist may be meant as a pattern. */
export function isPattern(given: string): boolean {
  return /[*?[{]|[!+@]\(/.test(given);
}

/**
 * The files a pattern matches, in no order. As much of it as names an existing folder is taken as it stands, whatever
 * characters it holds (`shoot [2]/*.png`), and is the root.
 *
 * @throws PlanError where the pattern goes up (`..`) after its first wildcard.
 */
export async function findByPattern(given: string, search: Search): Promise<Input[]> {
  const { root, rest } = await split(sep === '\\' ? given.replaceAll('\\', '/') : given);
  if (rest.split('/').includes('..')) {
    throw new PlanError(
      `Expected no .. after the first wildcard of a pattern for inputs but received ${showPath(given)}`,
    );
  }
  const real = await realpath(root);
  const special = new Map<string, Entry>();
  const { glob } = await import('tinyglobby');
  // A leading ! would be taken as "all but"; it is part of a name here, or of the pattern !(…).
  const matches = await glob(/^!(?!\()/.test(rest) ? `\\${rest}` : rest, {
    cwd: root,
    expandDirectories: false,
    followSymbolicLinks: false,
    ignore: '**/.corr2d/**',
    fs: { readdir: listing(root, special, search.notes) },
  });
  const found: Input[] = [];
  for (const rel of matches) {
    const path = join(root, rel);
    const entry = special.get(path);
    const why = entry && (await whyLeftOut(dirname(path), entry, real));
    if (why === undefined) found.push({ path, rel, root });
    else search.notes.push(`left out ${showPath(path)}: ${why}`);
  }
  if (found.length === 0) search.notes.push(`found no file that matches ${showPath(given)}`);
  return found;
}

async function split(pattern: string): Promise<{ root: string; rest: string }> {
  const parts = pattern.split('/');
  for (let n = parts.length - 1; n > 0; n--) {
    const root = parts.slice(0, n).join('/') || '/';
    if (await isFolder(root)) return { root, rest: parts.slice(n).join('/') };
  }
  return { root: '.', rest: pattern };
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}

type Readdir = NonNullable<NonNullable<GlobOptions['fs']>['readdir']>;

// The matcher asks only for names and whether they are folders. Links and devices are shown to it as files, and looked at
// closely where they match.
function listing(root: string, special: Map<string, Entry>, notes: string[]): Readdir {
  const from = resolve(root);
  const readdir = (path: string, _: unknown, done: (error: Error | null, entries: unknown[]) => void): void => {
    const folder = join(root, relative(from, path));
    listFolder(folder, notes, true).then(
      (entries) => {
        for (const entry of entries) {
          if (entry.kind === 'link' || entry.kind === 'other') special.set(join(folder, entry.name), entry);
        }
        done(null, entries.map(asDirent));
      },
      (error: unknown) => {
        notes.push(`left out ${showPath(folder)}: ${reasonOf(error)}`);
        done(null, []);
      },
    );
  };
  return readdir as unknown as Readdir;
}

function asDirent({ name, kind }: Entry): object {
  const isDirectory = (): boolean => kind === 'folder';
  return { name, isDirectory, isFile: () => !isDirectory(), isSymbolicLink: () => false };
}
