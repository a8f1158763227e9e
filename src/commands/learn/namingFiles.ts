import { showPath } from '../../disk/showPath.ts';
import { ExpectationError } from '../../planes/expected.ts';
import type { FoundAny } from './learnAs.ts';
import type { PairPaths } from './learnPairs.ts';

/** What `learn` gives; its refusals and notes name files where the library names places in its list of pairs. */
export async function namingFiles<Found extends FoundAny>(
  pairs: readonly PairPaths[],
  learn: () => Promise<Found>,
): Promise<Found> {
  try {
    return withFiles(await learn(), pairs);
  } catch (error) {
    if (!(error instanceof ExpectationError)) throw error;
    throw new ExpectationError(
      named(error.message, pairs, ({ before, after }) => `${showPath(before)} and ${showPath(after)}`),
    );
  }
}

function withFiles<Found extends FoundAny>(found: Found, pairs: readonly PairPaths[]): Found {
  // What is told of a result is told of its after: that is where samples do not come out.
  const inAfter = (text: string): string => named(text, pairs, ({ after }) => showPath(after));
  if ('detector' in found) {
    const { report } = found.detector;
    return { ...found, detector: { ...found.detector, report: { ...report, notes: report.notes.map(inAfter) } } };
  }
  if (!('kernel' in found)) return found;
  const { report } = found.kernel;
  const { exceptions } = report;
  const places = exceptions?.places.map((place) => ({ ...place, where: inAfter(place.where) }));
  return {
    ...found,
    kernel: {
      ...found.kernel,
      report: {
        ...report,
        notes: report.notes.map(inAfter),
        ...(exceptions && places && { exceptions: { ...exceptions, places } }),
      },
    },
  };
}

/** @param whole what a pair is called where neither of its pictures is meant */
function named(text: string, pairs: readonly PairPaths[], whole: (pair: PairPaths) => string): string {
  return text.replaceAll(/pairs\[(\d+)\](?:\.(before|after))?/g, (_, i: string, side?: keyof PairPaths) => {
    const pair = pairs[Number(i)];
    return side === undefined ? whole(pair) : showPath(pair[side]);
  });
}
