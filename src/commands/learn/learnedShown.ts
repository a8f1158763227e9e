import { type Detector, isNamed, type KernelDetector } from '../../edges/detector/detector.ts';
import type { KernelFile } from '../../kernels/file.ts';
import { KERNEL_NOTATIONS } from '../../kernels/format.ts';
import type { Kernel } from '../../kernels/kernel.ts';
import { ExpectationError } from '../../planes/expected.ts';
import type { LearnedShown, TapsShown } from '../../report/data.ts';
import { describeDetector } from '../shared/describeDetector.ts';
import { DETECTOR_NOTATIONS, detectorIn } from '../shared/detectorIn.ts';
import { kernelIn } from '../shared/kernelIn.ts';
import { detectorFactsTold } from './detectorSummary.ts';
import type { FoundDetector, FoundKernel, FoundModel } from './learnAs.ts';
import type { PairPaths } from './learnPairs.ts';
import { isExact, learnFacts, learnHeadline } from './learnSummary.ts';

/** What a page shows of a kernel that was learned. */
export function kernelShown(
  { kernel: { kernel, method, report, history }, tried }: FoundKernel,
  pairs: readonly PairPaths[],
  file: KernelFile,
  command: string,
): LearnedShown {
  return {
    headline: learnHeadline(kernel, method),
    facts: learnFacts({ kernel, report, pairs }).map(([name, text]) => [name, [text]]),
    notes: [...report.notes, ...tried.map((one) => `Tried: ${one}.`)],
    kernels: tapsShown(kernel, isExact(report.certificate) ? undefined : report.standardErrors),
    notations: notationsOf(file),
    command,
    losses: history.map((loss, i) => ({ step: i + 1, loss })),
  };
}

/** What a page shows of a detector that was learned. */
export function detectorShown(
  { detector: { detector, report }, tried }: FoundDetector,
  pairs: readonly PairPaths[],
  command: string,
): LearnedShown {
  return {
    headline: `learned a detector, ${describeDetector(detector)}`,
    facts: detectorFactsTold({ detector, report, pairs }),
    notes: [...report.notes, ...tried.map((one) => `Tried: ${one}.`)],
    kernels: isNamed(detector) ? [] : detectorTaps(detector),
    notations: detectorNotations(detector),
    command,
    losses: [],
  };
}

/** What a page shows of a stack of layers that was learned. */
export function modelShown({ layers, report, losses }: FoundModel, command: string): LearnedShown {
  const told = ({ r2, rms }: { r2: number; rms: number }): string =>
    `R² ${r2.toFixed(6)}, rms ${Number(rms.toPrecision(3))} of white`;
  return {
    headline: `learned a stack of layers, ${layers}`,
    facts: [
      ['fit', [`${told(report)} over ${report.samples.toLocaleString('en')} samples, after ${report.epochs} epochs`]],
      ...(report.heldOut === undefined ? [] : [['held out', [told(report.heldOut)]] as const]),
    ],
    notes: [],
    kernels: [],
    notations: [],
    command,
    losses,
  };
}

/** A detector in every notation, or why there is no room for it. */
export function detectorNotations(detector: Detector): LearnedShown['notations'] {
  return DETECTOR_NOTATIONS.map((name) => ({ name, ...attempted(() => detectorIn(detector, name)) }));
}

/** A kernel in every notation that is text, or why there is no room for it. */
export function notationsOf(file: KernelFile): LearnedShown['notations'] {
  return KERNEL_NOTATIONS.filter((name) => name !== 'npy').map((name) => ({
    name,
    ...attempted(() => kernelIn(file, name) as string),
  }));
}

/** A kernel's taps, a table for each output and each input channel. */
export function tapsShown(
  { outChannels, inChannels, groups = 1, height, width, weights }: Kernel,
  errors?: readonly number[],
): TapsShown[] {
  const size = height * width;
  return Array.from({ length: outChannels * inChannels }, (_, at) => {
    const output = Math.floor(at / inChannels);
    const input = Math.floor(output / (outChannels / groups)) * inChannels + (at % inChannels);
    const label = outChannels * inChannels === 1 ? 'taps' : `from channel ${input} to channel ${output}`;
    const part = errors?.slice(at * size, (at + 1) * size);
    const isKnown = part !== undefined && part.length === size && part.every(Number.isFinite);
    return {
      label,
      height,
      width,
      taps: Array.from(weights.subarray(at * size, (at + 1) * size)),
      ...(isKnown ? { errors: part } : {}),
    };
  });
}

/** The taps of a detector's kernels, a table for each channel. */
export function detectorTaps({ kernels }: KernelDetector): TapsShown[] {
  return kernels.flatMap(({ channels, height, width, taps }, k) =>
    Array.from({ length: channels }, (_, c) => ({
      label: `kernel ${k + 1}${channels === 1 ? '' : `, channel ${c}`}`,
      height,
      width,
      taps: Array.from(taps.subarray(c * height * width, (c + 1) * height * width)),
    })),
  );
}

/** A text, or why it cannot be written. */
function attempted(write: () => string): { text: string } | { refused: string } {
  try {
    return { text: write() };
  } catch (error) {
    if (error instanceof ExpectationError) return { refused: error.message };
    throw error;
  }
}
