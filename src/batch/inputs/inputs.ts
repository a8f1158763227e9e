import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { isMissing, PlanError, reasonOf } from '../../disk/planError.ts';
import { isBelow, isLink } from '../../disk/realPaths.ts';
import { showPath } from '../../disk/showPath.ts';
import { PICTURE_EXTENSIONS } from '../../files/formats.ts';
import { readExcludes } from './excludes.ts';
import { type Input, type Search } from './input.ts';
import { kindForSearch, type KindForSearch } from './kindForSearch.ts';
import { findByPattern, isPattern } from './pattern.ts';
import { walkFolder } from './walkFolder.ts';

export interface SearchOptions {
  readonly recursive?: boolean;
  readonly extensions?: readonly string[];
  readonly kindOf?: KindForSearch;
  readonly exclude?: readonly string[];
  readonly follow?: boolean;
  readonly listed?: readonly string[];
}

/**
 * Finds the files that a list of files, folders and patterns stands for.
 *
 * - A path that exists is that file or folder, whatever characters it holds; only what does not exist is taken as a
 *   pattern. `-` is standard input.
 * - A file is taken whatever its name says. So is a FIFO or a device: nothing is opened here, whoever reads refuses it.
 * - Of a folder its pictures are taken: by `extensions` in either case, and where a name says nothing, by the file's first bytes; with
 *   `recursive` those of the folders below too. What is of another kind is told in one note, by kind and number; texts, films, archives
 *   and the like, by their names, are not.
 * - A pattern takes the files it matches, as a shell would; it finds no hidden names unless it spells out their dot.
 * - In searches hidden names are left out, links are followed only to files below the folder searched (with `follow`, wherever they
 *   lead), and what else is left out is told in a note. What was given twice is taken once, as it was named first.
 * - What `exclude` matches is left out, by whichever way it was found: see {@link readExcludes}.
 * - `listed` are paths as a list holds them: none is a pattern, and files below the working folder keep their folders in `rel`.
 *
 * Inputs come in the order given; those of one folder or pattern by the bytes of `rel`: `a10` before `a2`, the same on
 * every machine and in every locale.
 *
 * @throws PlanError where a path leads to nothing, or cannot be searched.
 */
export async function findInputs(
  inputs: readonly string[],
  options: SearchOptions,
): Promise<{ inputs: Input[]; notes: string[] }> {
  const search = readSearch(options);
  const distinct = new Map<string, Input>();
  const folders = new Map<string, Promise<string>>();
  const take = async (found: readonly Input[]): Promise<void> => {
    for (const input of found) {
      const key = await identity(input, folders);
      if (!distinct.has(key)) distinct.set(key, input);
    }
  };
  for (const given of inputs) await take(await findOne(given, search));
  for (const given of options.listed ?? []) await take(await findListed(given, search));
  return { inputs: [...distinct.values()], notes: [...search.notes, ...search.excludes.notes()] };
}

/** What a search looks for, and its notes. */
export function readSearch(options: SearchOptions): Search {
  return {
    recursive: options.recursive ?? false,
    extensions: new Set((options.extensions ?? PICTURE_EXTENSIONS).map((e) => e.replace(/^\./, '').toLowerCase())),
    notes: [],
    kindOf: options.kindOf ?? kindForSearch,
    excludes: readExcludes(options.exclude ?? []),
    follow: options.follow,
  };
}

async function findOne(given: string, search: Search): Promise<Input[]> {
  if (given === '-') return [{ path: '-', rel: 'stdin', root: '.' }];
  const stats = await stat(given).catch((error: unknown) => error as Error);
  if (!(stats instanceof Error)) {
    if (stats.isDirectory()) return inOrder(await walkFolder(given, search));
    if (search.excludes.isOut(basename(given), false)) return [];
    return [{ path: given, rel: basename(given), root: dirname(given) }];
  }
  if (await isLink(given)) {
    const end = isMissing(stats) ? 'a link to nothing' : reasonOf(stats);
    throw new PlanError(`Expected a file, folder or pattern for inputs but found ${end} at ${showPath(given)}`);
  }
  // A long pattern may be more than a name can be.
  const { code } = stats as NodeJS.ErrnoException;
  if (isPattern(given) && (isMissing(stats) || code === 'ENAMETOOLONG')) {
    return inOrder(await findByPattern(given, search));
  }
  const mangled = given.includes('\ufffd')
    ? ' (a name that is not UTF-8 cannot be given: search its folder or rename it)'
    : '';
  throw new PlanError(
    `Expected a file, folder or pattern for inputs but found ${reasonOf(stats)} at ${showPath(given)}${mangled}`,
  );
}

/** A path that a list holds. */
async function findListed(given: string, search: Search): Promise<Input[]> {
  const stats = await stat(given).catch((error: unknown) => error as Error);
  if (stats instanceof Error) {
    throw new PlanError(
      `Expected a file or folder for --files-from but found ${reasonOf(stats)} at ${showPath(given)}`,
    );
  }
  if (stats.isDirectory()) return inOrder(await walkFolder(given, search));
  const here = resolve('.');
  if (!isBelow(here, resolve(given))) return findOne(given, search);
  const rel = relative(here, resolve(given)).replaceAll(sep, '/');
  return search.excludes.isOut(rel, false) ? [] : [{ path: given, rel, root: '.' }];
}

function inOrder(inputs: Input[]): Input[] {
  return inputs
    .map((input) => ({ input, bytes: Buffer.from(input.rel) }))
    .sort((a, b) => Buffer.compare(a.bytes, b.bytes))
    .map(({ input }) => input);
}

// The folder's real path and the name in it: `a.png`, `./a.png` and `link-to-its-folder/a.png` are one input, while a link
// to a file is a picture of its own, with its own output.
async function identity(input: Input, folders: Map<string, Promise<string>>): Promise<string> {
  if (input.path === '-') return '-';
  const folder = dirname(input.path);
  let real = folders.get(folder);
  if (!real) {
    real = realpath(folder).catch(() => resolve(folder));
    folders.set(folder, real);
  }
  return join(await real, basename(input.path));
}
