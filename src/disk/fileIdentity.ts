import { stat } from 'node:fs/promises';

/** Device and inode: the same through every symbolic and hard link. Nothing where there is no file, or it cannot be seen. */
export async function fileIdentity(path: string): Promise<string | undefined> {
  try {
    return identityOf(await stat(path, { bigint: true }));
  } catch {
    return undefined;
  }
}

/** {@link fileIdentity} of what the system said of a file, asked for whole numbers of any size. */
export function identityOf({ dev, ino }: { readonly dev: bigint; readonly ino: bigint }): string {
  return `${dev}:${ino}`;
}
