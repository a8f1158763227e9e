import { stat } from 'node:fs/promises';
import type { Filtering } from '../../correlate/filtering.ts';
import { filterBeyond } from '../../correlate/nonlinear/filterBeyond.ts';
import { type FilterFile, parseFilterFile, parseRank } from '../../correlate/nonlinear/filterFile.ts';
import { filterLuma } from '../../correlate/nonlinear/filterLuma.ts';
import { rankFilter, type RankFilter } from '../../correlate/nonlinear/rankFilter.ts';
import { roundedPasses, type RoundedPasses } from '../../correlate/nonlinear/roundedPasses.ts';
import { applyCurve, type ToneCurve } from '../../correlate/nonlinear/toneCurve.ts';
import type { Window } from '../../correlate/nonlinear/window.ts';
import { readBytes } from '../../disk/readBytes.ts';
import { KERNEL_LIMIT_BYTES } from '../../files/readKernel.ts';
import { decodeText, readParsed } from '../../files/readParsed.ts';
import { isFileOfKind } from '../../kernels/header.ts';
import { ExpectationError, expected } from '../../planes/expected.ts';
import type { Picture } from '../../planes/picture.ts';
import type { Rounding } from '../../planes/samples.ts';

/** What makes a filter more than a kernel. */
interface SpecialArguments {
  readonly luma: boolean;
  readonly threshold?: number | undefined;
  readonly curve?: string | undefined;
}

/** What is done to whole pictures instead of a kernel's correlation, or after it. */
export interface Special {
  readonly apply: (picture: Picture) => Picture;
  /** Whether it takes the kernel's place, rather than what comes of that. */
  readonly isInstead: boolean;
  /** As it is told. */
  readonly told: { readonly luma?: true; readonly threshold?: number; readonly curve?: string };
}

/**
 * What an argument names where that is no kernel: the median, minimum or maximum of a window, or a filter file.
 *
 * @param where as messages name the argument
 * @returns undefined for everything else
 */
export async function filterArgument(text: string, where: string): Promise<FilterFile | undefined> {
  const status = await stat(text).catch(() => undefined);
  if (!status?.isFile()) {
    const rank = parseRank(text, where);
    return rank && { rank };
  }
  if (status.size > KERNEL_LIMIT_BYTES) return undefined;
  // Of what cannot be read, whoever reads it as a kernel says why.
  const bytes = await readBytes(text, 'a filter', KERNEL_LIMIT_BYTES).catch(() => new Uint8Array());
  return isFileOfKind(new TextDecoder().decode(bytes), 'filter') ? readFilterFile(text) : undefined;
}

function readFilterFile(path: string): Promise<FilterFile> {
  return readParsed(path, 'a filter', KERNEL_LIMIT_BYTES, (bytes) =>
    parseFilterFile(decodeText(bytes, 'text', 'a filter')),
  );
}

/**
 * What a filter that is no kernel, `--luma`, `--threshold` and `--curve` ask for; undefined where none of them is given.
 *
 * @param filtering the kernel's, for which the identity stands in
 * @throws ExpectationError where they do not go together
 */
export async function specialOf(
  { luma, threshold, curve }: SpecialArguments,
  filter: FilterFile | undefined,
  filtering: Filtering,
  { rounding, linear }: { readonly rounding: Rounding; readonly linear: boolean },
): Promise<Special | undefined> {
  if (luma && linear) throw new ExpectationError('Expected --luma or --linear, as luma is of stored samples');
  if (curve !== undefined && linear) {
    throw new ExpectationError('Expected --curve or --linear, as a curve is of stored samples');
  }
  if (threshold !== undefined && !(threshold >= 0 && threshold <= 1)) {
    throw expected('a number from 0 to 1, in units of white,', '--threshold', threshold);
  }
  if (filter !== undefined && (luma || threshold !== undefined)) {
    throw new ExpectationError('Expected a kernel for --luma and --threshold but received a filter that is none');
  }
  if (luma && threshold !== undefined) throw new ExpectationError('Expected --luma or --threshold but received both');
  const steps: ((picture: Picture) => Picture)[] = [];
  if (filter !== undefined) {
    if ('rank' in filter) steps.push(ranked(filter.rank, filtering));
    else if ('passes' in filter) steps.push(inPasses(filter.passes, filtering));
    else steps.push(curved(filter.curve));
  } else if (luma) steps.push((picture) => filterLuma(picture, filtering, rounding));
  else if (threshold !== undefined) steps.push((picture) => filterBeyond(picture, filtering, threshold));
  const last = curve === undefined ? undefined : await curveArgument(curve);
  if (last !== undefined) steps.push(curved(last));
  if (steps.length === 0) return undefined;
  return {
    isInstead: filter !== undefined || luma || threshold !== undefined,
    apply: (picture) => steps.reduce((made, step) => step(made), picture),
    told: {
      ...(luma && { luma }),
      ...(threshold !== undefined && { threshold }),
      ...(curve !== undefined && { curve }),
    },
  };
}

function ranked(rank: RankFilter, { how, leavesRim }: Filtering): (picture: Picture) => Picture {
  return (picture) => {
    const planes = rankFilter(picture.planes, rank, how.border ?? 'replicate');
    return { ...picture, planes: leavesRim ? withRimOf(picture.planes, planes, rank) : planes };
  };
}

function inPasses(passes: RoundedPasses, { how, leavesRim }: Filtering): (picture: Picture) => Picture {
  return (picture) => {
    if (picture.depth === 32) {
      throw expected('whole samples for passes that are rounded one by one', 'a picture', 'floats');
    }
    const planes = roundedPasses(picture.planes, passes, how.border ?? 'replicate');
    const side = passes.times * (passes.taps.length - 1) + 1;
    const window = { height: side, width: side };
    return { ...picture, planes: leavesRim ? withRimOf(picture.planes, planes, window) : planes };
  };
}

/** Samples whose window leaves the picture as they were. */
function withRimOf(before: Picture['planes'], after: Picture['planes'], { height, width }: Window): Picture['planes'] {
  const [rows, columns] = [(height - 1) / 2, (width - 1) / 2];
  const data = after.data.map((value, i) => {
    const row = Math.floor(i / after.width) % after.height;
    const column = i % after.width;
    const isInside = row >= rows && row < after.height - rows && column >= columns && column < after.width - columns;
    return isInside ? value : before.data[i];
  });
  return { ...after, data };
}

function curved(curve: ToneCurve): (picture: Picture) => Picture {
  return (picture) => ({ ...picture, planes: applyCurve(picture.planes, curve) });
}

/** `gamma:0.6`, `gamma:1/1.4`, or the path of a filter file that holds a curve. */
async function curveArgument(text: string): Promise<ToneCurve> {
  const [, numerator, denominator = '1'] = /^gamma:(\d*\.?\d+)(?:\/(\d*\.?\d+))?$/.exec(text) ?? [];
  if (numerator !== undefined) {
    const gamma = Number(numerator) / Number(denominator);
    if (gamma > 0 && gamma < Number.POSITIVE_INFINITY) return { gamma };
  }
  const status = await stat(text).catch(() => undefined);
  if (!status?.isFile()) throw expected('gamma:0.6, gamma:1/1.4, or the file of a curve', '--curve', text);
  const file = await readFilterFile(text);
  if ('curve' in file) return file.curve;
  throw expected('the file of a curve', '--curve', `${'rank' in file ? `a ${file.rank.rank}` : 'passes'}, ${text}`);
}
