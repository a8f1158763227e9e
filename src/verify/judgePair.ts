import { hashBytes } from '../disk/hashBytes.ts';
import { readBytes } from '../disk/readBytes.ts';
import { LIMIT_BYTES } from '../files/limits.ts';
import { attempt } from './attempt.ts';
import { comparePair, type PairFound, type PairOptions } from './comparePair.ts';
import type { EvidencePaths } from './evidenceFiles.ts';
import type { GoldenFacts } from './manifest.ts';
import { expectReadable } from './openFrames.ts';
import type { VerifiedItem } from './verifyReport.ts';

/** A picture and the golden of the same name. */
export interface Pair {
  /** Below their folders, with `/` on every system. */
  readonly path: string;
  readonly actual: string;
  readonly golden: string;
  /** What this very program found out about the golden's file when it was accepted. */
  readonly known?: GoldenFacts | undefined;
}

/** Room for pairs that are compared at once. */
export interface PairMemory {
  /**
   * Waits until there is room for so many bytes.
   *
   * @param path the pair's, for messages
   * @returns what gives it back
   * @throws FileError where there never is
   */
  take(bytes: number, path: string): Promise<() => void>;
}

interface Judging {
  readonly pair: Pick<PairOptions, 'comparator' | 'limits' | 'mask'>;
  readonly memory?: PairMemory | undefined;
  /** Writes pictures of what changed; none are written by default. */
  readonly evidence?:
    | { write(path: string, golden: string, pair: PairFound): Promise<EvidencePaths | undefined> }
    | undefined;
  /** Takes SHA-256 of the files of pictures that may become goldens, as they were when they were looked at. */
  readonly judged?: Map<string, string> | undefined;
}

/** The verdict on a pair, once there is room to compare it, where that is limited. */
export async function judgePair(pair: Pair, judging: Judging): Promise<VerifiedItem> {
  const { memory } = judging;
  if (memory === undefined) return comparedPair(pair, judging);
  let giveBack = (): void => {};
  let refusal: unknown;
  const admit = async (bytes: number): Promise<void> => {
    try {
      giveBack = await memory.take(bytes, pair.path);
    } catch (error) {
      refusal = error;
      throw error;
    }
  };
  try {
    return await comparedPair(pair, judging, admit, () => refusal !== undefined);
  } finally {
    giveBack();
  }
}

/** @param isRefused whether there was no room: that says nothing of a golden */
async function comparedPair(
  { path, actual, golden, known }: Pair,
  { pair: how, evidence, judged }: Judging,
  admit?: (bytes: number) => Promise<void>,
  isRefused = (): boolean => false,
): Promise<VerifiedItem> {
  const pair = await attempt(() => comparePair(actual, golden, { ...how, known, admit }));
  if (pair instanceof Error) {
    if (judged !== undefined && !isRefused()) {
      const hash = await hashReadable(actual, how);
      if (hash !== undefined) judged.set(path, hash);
    }
    return { path, verdict: 'unreadable', failed: true, message: pair.message };
  }
  const { match, message } = pair;
  const comparison = pair.comparison ? { comparison: pair.comparison } : {};
  if (match) return { path, verdict: 'passed', failed: false, message, ...comparison };
  judged?.set(path, await hashBytes(pair.actualBytes));
  const written = await evidence?.write(path, golden, pair);
  return { path, verdict: 'changed', failed: true, message, ...comparison, ...(written ? { evidence: written } : {}) };
}

/** Of a picture that can be read, of which the golden cannot: then it may become the golden. */
async function hashReadable(file: string, { limits }: Judging['pair']): Promise<string | undefined> {
  const hash = await attempt(async () => {
    const bytes = await readBytes(file, 'a picture', LIMIT_BYTES);
    await expectReadable(bytes, { path: file, ...limits });
    return hashBytes(bytes);
  });
  return hash instanceof Error ? undefined : hash;
}
