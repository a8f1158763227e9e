import { type FilterFile, formatFilterFile } from '../../correlate/nonlinear/filterFile.ts';
import { showPath } from '../../disk/showPath.ts';
import { writeFileSafely } from '../../disk/writeFileSafely.ts';
import { shellQuote } from '../shared/shellQuote.ts';
import { version } from '../version.ts';
import { outputBeside } from './filterCommand.ts';
import { certificateOf, filterFacts, filterName, filterNotes } from './filterShown.ts';
import type { FoundFilter } from './learnAs.ts';
import type { PairPaths } from './learnPairs.ts';
import { isExact } from './learnSummary.ts';

/** As a file holds it. */
export function filterFile({ filter: { found } }: FoundFilter, pairs: readonly PairPaths[]): FilterFile {
  const learned = { from: pairs, certificate: certificateOf(found) };
  return 'rank' in found
    ? { rank: found.rank, border: found.borders[0], learned }
    : 'passes' in found
      ? { passes: found.passes, border: found.border, learned }
      : { curve: { values: found.values }, learned };
}

/** What is typed to apply it. */
export function filterWords(output: string, given: string, folder: boolean): string {
  const words = ['corr2d', 'filter', given, '-k', output, '-o', outputBeside(output, given, folder ? '' : '.png')];
  return words.map((word) => shellQuote(word)).join(' ');
}

/** For a person to read. */
export function filterSummary(
  found: FoundFilter,
  {
    pairs,
    output,
    written,
    command,
  }: {
    readonly pairs: readonly PairPaths[];
    readonly output: string;
    readonly written: boolean;
    readonly command: string;
  },
): string[] {
  const exact = isExact(certificateOf(found.filter.found));
  return [
    `learned ${filterName(found)}${written ? ` → ${showPath(output)}` : ''}`,
    '',
    ...filterFacts(found, pairs).map(([label, text]) => `${label.padEnd(9)}  ${text}`),
    ...filterNotes(found).map((note) => `note       ${note}`),
    ...(written
      ? ['', exact ? 'This gives every sample of what was learned from:' : 'To apply it:', `  ${command}`]
      : []),
  ];
}

/** Writes the file, whole or not at all. */
export async function writeFilter(
  path: string,
  file: FilterFile,
  { overwrite }: { overwrite: boolean },
): Promise<void> {
  await writeFileSafely(path, new TextEncoder().encode(formatFilterFile(file)), { overwrite });
}

/** What `--json` holds. */
export function filterTold(found: FoundFilter, pairs: readonly PairPaths[], output: string, command: string): object {
  const { learned: _, ...own } = filterFile(found, pairs);
  return {
    corr2d: version,
    command: 'learn',
    kind: 'filter',
    output,
    from: pairs,
    certificate: certificateOf(found.filter.found),
    ...own,
    notes: filterNotes(found),
    filter: command,
  };
}
