import { ExpectationError } from '../../planes/expected.ts';

/**
 * Refuses to write a file's bytes where people read: on a terminal some of them are commands.
 *
 * @param what `a picture`
 * @param option how standard output was asked for: `--output -`
 * @throws ExpectationError
 */
export function expectNoTerminal(what: string, option: string): void {
  if (!process.stdout.isTTY) return;
  throw new ExpectationError(
    `Expected a file or another program for the bytes of ${what} (${option}) but found that standard output is a terminal: > or | leads them on`,
  );
}
