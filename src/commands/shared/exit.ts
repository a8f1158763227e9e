import { PictureError } from '../../disk/fileError.ts';
import { PlanError } from '../../disk/planError.ts';
import { ExpectationError } from '../../planes/expected.ts';

/** What the process says when it ends. */
export const EXIT = {
  done: 0,
  /** Some pictures failed or differ; the others were done. */
  failed: 1,
  /** The call cannot be carried out as given: nothing was written. */
  refused: 2,
  /** By SIGINT, as shells count it: 128 + 2. */
  interrupted: 130,
} as const;

export type ExitStatus = (typeof EXIT)[keyof typeof EXIT];

/** Prints why a call was refused, on standard error, and gives the exit status for it. */
export function reportError(error: unknown): ExitStatus {
  const known =
    error instanceof PlanError ||
    error instanceof ExpectationError ||
    error instanceof PictureError ||
    error instanceof SyntaxError ||
    isYargsError(error);
  // What we did not foresee is shown whole: its place is what a report of it needs.
  process.stderr.write(
    known ? `corr2d: ${(error as Error).message}\n` : `corr2d: ${(error as Error)?.stack ?? error}\n`,
  );
  return EXIT.refused;
}

function isYargsError(error: unknown): boolean {
  return error instanceof Error && error.name === 'YError';
}
