import { stat } from 'node:fs/promises';
import { parse } from 'node:path';
import { type Input } from '../../batch/inputs/input.ts';
import { findInputs } from '../../batch/inputs/inputs.ts';
import { showPath } from '../../disk/showPath.ts';
import { READ_EXTENSIONS } from '../../files/formats.ts';
import { ExpectationError } from '../../planes/expected.ts';

export interface PairPaths {
  readonly before: string;
  readonly after: string;
}

/**
 * The pairs that a before, an after and so on in turn stand for: two files are a pair; of two folders, the pictures of one name.
 *
 * @returns the pairs, in order, and a note of every picture that has no other
 * @throws ExpectationError where a word is left over, a file stands beside a folder, or two folders have no name in common
 */
export async function pairsArgument(words: readonly string[]): Promise<{ pairs: PairPaths[]; notes: string[] }> {
  if (words.length % 2 !== 0) {
    throw new ExpectationError(
      `Expected an after for every before but received ${words.length} pictures, the last of them ${showPath(words.at(-1) ?? '')}`,
    );
  }
  const pairs: PairPaths[] = [];
  const notes: string[] = [];
  for (let i = 0; i < words.length; i += 2) {
    const [before, after] = words.slice(i, i + 2);
    const folders = await Promise.all([isFolder(before), isFolder(after)]);
    if (folders[0] !== folders[1]) {
      const [folder, file] = folders[0] ? [before, after] : [after, before];
      throw new ExpectationError(
        `Expected two pictures or two folders but received a folder, ${showPath(folder)}, with ${showPath(file)}`,
      );
    }
    if (folders[0]) pairs.push(...(await pairsOfFolders(before, after, notes)));
    else pairs.push({ before, after });
  }
  return { pairs, notes };
}

async function isFolder(path: string): Promise<boolean> {
  if (path === '-')
    throw new ExpectationError('Expected files or folders to learn from but received -, standard input');
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}

async function pairsOfFolders(before: string, after: string, notes: string[]): Promise<PairPaths[]> {
  const [befores, afters] = await Promise.all(
    [before, after].map(async (folder) => {
      // Raw responses may be learned from, too.
      const found = await findInputs([folder], { extensions: READ_EXTENSIONS });
      notes.push(...found.notes);
      return found.inputs;
    }),
  );
  const left = new Set(afters);
  const partners = new Map<Input, Input>();
  // The whole name first, so that a.png beside a.jpg finds the right one; then the name before the dot: photo.png, photo.npy.
  for (const nameOf of [(input: Input) => input.rel, stemOf]) {
    for (const input of befores) {
      if (partners.has(input)) continue;
      const same = [...left].filter((other) => nameOf(other) === nameOf(input));
      if (same.length > 1) {
        const names = same.map((other) => showPath(other.path)).join(' and ');
        throw new ExpectationError(`Expected one after of ${showPath(input.path)} but found ${names}`);
      }
      for (const other of same) {
        partners.set(input, other);
        left.delete(other);
      }
    }
  }
  if (partners.size === 0) {
    throw new ExpectationError(
      `Expected pictures of the same names in ${showPath(before)} and ${showPath(after)} but found none ` +
        `among ${befores.length} and ${afters.length}`,
    );
  }
  for (const lone of befores.filter((input) => !partners.has(input))) notes.push(loneNote(lone, after));
  for (const lone of left) notes.push(loneNote(lone, before));
  return befores.flatMap((input) => {
    const other = partners.get(input);
    return other === undefined ? [] : [{ before: input.path, after: other.path }];
  });
}

function stemOf({ rel }: Input): string {
  const { dir, name } = parse(rel);
  return `${dir}/${name}`;
}

function loneNote({ path }: Input, other: string): string {
  return `left out ${showPath(path)}: no picture of its name in ${showPath(other)}`;
}
