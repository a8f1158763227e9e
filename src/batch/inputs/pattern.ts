import { realpath, stat } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { type Entry, listFolder, whyLeftOut } from '../../disk/listFolder.ts';
import { PlanError, reasonOf } from '../../disk/planError.ts';
import { showPath } from '../../disk/showPath.ts';
import { STATE_FOLDER } from '../state/stateFolder.ts';
import { expandBraces } from './expandBraces.ts';
import { followLinks, waitingFolders, withWayOut } from './followLinks.ts';
import type { Input, Search } from './input.ts';
import { nameMatcher } from './nameMatcher.ts';
import { realFolder } from './realFolder.ts';

/** Whether a path that does not exist may be meant as a pattern. */
export function isPattern(given: string): boolean {
  return /[*?[{]/.test(given);
}

/**
 * The files a pattern matches, in no order: by each name between slashes as {@link nameMatcher} has it, `**` any folders, links not
 * followed unless `follow` says so, and braces expanded first. As much of it as names an existing folder is taken as it stands, whatever
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
  const matched = await matchesBelow(root, expandBraces(rest), search);
  const real = await realFolder(root);
  const found: Input[] = [];
  for (const { rel, entry } of matched) {
    const path = join(root, rel);
    const why =
      entry.kind === 'file' ? undefined : await whyLeftOut(dirname(path), entry, search.follow ? undefined : real);
    if (why === undefined) found.push({ path, rel, root });
    else search.notes.push(`left out ${showPath(path)}: ${withWayOut(why, search)}`);
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

interface Matched {
  readonly rel: string;
  readonly entry: Entry;
}

/** What is left of a pattern below a folder: what the next name must be, and the steps after it. */
interface Steps {
  /** Whether any folders come here, or none. */
  readonly isAnyFolders: boolean;
  readonly fits: (name: string) => boolean;
  readonly rest: Steps | undefined;
}

/** What matches one of the patterns and is no folder. Every folder is read once, and only where something in it may match. */
async function matchesBelow(root: string, patterns: readonly string[], search: Search): Promise<Matched[]> {
  const found: Matched[] = [];
  const first = new Set(patterns.map(stepsOf).filter((steps) => steps !== undefined));
  const waiting = waitingFolders<{ below: string; steps: ReadonlySet<Steps> }>({ below: '', steps: first });
  const searched = new Map<string, Set<Steps>>();
  for (let next = waiting.next(); next !== undefined; next = waiting.next()) {
    const { below } = next;
    const all = [...new Set([...next.steps].flatMap(withoutFolders))];
    const folder = join(root, below);
    const steps = search.follow ? await newSteps(folder, all, searched) : all;
    if (steps.length === 0) continue;
    for (const entry of await followLinks(folder, await list(folder, search.notes), search)) {
      if (entry.name === STATE_FOLDER) continue;
      const rel = below === '' ? entry.name : `${below}/${entry.name}`;
      if (search.excludes.isOut(rel, entry.kind === 'folder')) continue;
      const fitting = steps.filter(({ fits }) => fits(entry.name));
      if (entry.kind !== 'folder') {
        if (fitting.some(({ rest }) => rest === undefined)) found.push({ rel, entry });
        continue;
      }
      const inside = fitting.flatMap((one) => (one.isAnyFolders ? one : (one.rest ?? [])));
      if (inside.length > 0) waiting.push({ below: rel, steps: new Set(inside) }, entry.isLinked === true);
    }
  }
  return found;
}

/** Of the steps, those that a folder was not searched by yet, under whatever name: links may lead in a circle. */
async function newSteps(
  folder: string,
  steps: readonly Steps[],
  searched: Map<string, Set<Steps>>,
): Promise<readonly Steps[]> {
  const real = await realpath(folder).catch(() => folder);
  const known = searched.get(real) ?? new Set();
  searched.set(real, known);
  const fresh = steps.filter((one) => !known.has(one));
  for (const one of fresh) known.add(one);
  return fresh;
}

function stepsOf(pattern: string): Steps | undefined {
  // What ends in a slash is a folder.
  if (/(^|\/)\.?$/.test(pattern)) return undefined;
  const names = pattern.split('/').filter((name) => name !== '' && name !== '.');
  return names.reduceRight<Steps | undefined>((rest, name) => {
    const isAnyFolders = name === '**';
    return { isAnyFolders, fits: isAnyFolders ? (given) => !given.startsWith('.') : nameMatcher(name), rest };
  }, undefined);
}

/** The steps, and those that come next where any folders are none. */
function withoutFolders(steps: Steps): Steps[] {
  const { isAnyFolders, rest } = steps;
  return isAnyFolders && rest !== undefined ? [steps, ...withoutFolders(rest)] : [steps];
}

async function list(folder: string, notes: string[]): Promise<Entry[]> {
  try {
    return await listFolder(folder, notes, true);
  } catch (error) {
    notes.push(`left out ${showPath(folder)}: ${reasonOf(error)}`);
    return [];
  }
}
