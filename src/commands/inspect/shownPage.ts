import type { Detector } from '../../edges/detector/detector.ts';
import { isNamed } from '../../edges/detector/detector.ts';
import type { KernelFile } from '../../kernels/file.ts';
import type { LearnedShown } from '../../report/data.ts';
import { detectorNotations, detectorTaps, notationsOf, tapsShown } from '../learn/learnedShown.ts';
import { describeDetector, detectorFacts } from '../shared/describeDetector.ts';
import { shellQuote } from '../shared/shellQuote.ts';
import { inWords } from './factLines.ts';
import { kernelFacts } from './kernelFacts.ts';
import { learnedRows } from './learnedLines.ts';

/** What a page shows of a kernel. */
export function kernelPage(file: KernelFile, source: string): LearnedShown {
  const { learned, height, width, inChannels, outChannels, ...facts } = kernelFacts(file);
  return {
    headline: `kernel ${file.kernel.name ?? source}`,
    facts: rowsOf({ taps: `${height}×${width}`, channels: `${inChannels} → ${outChannels}`, ...facts }, learned),
    notes: [],
    kernels: tapsShown(file.kernel, errorsOf(learned, file)),
    notations: notationsOf(file),
    command: ['corr2d', 'filter', 'photos', '-k', source, '-o', 'filtered'].map((word) => shellQuote(word)).join(' '),
    losses: [],
  };
}

/** What a page shows of a detector. */
export function detectorPage(detector: Detector, source: string): LearnedShown {
  const { learned, ...facts } = detectorFacts(detector);
  return {
    headline: `detector: ${describeDetector(detector)}`,
    facts: rowsOf(facts, learned),
    notes: [],
    kernels: isNamed(detector) ? [] : detectorTaps(detector),
    notations: detectorNotations(detector),
    command: ['corr2d', 'detect', 'photos', '--operator', source, '-o', 'edges']
      .map((word) => shellQuote(word))
      .join(' '),
    losses: [],
  };
}

function rowsOf(facts: Readonly<Record<string, unknown>>, learned: unknown): [string, readonly string[]][] {
  const all = { ...facts, ...(learned === undefined ? {} : learnedRows(learned)) };
  return Object.entries(all)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [name, inWords(value)]);
}

/** The standard errors that a file states, where they are as many as its taps (and biases). */
function errorsOf(learned: unknown, { kernel: { weights } }: KernelFile): readonly number[] | undefined {
  const { standardErrors } = (learned ?? {}) as { standardErrors?: unknown };
  const isList = Array.isArray(standardErrors) && standardErrors.every((one) => typeof one === 'number');
  return isList && standardErrors.length >= weights.length ? standardErrors : undefined;
}
