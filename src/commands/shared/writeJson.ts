import { plainJson } from '../../planes/plainText.ts';
import { configPath } from './config.ts';
import { reportProblems } from './writeReport.ts';

/**
 * What `--json` asks for: one object, to the file it names or, where it names none, to standard output; nothing where it was not
 * given. Which file gave options is in it.
 *
 * @returns why it was not written, in a sentence; what was done stays done
 */
export function writeJson(file: string | undefined, value: object): Promise<string[]> {
  const config = configPath();
  const told = config === undefined ? value : { ...value, config };
  return reportProblems(file, () => `${plainJson(told, 2)}\n`);
}
