import { execFile } from 'node:child_process';

export interface Outcome {
  /** Exit status; null where a signal ended it. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end, without a shell and without standard input; a status other than 0 is an outcome, not an error. */
export function run(
  program: string,
  parameters: readonly string[],
  options: { cwd: string; env?: Record<string, string> },
): Promise<Outcome> {
  const env = { ...process.env, ...options.env };
  return new Promise((resolve, reject) => {
    const child = execFile(
      program,
      parameters,
      { cwd: options.cwd, env, maxBuffer: 2 ** 26 },
      (error, stdout, stderr) => {
        if (error && child.exitCode === null && child.signalCode === null) reject(error);
        else resolve({ status: child.exitCode, stdout, stderr });
      },
    );
    child.stdin?.end();
  });
}
