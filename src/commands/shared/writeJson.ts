import { plainJson } from '../../planes/plainText.ts';
import { printJson } from './say.ts';
import { writeReport } from './writeReport.ts';

/** What `--json` asks for: one object, to the file it names or, where it names none, to standard output. */
export async function writeJson(file: string, value: object): Promise<void> {
  if (file === '') printJson(value, 2);
  else await writeReport(file, `${plainJson(value, 2)}\n`);
}
