import type { ImageComparison } from './comparison.ts';
import type { EvidencePaths } from './evidenceFiles.ts';

export const VERDICTS = ['passed', 'changed', 'new', 'deleted', 'renamed', 'unreadable'] as const;

export type ItemVerdict = (typeof VERDICTS)[number];

/** The verdict on one picture. */
export interface VerifiedItem {
  /** The picture's path below its folder, with `/` on every system. */
  readonly path: string;
  readonly verdict: ItemVerdict;
  /** Whether it keeps the folders from matching. */
  readonly failed: boolean;
  /** The reason as one sentence. */
  readonly message: string;
  /** What the comparison found; absent where nothing was decoded. */
  readonly comparison?: ImageComparison;
  /** `renamed`: the golden of the same samples. */
  readonly from?: string;
  /** What was written to look at. */
  readonly evidence?: EvidencePaths;
  /** What `update` did to the goldens. */
  readonly updated?: 'added' | 'replaced' | 'removed' | 'moved';
}

export interface VerifyReport {
  /** Whether every picture is right, or has been made so. */
  readonly match: boolean;
  readonly actual: string;
  readonly golden: string;
  /** In the order of their paths. */
  readonly items: readonly VerifiedItem[];
  /** What is wrong with the folders as a whole; a reason of its own for them not to match. */
  readonly problems: readonly string[];
  /** What may be of interest: goldens accepted by another comparison, or changed since. */
  readonly notes: readonly string[];
  readonly comparator: Readonly<Record<string, unknown>>;
}

/** What was found until all was looked at, or the signal came. */
export interface Seen {
  readonly items: VerifiedItem[];
  readonly interrupted: boolean;
  /** Why not all was looked at, where nobody asked for that. */
  readonly problem?: string;
}

/** What was found until the run ended, or was told to end. */
export interface PartialReport extends VerifyReport {
  /** Whether pictures were not looked at, or goldens not updated, because of the signal: then nothing matches. */
  readonly interrupted: boolean;
}
