import { basename } from 'node:path';
import { extensionOf, FORMATS, OTHER_FORMATS } from '../../files/formats.ts';
import { HEAD_BYTES, kindOfFile } from '../../files/kindOfFile.ts';
import { isOtherName } from './otherNames.ts';

/** What a search for pictures makes of a file: it takes it, passes it over, or leaves it out and says of which kind it is. */
export type SearchKind = 'taken' | 'other' | { readonly leftOut: string };

/** Tells what a search makes of a regular file; `extensions` of what is looked for are in lower case, without their dot. */
export type KindForSearch = (path: string, extensions: ReadonlySet<string>) => Promise<SearchKind>;

/**
 * A name that ends as pictures' names do is believed, and so is one that ends as texts', films' or archives' do; of every other
 * file, the first bytes are read: a tenth of a millisecond or less each.
 */
export async function kindForSearch(path: string, extensions: ReadonlySet<string>): Promise<SearchKind> {
  return kindOfName(path, extensions) ?? (await kindOfContents(path, extensions)).kind;
}

/** {@link kindForSearch} for who looks at the same folder again and again: no file is read twice whose first bytes are all there. */
export function rememberKinds(): KindForSearch {
  const known = new Map<string, SearchKind>();
  return async (path, extensions) => {
    const sure = kindOfName(path, extensions) ?? known.get(path);
    if (sure !== undefined) return sure;
    const { kind, isWhole } = await kindOfContents(path, extensions);
    if (isWhole) known.set(path, kind);
    return kind;
  };
}

function kindOfName(path: string, extensions: ReadonlySet<string>): SearchKind | undefined {
  const extension = extensionOf(path);
  if (extensions.has(extension)) return 'taken';
  if (isOtherName(basename(path))) return 'other';
  const named = OTHER_FORMATS.find((other) => other.byName && other.extensions.includes(extension));
  return named && { leftOut: named.what ?? named.name };
}

async function kindOfContents(
  path: string,
  extensions: ReadonlySet<string>,
): Promise<{ readonly kind: SearchKind; readonly isWhole: boolean }> {
  try {
    const { format, what, bytes } = await kindOfFile(path);
    const isWhole = bytes === HEAD_BYTES;
    if (format === undefined) return { kind: TEXTS.has(what) ? 'other' : { leftOut: what }, isWhole };
    const { name, extensions: own } = FORMATS[format];
    const isWanted = own.some((extension) => extensions.has(extension));
    return { kind: isWanted ? 'taken' : { leftOut: name }, isWhole };
  } catch {
    return { kind: { leftOut: 'a file that cannot be read' }, isWhole: false };
  }
}

/** What nobody takes for a picture is not told of. */
const TEXTS: ReadonlySet<string> = new Set(['text', 'an empty file']);
