import { plainText } from '../planes/plainText.ts';

/** Thrown when a call cannot be carried out as given: nothing was written, and the message names what would allow it. */
export class PlanError extends Error {
  override readonly name = 'PlanError';

  /** @param lines of the message: no text in one of them can begin another. */
  constructor(...lines: string[]) {
    super(lines.map(plainText).join('\n'));
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ELOOP: 'symbolic links that lead in a circle',
  EMFILE: 'too many open files',
  ENAMETOOLONG: 'a name that is too long',
  ENOENT: 'nothing',
  ENOTDIR: 'a file where a folder should be',
  ERR_INVALID_ARG_VALUE: 'a name that no file can have',
};

/** Why the file system refused, in words where the code is a usual one. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return (code && REASONS[code]) ?? code ?? message ?? String(error);
}

/** Whether an error of the file system says that there is nothing at the path. */
export function isMissing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR';
}
