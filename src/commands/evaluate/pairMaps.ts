import { stat } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { showPath } from '../../disk/showPath.ts';
import { ExpectationError, expected } from '../../planes/expected.ts';
import { listPictures } from '../../verify/listPictures.ts';

/** A map and the truths that it is held to. */
export interface MapAndTruth {
  /** What both are called: the path below their folders without the ending. */
  readonly name: string;
  readonly map: string;
  readonly truths: readonly string[];
}

interface PairedMaps {
  readonly pairs: readonly MapAndTruth[];
  readonly notes: readonly string[];
}

/**
 * Pairs maps with truth by their names, whatever these end in.
 *
 * @param selective whether what has no other half is passed over
 * @throws ExpectationError where something has no other half, or two files one name
 */
export async function pairMaps(maps: string, truths: readonly string[], selective: boolean): Promise<PairedMaps> {
  const paths = [maps, ...truths];
  const kinds = await Promise.all(paths.map(isFolder));
  if (kinds.every((kind) => kind === false)) return { pairs: [{ name: showPath(maps), map: maps, truths }], notes: [] };
  // What is not there is told by who lists it.
  if (kinds.includes(false)) {
    throw expected('folders alone, or files alone,', 'maps and truth', paths.map((path) => showPath(path)).join(', '));
  }
  const found = await listByName(maps, 'a folder of maps');
  const drawn = await Promise.all(truths.map((folder) => listByName(folder, 'a folder of truth')));
  const wanted = new Set(drawn.flatMap(({ files }) => [...files.keys()]));
  const notes: string[] = [];
  const lacking = [
    [`a map in ${showPath(maps)}`, [...wanted].filter((name) => !found.files.has(name))],
    ...drawn.map(({ files }, i) => [
      `truth in ${showPath(truths[i])}`,
      [...new Set([...found.files.keys(), ...wanted])].filter((name) => !files.has(name)),
    ]),
  ] as [string, string[]][];
  for (const [what, names] of lacking) {
    if (names.length === 0) continue;
    const told = `${what} of each name but found none of ${some(names)}`;
    if (!selective) {
      throw new ExpectationError(`Expected ${told}; --selective evaluates those that have both`);
    }
    notes.push(`passed over, without ${what}: ${some(names)}`);
  }
  const both = [...found.files.keys()].filter((name) => drawn.every(({ files }) => files.has(name))).sort();
  if (both.length === 0) {
    throw new ExpectationError(
      `Expected maps and truth of one name but found none in ${paths.map((path) => showPath(path)).join(' and ')}`,
    );
  }
  const pathOf = (folder: string, { files }: NamedFiles, name: string): string =>
    join(folder, files.get(name) as string);
  const pairs = both.map((name) => ({
    name,
    map: pathOf(maps, found, name),
    truths: truths.map((folder, i) => pathOf(folder, drawn[i], name)),
  }));
  return { pairs, notes: [...notes, ...found.problems, ...drawn.flatMap(({ problems }) => problems)] };
}

/** @returns undefined where nothing is there */
async function isFolder(path: string): Promise<boolean | undefined> {
  return (await stat(path).catch(() => undefined))?.isDirectory();
}

interface NamedFiles {
  /** Paths below the folder by what they are called without an ending. */
  readonly files: ReadonlyMap<string, string>;
  readonly problems: readonly string[];
}

async function listByName(folder: string, what: string): Promise<NamedFiles> {
  const { pictures, problems } = await listPictures(folder, what);
  const files = new Map<string, string>();
  for (const path of [...pictures].sort()) {
    const { dir, name } = posix.parse(path);
    const called = posix.join(dir, name);
    const other = files.get(called);
    if (other !== undefined) {
      throw new ExpectationError(
        `Expected one picture of a name in ${showPath(folder)} but found ${showPath(other)} and ${showPath(path)}`,
      );
    }
    files.set(called, path);
  }
  return { files, problems: [...problems.values()] };
}

const MOST_TOLD = 3;

function some(names: readonly string[]): string {
  const told = names.slice(0, MOST_TOLD).map((name) => showPath(name));
  const more = names.length - told.length;
  return more > 0 ? `${told.join(', ')} and ${more} more` : told.join(', ');
}
