import { expected } from '../planes/expected.ts';

/** The version of our own files: `{ "corr2d": 1, "kind": …, … }`. */
export const FILE_VERSION = 1;

/** What our own files hold. */
type FileKind = 'detector' | 'filter' | 'kernel' | 'model' | 'net';

/** Whether a text is JSON that calls itself a file of that kind, whatever else may be wrong with it. */
export function isFileOfKind(text: string, kind: FileKind): boolean {
  const trimmed = text.trim();
  if (!trimmed.startsWith('{')) return false;
  try {
    return (JSON.parse(trimmed) as { kind?: unknown }).kind === kind;
  } catch {
    return false;
  }
}

/** The fields of one of our own files, where it begins as such and is of the kind that is asked for. */
export function expectHeader(contents: unknown, kind: FileKind): Record<string, unknown> {
  const fields = expectRecord(contents, 'the file');
  if (fields.corr2d !== FILE_VERSION) {
    throw expected(`${FILE_VERSION}, the version of the format that is known here,`, 'corr2d', fields.corr2d);
  }
  if (fields.kind !== kind) throw expected(kind, 'kind', fields.kind);
  return fields;
}

/** Refuses what is no JSON object. */
export function expectRecord(value: unknown, where: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw expected('an object', where, value);
  return value as Record<string, unknown>;
}
