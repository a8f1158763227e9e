import { FileError } from '../../disk/fileError.ts';
import { PlanError } from '../../disk/planError.ts';
import { ExpectationError } from '../../planes/expected.ts';
import { say } from './say.ts';

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
  const lines = linesOf(error);
  if (lines === undefined) throw error;
  const [first, ...more] = lines;
  say(`corr2d: ${first}`, ...more);
  return EXIT.refused;
}

/** The message of an error that was foreseen. */
function linesOf(error: unknown): string[] | undefined {
  // Every line of these is the program's own.
  if (error instanceof PlanError || error instanceof ExpectationError || isOfYargs(error)) {
    return error.message.split('\n');
  }
  return error instanceof FileError ? [error.message] : undefined;
}

function isOfYargs(error: unknown): error is Error {
  return error instanceof SyntaxError || (error instanceof Error && error.name === 'YError');
}
