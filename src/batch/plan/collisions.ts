import { dirname, resolve } from 'node:path';
import { showPath } from '../../disk/showPath.ts';
import { tellsCaseApart } from '../../disk/tellsCaseApart.ts';
import { extensionOf } from '../../files/formats.ts';
import type { Placed, Problem } from './job.ts';
import { type Naming, rootOf } from './outputNames.ts';

/**
 * Outputs that would be one file, and outputs that would be a folder another one stands in. Names that differ in case or Unicode
 * form are one where the file system does not tell them apart.
 *
 * @param extension of the pictures written, for the template that is proposed
 * @param tellsApart whether a folder tells names that differ in case apart
 */
export async function findCollisions(
  placed: readonly Placed[],
  naming: Exclude<Naming, { kind: 'stream' }>,
  extension: string,
  tellsApart: (folder: string) => Promise<boolean> = tellsCaseApart,
): Promise<Problem[]> {
  const folder = naming.base.replace(/\/+$/, '');
  const base = folder === '' ? '' : showPath(folder);
  const problems: Problem[] = [];
  const keyOf = await keysFor(placed, tellsApart);
  const first = new Map<string, Placed>();
  for (const place of placed) {
    const key = keyOf(place.path);
    const other = first.get(key);
    if (other) problems.push({ kind: 'collision', text: sameName(other, place, base, extension) });
    else first.set(key, place);
  }
  const known = new Set<string>();
  for (const [key, place] of first) {
    // Every folder above an output is looked at once, the first time an output below it comes up.
    for (let folder = dirname(key); !known.has(folder); folder = dirname(folder)) {
      known.add(folder);
      const other = first.get(folder);
      if (other) problems.push({ kind: 'collision', text: folderName(other, place) });
    }
  }
  return problems;
}

/**
 * What is alike for paths that the file system takes for one. It is asked only where it matters: where two paths, or the folders
 * above them, differ in case or form alone.
 */
async function keysFor(
  placed: readonly Placed[],
  tellsApart: (folder: string) => Promise<boolean>,
): Promise<(path: string) => string> {
  const spelt = new Map<string, string>();
  for (const { path } of placed) {
    for (let at = path; ; at = dirname(at)) {
      const other = spelt.get(folded(at));
      if (other !== undefined && other !== at) {
        const isApart = await tellsApart(dirname(path));
        if (!isApart) return folded;
        // Apple's file systems never tell Unicode forms apart; of others, those that tell case apart do.
        return process.platform === 'darwin' ? (text) => text.normalize('NFC') : (text) => text;
      }
      // What is known already is known with all folders above it.
      if (other === at || dirname(at) === at) break;
      spelt.set(folded(at), at);
    }
  }
  return (path) => path;
}

/** Alike for names that a file system which ignores case and Unicode form (Windows', most of Apple's) takes for one. */
function folded(path: string): string {
  return path.toLowerCase().normalize('NFC');
}

function sameName(one: Placed, other: Placed, base: string, extension: string): string {
  const inputs = `${showPath(one.job.input.path)} and ${showPath(other.job.input.path)}`;
  const [a, b] = [one.job.output, other.job.output];
  const outputs = `${showPath(a)} and ${showPath(b)}`;
  if (one.path === other.path && resolve(a) !== resolve(b)) {
    return `${inputs} would be written to ${outputs}, which are one file through a link; give another --output`;
  }
  const way = wayOut(one, other, base, extension);
  if (one.path === other.path) return `${inputs} would both be written to ${showPath(a)}; ${way}`;
  return `${inputs} would be written to ${outputs}, which are one name there, where case or Unicode form is ignored; ${way}`;
}

function wayOut(one: Placed, other: Placed, base: string, extension: string): string {
  const a = one.job.input;
  const b = other.job.input;
  if (extensionOf(a.rel) !== extensionOf(b.rel)) {
    return `a template with {ext} keeps them apart: --output '${base}/{dir}/{name}-{ext}.${extension}'`;
  }
  if (folded(dirname(a.rel)) !== folded(dirname(b.rel))) {
    return `a template with {dir} keeps them apart: --output '${base}/{dir}/{name}.${extension}'`;
  }
  if (folded(rootOf(a)) !== folded(rootOf(b))) {
    return `a template with {root} keeps them apart: --output '${base}/{root}/{dir}/{name}.${extension}'`;
  }
  return 'rename one of them, or write them in two calls to two folders';
}

function folderName(one: Placed, other: Placed): string {
  const file = `${showPath(one.job.output)}, for ${showPath(one.job.input.path)}`;
  return `${file}, would be a file and the folder of ${showPath(other.job.output)}, for ${showPath(other.job.input.path)}; rename one of them`;
}
