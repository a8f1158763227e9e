import { writeReport } from './writeReport.ts';

/** What `--json` asks for: one object, to the file it names or, where it names none, to standard output. */
export async function writeJson(file: string, value: object): Promise<void> {
  const text = `${JSON.stringify(value, null, 2)}\n`;
  if (file === '') process.stdout.write(text);
  else await writeReport(file, text);
}
