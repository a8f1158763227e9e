import { writeFileSafely } from '../../disk/writeFileSafely.ts';

/**
 * What `--json` asks for: one object, to the file it names (which it may replace: it is a report, not a picture) or, where
 * it names none, to standard output.
 */
export async function writeJson(file: string, value: object): Promise<void> {
  const text = `${JSON.stringify(value, null, 2)}\n`;
  if (file === '') process.stdout.write(text);
  else await writeFileSafely(file, new TextEncoder().encode(text), { overwrite: true });
}
