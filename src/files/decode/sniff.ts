import { FORMATS, OTHER_FORMATS, type SourceFormat } from '../formats.ts';
import { begins } from '../signatures.ts';

/**
 * The format that a file's first bytes say it is of, whatever its name says; none where it is not one that is read.
 * Only what is named here ever reaches a decoder.
 */
export function sniff(bytes: Uint8Array): SourceFormat | undefined {
  const names = Object.keys(FORMATS) as SourceFormat[];
  return names.find((name) => FORMATS[name].is(bytes));
}

/** What bytes are that {@link sniff} does not name: a picture of another format (`unsupported`), or none. */
export function describeBytes(bytes: Uint8Array): Description {
  const other = OTHER_FORMATS.find(({ is }) => is(bytes));
  if (other) return { code: 'unsupported', what: other.what ?? other.name };
  const pointer = POINTERS.find(({ begin }) => begins(bytes, begin));
  if (pointer) return { code: 'not-a-picture', what: pointer.what, way: pointer.way };
  if (begins(bytes, 'PK\x03\x04')) return { code: 'not-a-picture', what: 'a ZIP archive' };
  if (begins(bytes, '\x1f\x8b')) return { code: 'not-a-picture', what: 'gzip-compressed data' };
  return { code: 'not-a-picture', what: isText(bytes) ? 'text' : 'bytes of no known picture format' };
}

interface Description {
  readonly code: 'unsupported' | 'not-a-picture';
  readonly what: string;
  /** How to come by the picture. */
  readonly way?: string;
}

/** What stands in a repository for a large file that has not been fetched. */
const POINTERS = [
  {
    begin: 'version https://git-lfs.github.com/spec/',
    what: 'a Git LFS pointer',
    way: 'git lfs pull fetches what it stands for',
  },
  { begin: '/annex/objects/', what: 'a git-annex pointer', way: 'git annex get fetches what it stands for' },
];

/** Whether the first bytes are UTF-8 without control characters other than those of text. */
function isText(bytes: Uint8Array): boolean {
  const head = bytes.subarray(0, 512);
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: head.length < bytes.length });
    return !Array.from(text).some((c) => (c < ' ' && !'\t\n\r\f\x1b'.includes(c)) || c === '\x7f');
  } catch {
    return false;
  }
}
