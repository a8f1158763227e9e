import { EXIT } from './exit.ts';
import { say } from './say.ts';
import { writeJson } from './writeJson.ts';

/** Writes what `--json` asks for, and says where it could not be. */
export async function tellJson(json: string, facts: object): Promise<void> {
  const problems = await writeJson(json, facts);
  for (const problem of problems) say(`corr2d: ${problem}`);
  if (problems.length > 0) process.exitCode = EXIT.failed;
}
