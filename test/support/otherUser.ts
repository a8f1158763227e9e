import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';

/** A user for whom permissions hold, as they do not for the superuser: Linux calls it nobody. */
export const OTHER_USER = 65534;

/**
 * Why permissions cannot be tried here as they hold for a user; false where they can. The superuser steps down to another
 * user for that, who then needs a way to Node, to temporary folders and to `paths`: a private folder above them bars it.
 */
export function whyPermissionsCannotBeTried(...paths: readonly string[]): string | false {
  if (process.platform === 'win32') return 'permissions of Windows are others';
  if (process.getuid?.() !== 0) return false;
  const read = `for (const path of process.argv.slice(1)) require('node:fs').accessSync(path)`;
  const { status } = spawnSync(process.execPath, ['-e', read, '--', tmpdir(), ...paths], { uid: OTHER_USER, cwd: '/' });
  if (status === 0) return false;
  return `needs Node, ${[tmpdir(), ...paths].join(' and ')} where another user than root can read them`;
}
