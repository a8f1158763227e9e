import type { Detector, DetectorKernel } from '../../edges/detector/detector.ts';
import { isNamed, type KernelDetector } from '../../edges/detector/detector.ts';
import type { Threshold } from '../../edges/thresholds/threshold.ts';
import { formatKernel } from '../../kernels/format.ts';
import { formatBorder } from '../../planes/border.ts';
import { detectorSteps } from './detectorSteps.ts';

const RESPONSES: Readonly<Record<KernelDetector['response'], string>> = {
  clamp: 'the response (0 where it is negative)',
  abs: 'the absolute response',
  l2: 'the magnitude (L2) of the responses',
  hypot: 'the magnitude (L2) of the responses',
  l1: 'the sum of the absolute responses',
  max: 'the largest of the absolute responses',
  strongest: 'the strongest of the responses',
};

/** What a detector does, in one line. */
export function describeDetector(detector: Detector): string {
  if (isNamed(detector)) return `our own ${detector.operator}`;
  const { kernels, response, thin, threshold, low, high } = detector;
  const lines = [
    ...(thin === undefined ? [] : ['thinned to lines']),
    ...(threshold === undefined ? [] : [`above the threshold ${levelText(threshold)}`]),
    ...(low === undefined && high === undefined ? [] : [hysteresisText(low, high)]),
  ];
  return [`${RESPONSES[response]} of ${kernelsText(kernels)}`, ...lines].join(', ');
}

function hysteresisText(low: Threshold | undefined, high: Threshold | undefined): string {
  const levels = [
    ...(low === undefined ? [] : [`low ${levelText(low)}`]),
    ...(high === undefined ? [] : [`high ${levelText(high)}`]),
  ];
  return `with hysteresis, ${levels.join(', ')}`;
}

/** `12%` and the like as they are written. */
function levelText(level: Threshold): string {
  return typeof level === 'number' ? `${Number(level.toPrecision(6))} of white` : level;
}

const COUNTS: Readonly<Record<number, string>> = { 2: 'two', 3: 'three', 4: 'four', 8: 'eight' };

function kernelsText(kernels: readonly DetectorKernel[]): string {
  const sizes = new Set(kernels.map(({ height, width }) => `${height}×${width}`));
  const [count, ending] = kernels.length === 1 ? ['one', ''] : [COUNTS[kernels.length] ?? kernels.length, 's'];
  return `${count} ${[...sizes].join(' and ')} kernel${ending}`;
}

/** Each step of a detector that is not left out, for lists of facts. */
export function detectorFacts(detector: Detector): Record<string, unknown> {
  const { name, from, rounding, learned } = detector;
  const made = from && { program: from.program, call: from.call.split('\n') };
  if (isNamed(detector)) {
    const { operator, options } = detector;
    return {
      name,
      operator,
      ...made,
      ...options,
      border: options.border && formatBorder(options.border),
      rounding,
      learned,
    };
  }
  const { kernels, response } = detector;
  return {
    name,
    ...made,
    kernels: kernelsText(kernels),
    response: RESPONSES[response],
    ...detectorSteps(detector),
    rounding,
    learned,
  };
}

/** A detector's kernels as tables in lines of text, an empty one before each; nothing where it has a name of ours instead. */
export function detectorTables(detector: Detector): string[] {
  return isNamed(detector) ? [] : detector.kernels.flatMap((k) => ['', ...tableOf(k)]);
}

function tableOf({ channels, height, width, taps }: DetectorKernel): string[] {
  const weights = Float32Array.from(taps);
  const bias = new Float32Array(1);
  const k = { outChannels: 1, inChannels: channels, height, width, weights, bias };
  return formatKernel(k, 'table').trimEnd().split('\n');
}
