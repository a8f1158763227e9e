import { dirname, isAbsolute, join, normalize, posix, sep } from 'node:path';
import { PlanError } from '../../disk/planError.ts';
import { showPath } from '../../disk/showPath.ts';
import {
  extensionOf,
  formatOfPath,
  UNWRITTEN_EXTENSIONS,
  WRITTEN_EXTENSIONS,
  WRITTEN_FORMATS,
} from '../../files/formats.ts';
import { didYouMean, suggest } from '../../planes/suggest.ts';
import type { Input } from '../inputs/input.ts';

/** What `--output` says: one place, or how the outputs are named below `base`. */
export type Naming =
  | { readonly kind: 'stream' }
  | { readonly kind: 'file'; readonly base: string; readonly path: string }
  | { readonly kind: 'folder'; readonly base: string }
  | { readonly kind: 'template'; readonly base: string; readonly text: string };

const PLACEHOLDERS = ['{rel}', '{dir}', '{name}', '{ext}', '{root}', '{page}', '{channel}'];
/** What they are called in other programs. */
const OTHER_NAMES = {
  '{base}': '{name}',
  '{basename}': '{name}',
  '{extension}': '{ext}',
  '{file}': '{name}',
  '{filename}': '{name}',
  '{folder}': '{dir}',
  '{frame}': '{page}',
  '{path}': '{rel}',
  '{stem}': '{name}',
};
const PLACEHOLDER = /\{(rel|dir|name|ext|root|page|channel)\}/g;
const LEADING_SEPARATORS = sep === '\\' ? /^[/\\]+/ : /^\/+/;

/**
 * Reads what `--output` says: `-` is standard output; a text with `{rel}`, `{dir}`, `{name}`, `{ext}`, `{root}`,
 * `{page}` or `{channel}` a template; one
 * that ends in a picture's extension a file; any other, and any that ends in `/`, a folder.
 *
 * @throws PlanError where it is none of them.
 */
export function readOutput(output: string): Naming {
  if (output === '') throw new PlanError('Expected a file, folder or template for --output but received an empty text');
  if (output === '-') return { kind: 'stream' };
  if (/^\/dev\/(stdout|fd\/1)$/.test(output)) {
    throw new PlanError(
      `Expected a file, folder or template for --output but received ${output}; - is standard output`,
    );
  }
  const first = output.search(PLACEHOLDER);
  if (first >= 0) return { kind: 'template', base: readBase(output, first), text: output };
  const unknown = /\{\w+\}/.exec(output)?.[0] ?? '';
  if (didYouMean(unknown, PLACEHOLDERS, OTHER_NAMES) !== '') throw unknownPlaceholder(unknown, output);
  if (endsInSeparator(output)) return { kind: 'folder', base: output };
  if (formatOfPath(output) !== undefined) return { kind: 'file', base: dirname(output), path: output };
  const extension = extensionOf(output);
  const [meant] = extension === '' || UNWRITTEN_EXTENSIONS.has(extension) ? [] : suggest(extension, WRITTEN_EXTENSIONS);
  // Nearly a picture's, too: a folder edges.pgn is what nobody wants.
  if (UNWRITTEN_EXTENSIONS.has(extension) || meant !== undefined) {
    const instead =
      meant === undefined ? '' : `did you mean ${showPath(`${output.slice(0, -extension.length)}${meant}`)}? `;
    throw new PlanError(
      `Expected one of ${WRITTEN_FORMATS.join(', ')} at the end of --output but received ${showPath(output)}; ${instead}${showPath(`${output}/`)} is a folder`,
    );
  }
  return { kind: 'folder', base: output };
}

/**
 * Where the output of an input goes: the file that was named; `base` and `rel` with another extension; or the template
 * with {rel} the input's path below its root, {dir} the folder part of it, {name} its name without extension, {ext} its
 * extension without the dot, {root} the root as {@link rootOf} spells it, {page} and {channel} their numbers, of as many digits as the
 * last of them has. In a folder, these follow the name: `stack-p07-c2.png`. Where one of them is empty, the `/` after it goes with it.
 *
 * @param extension of pictures that go to a folder, without its dot.
 */
export function nameOutput(naming: Naming, input: Input, extension: string): string {
  if (naming.kind === 'stream') return '-';
  if (naming.kind === 'file') return naming.path;
  const { dir, name, ext } = posix.parse(input.rel);
  const page = numbered(input.page, input.of?.pages);
  const channel = numbered(input.channel, input.of?.channels);
  if (naming.kind === 'folder') {
    const part = [...(page === '' ? [] : [`-p${page}`]), ...(channel === '' ? [] : [`-c${channel}`])].join('');
    return join(naming.base, dir, `${name}${part}.${extension}`);
  }
  const values: Record<string, string> = {
    rel: input.rel,
    dir,
    name,
    ext: ext.slice(1),
    root: rootOf(input),
    page: page || '1',
    channel: channel || '1',
  };
  const path = naming.text.replace(PLACEHOLDER, (_, key: string) => values[key]);
  // An empty {dir} at its start would make `{dir}/{name}` a path from the root of the file system.
  return normalize(isAbsolute(naming.text) ? path : path.replace(LEADING_SEPARATORS, ''));
}

/** A part's number, of as many digits as the last one has; an empty text where there is one part. */
function numbered(part: number | undefined, count = 1): string {
  return part === undefined || count === 1 ? '' : String(part).padStart(String(count).length, '0');
}

/**
 * The folder that was searched, or that a file stands in, as it was given, but for what leads up from here or down from the root of
 * a disk: a path that lies below wherever it is put.
 */
export function rootOf({ root }: Input): string {
  const parts = (sep === '\\' ? root.replaceAll('\\', '/').replace(/^[a-z]:/i, '') : root).split('/');
  return parts.filter((part) => !['', '.', '..'].includes(part)).join('/');
}

/** The folder that a template writes below: what stands before its first placeholder. */
function readBase(template: string, first: number): string {
  const unknown = /\{\w+\}/.exec(template.replace(PLACEHOLDER, ''))?.[0];
  if (unknown !== undefined) throw unknownPlaceholder(unknown, template);
  const cut = Math.max(template.lastIndexOf('/', first), sep === '\\' ? template.lastIndexOf('\\', first) : -1);
  const rest = template.slice(cut + 1);
  if (rest.split(/[/\\]/).includes('..')) {
    throw new PlanError(
      `Expected no .. after the first placeholder of a template for --output but received ${showPath(template)}`,
    );
  }
  return cut < 0 ? '.' : template.slice(0, cut) || '/';
}

function unknownPlaceholder(unknown: string, template: string): PlanError {
  const meant = didYouMean(unknown, PLACEHOLDERS, OTHER_NAMES);
  return new PlanError(
    `Expected only {rel}, {dir}, {name}, {ext}, {root}, {page} and {channel} in a template for --output but received ${unknown} in ${showPath(template)}${meant}`,
  );
}

function endsInSeparator(path: string): boolean {
  return path.endsWith('/') || path.endsWith(sep);
}
