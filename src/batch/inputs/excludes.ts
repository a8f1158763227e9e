import { showPath } from '../../disk/showPath.ts';
import { ExpectationError } from '../../planes/expected.ts';
import { expandBraces } from './expandBraces.ts';
import { nameMatcher } from './nameMatcher.ts';

/** What a search is to leave out. */
export interface Excludes {
  /** Whether a file or a folder, by its path below the root, is left out; each that is counts. */
  isOut(rel: string, isFolder: boolean): boolean;
  /** How many were left out, and which patterns left out none. */
  notes(): string[];
}

/**
 * Patterns of what is left out, as rsync and `.gitignore` mean them: one without a slash is the name of a file or folder anywhere; one
 * with a slash is a path below the root, in which `**` is any folders; one that ends in a slash is a folder. Names are matched as
 * {@link nameMatcher} has it.
 *
 * @throws ExpectationError for a pattern that no path can match
 */
export function readExcludes(patterns: readonly string[]): Excludes {
  const rules = patterns.map((pattern) => ({ pattern, fits: ruleOf(pattern), count: 0 }));
  let files = 0;
  let folders = 0;
  return {
    isOut(rel, isFolder) {
      const names = rel.split('/');
      const fitting = rules.filter(({ fits }) => fits(names, isFolder));
      for (const rule of fitting) rule.count++;
      if (fitting.length === 0) return false;
      if (isFolder) folders++;
      else files++;
      return true;
    },
    notes() {
      const idle = rules.filter(({ count }) => count === 0);
      const left = [counted(folders, 'folder'), counted(files, 'file')].filter((words) => words !== '');
      return [
        ...(left.length === 0 ? [] : [`left out ${left.join(' and ')} by --exclude`]),
        ...idle.map(({ pattern }) => `--exclude ${showPath(pattern)} left out nothing`),
      ];
    },
  };
}

type Rule = (names: readonly string[], isFolder: boolean) => boolean;

function ruleOf(pattern: string): Rule {
  const rules = expandBraces(pattern).map((one): Rule => {
    const ofFolders = one.endsWith('/');
    const names = one.split('/').filter((name) => name !== '' && name !== '.');
    if (names.length === 0 || names.includes('..')) {
      throw new ExpectationError(
        `Expected a pattern of names below the folders that are searched for --exclude but received ${showPath(pattern)}`,
      );
    }
    const isPath = one.replace(/\/+$/, '').includes('/');
    const fits = names.map((name) => (name === '**' ? undefined : nameMatcher(name)));
    return (path, isFolder) => {
      if (ofFolders && !isFolder) return false;
      return isPath ? fitsPath(fits, path) : fitsPath(fits, path.slice(-1));
    };
  });
  return (path, isFolder) => rules.some((fits) => fits(path, isFolder));
}

/** Whether names fit one by one; what is undefined stands for any number of them. */
function fitsPath(fits: readonly (((name: string) => boolean) | undefined)[], names: readonly string[]): boolean {
  if (fits.length === 0) return names.length === 0;
  const [first, ...rest] = fits;
  if (first !== undefined) return names.length > 0 && first(names[0]) && fitsPath(rest, names.slice(1));
  return names.some((_, skipped) => fitsPath(rest, names.slice(skipped))) || (rest.length === 0 && names.length > 0);
}

function counted(n: number, what: string): string {
  return n === 0 ? '' : `${n} ${what}${n === 1 ? '' : 's'}`;
}
