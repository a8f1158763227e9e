import type { Certificate } from '../../learn/report.ts';
import { formatBorder } from '../../planes/border.ts';
import type { LearnedShown } from '../../report/data.ts';
import { curveText, passesName, passesText, rankText } from '../shared/describeFilter.ts';
import type { FoundFilter } from './learnAs.ts';
import type { PairPaths } from './learnPairs.ts';
import { certificateText } from './learnSummary.ts';

/** What a page shows of a filter that is no kernel. */
export function filterShown(found: FoundFilter, pairs: readonly PairPaths[], command: string): LearnedShown {
  return {
    headline: `learned ${filterName(found)}`,
    facts: filterFacts(found, pairs).map(([name, text]) => [name, [text]]),
    notes: filterNotes(found),
    kernels: [],
    notations: [],
    command,
    losses: [],
  };
}

/** What a filter that is no kernel is called. */
export function filterName({ filter: { found } }: FoundFilter): string {
  if ('rank' in found) return rankText(found.rank);
  if ('passes' in found) return passesName(found.passes);
  return found.values.length === 1 ? 'a tone curve' : `a tone curve for each of ${found.values.length} channels`;
}

/** The facts that are told of it, a name and a text each. */
export function filterFacts({ filter: { found } }: FoundFilter, pairs: readonly PairPaths[]): [string, string][] {
  const certificate: [string, string] = ['exactly', certificateText(certificateOf(found), pairs)];
  if ('rank' in found) {
    const { rank, height, width } = found.rank;
    const name = `${rank}:${height === width ? height : `${height}x${width}`}`;
    return [
      ['known as', `${rank} of ${height}×${width} samples: -k ${name}`],
      certificate,
      ['border', found.borders.map(formatBorder).join(' or ')],
    ];
  }
  if ('passes' in found) {
    return [
      ['known as', found.calls.join(' or ')],
      certificate,
      ['passes', passesText(found.passes)],
      ['border', formatBorder(found.border)],
    ];
  }
  const { power, values } = found;
  const known: [string, string][] =
    power === undefined
      ? []
      : [['known as', `a power: -k identity --curve ${power.text} --rounding ${power.rounding}`]];
  return [...known, certificate, ...values.map((one): [string, string] => ['curve', curveText(one)])];
}

/** What a person should know beside them. */
export function filterNotes({ filter: { found, repeats } }: FoundFilter): string[] {
  return [
    ...ownNotes(found),
    ...(repeats ? ['The after holds in each of three channels what the filter gives once.'] : []),
  ];
}

function ownNotes(found: FoundFilter['filter']['found']): string[] {
  if ('rank' in found) {
    return found.borders.length === 1
      ? []
      : [`These pictures do not tell which of the borders ${found.borders.map(formatBorder).join(', ')} it took.`];
  }
  if ('passes' in found) return [];
  const { unseen } = found;
  return unseen === 0
    ? []
    : [
        `${unseen} of ${256 * found.values.length} values stand in no before: for those the curve runs straight between their neighbours, and level beyond the least and greatest.`,
      ];
}

export function certificateOf(found: FoundFilter['filter']['found']): Certificate {
  const { reproduced, samples, first } = found;
  return {
    reproduced,
    samples,
    rounding: 'nearest',
    ...('rank' in found && { border: found.borders[0] }),
    ...('passes' in found && { border: found.border }),
    ...(first && { first }),
  };
}
