import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { listFolder } from '../../disk/listFolder.ts';
import { showPath } from '../../disk/showPath.ts';
import { extensionOf } from '../../files/formats.ts';
import { STATE_FOLDER } from '../state/stateFolder.ts';

/** Whether an earlier run wrote into a folder: it left its journal there. */
export async function holdsOutputs(folder: string): Promise<boolean> {
  const names = await readdir(join(folder, STATE_FOLDER)).catch(() => []);
  return names.some((name) => name.startsWith('journal'));
}

/** What is said of folders of outputs that were left out, with how many pictures are in them. */
export async function describeOutputs(
  root: string,
  folders: readonly string[],
  extensions: ReadonlySet<string>,
): Promise<string> {
  let pictures = 0;
  const waiting = [...folders];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const folder = join(root, next);
    for (const { name, kind } of await listFolder(folder, []).catch(() => [])) {
      if (kind === 'folder') waiting.push(join(next, name));
      else if (extensions.has(extensionOf(name))) pictures++;
    }
  }
  const [first, ...others] = folders.map((folder) => showPath(join(root, folder)));
  const where =
    others.length === 0 ? first : `${first} and ${others.length} other folder${others.length === 1 ? '' : 's'}`;
  return `left out ${pictures} picture${pictures === 1 ? '' : 's'} in ${where}, which earlier runs wrote: name such a folder to take them`;
}
