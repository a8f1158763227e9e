import { plainJson } from '../../planes/plainText.ts';
import { reportProblems } from './writeReport.ts';

/**
 * What `--json` asks for: one object, to the file it names or, where it names none, to standard output; nothing where it was not
 * given.
 *
 * @returns why it was not written, in a sentence; what was done stays done
 */
export function writeJson(file: string | undefined, value: object): Promise<string[]> {
  return reportProblems(file, () => `${plainJson(value, 2)}\n`);
}
