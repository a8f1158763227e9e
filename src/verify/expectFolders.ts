import { isInside, realOf } from '../disk/realPaths.ts';
import { showPath } from '../disk/showPath.ts';
import { ExpectationError } from '../planes/expected.ts';

/**
 * Refuses folders that lie in one another, whatever names they go by: pictures would be compared with themselves, or what is
 * written to look at be taken for new pictures the next time.
 */
export async function expectFolders(
  actual: string,
  golden: string,
  output: string | undefined,
  update: boolean,
): Promise<void> {
  const named: [what: string, path: string][] = [
    ['the pictures', actual],
    ['the goldens', golden],
    ...(output === undefined || update ? [] : ([['the output', output]] as [string, string][])),
  ];
  const folders = await Promise.all(named.map(async ([what, path]) => ({ what, path, real: await realOf(path) })));
  for (const [i, a] of folders.entries()) {
    for (const b of folders.slice(i + 1)) {
      if (!isInside(a.real, b.real) && !isInside(b.real, a.real)) continue;
      throw new ExpectationError(
        `Expected folders that do not overlap for ${a.what} and ${b.what} but received ${showPath(a.path)} and ${showPath(b.path)}`,
      );
    }
  }
}
