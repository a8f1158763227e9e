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

/**
 * Prints why a call was refused, on standard error, and gives the exit status for it.
 *
 * @throws what was not foreseen
 */
export function reportRefusal(error: unknown): ExitStatus {
  const foreseen =
    error instanceof PlanError ||
    error instanceof ExpectationError ||
    error instanceof PictureError ||
    error instanceof SyntaxError ||
    isYargsError(error);
  if (!foreseen) throw error;
  process.stderr.write(`corr2d: ${error.message}\n`);
  return EXIT.refused;
}

function isYargsError(error: unknown): error is Error {
  return error instanceof Error && error.name === 'YError';
}
