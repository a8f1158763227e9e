import type { EvidenceNames } from '../../verify/evidenceFiles.ts';
import type { ItemVerdict, VerifiedItem } from '../../verify/verifyReport.ts';

/** A verdict as a worker's journal holds it. */
interface PackedItem {
  readonly verdict: ItemVerdict;
  readonly failed: boolean;
  readonly message: string;
  /** Numbers that JSON does not have are texts: `Infinity`. */
  readonly comparison?: Readonly<Record<string, unknown>>;
  /** Which pictures of a change were written, and why others were not. */
  readonly evidence: readonly (keyof EvidenceNames)[];
  readonly failures: readonly string[];
}

export function packItem(
  { verdict, failed, message, comparison, evidence = {} }: VerifiedItem,
  failures: readonly string[],
): PackedItem {
  const written = KINDS.filter((kind) => evidence[kind] !== undefined);
  const packed = { verdict, failed, message, evidence: written, failures };
  return comparison === undefined ? packed : { ...packed, comparison: mapNumbers(comparison, spelled) };
}

const KINDS: readonly (keyof EvidenceNames)[] = ['actual', 'expected', 'diff'];

/**
 * A pair's verdict from a worker's journal, and why not all pictures of a change were written.
 *
 * @param path the pair's
 * @param evidence where those pictures are
 * @param inOwnNames puts our names of files into a sentence in place of the worker's
 * @returns nothing where it is no verdict
 */
export function unpackItem(
  made: unknown,
  path: string,
  evidence: EvidenceNames,
  inOwnNames: (sentence: string) => string,
): { readonly item: VerifiedItem; readonly failures: readonly string[] } | undefined {
  const { verdict, failed, message, comparison, evidence: written, failures } = Object(made) as Partial<PackedItem>;
  const isVerdict = verdict === 'passed' || verdict === 'changed' || verdict === 'unreadable';
  if (!isVerdict || typeof failed !== 'boolean' || typeof message !== 'string') return undefined;
  if (!Array.isArray(written) || !isSentences(failures)) return undefined;
  const paths = KINDS.filter((kind) => written.includes(kind)).map((kind) => [kind, evidence[kind]]);
  const item: VerifiedItem = {
    path,
    verdict,
    failed,
    message: inOwnNames(message),
    ...(comparison === undefined ? {} : { comparison: mapNumbers(comparison, numbered) as never }),
    ...(paths.length === 0 ? {} : { evidence: Object.fromEntries(paths) as Partial<EvidenceNames> }),
  };
  return { item, failures: failures.map(inOwnNames) };
}

function isSentences(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function mapNumbers(figures: object, map: (value: unknown) => unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, map(value)]));
}

function spelled(value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}

function numbered(value: unknown): unknown {
  return value === 'Infinity' || value === '-Infinity' || value === 'NaN' ? Number(value) : value;
}
