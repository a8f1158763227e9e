import { type Detector, type DetectorKernel, formatBorder, formatKernel } from '../../core.ts';
import { type ColorMix, isNamed, type KernelDetector } from '../../edges/detector/detector.ts';
import type { Border } from '../../planes/border.ts';

const RESPONSES: Readonly<Record<KernelDetector['response'], string>> = {
  clamp: 'the response',
  abs: 'the absolute response',
  l2: 'the length of the responses',
  hypot: 'the length of the responses',
  l1: 'the sum of the absolute responses',
  max: 'the largest of the absolute responses',
  strongest: 'the strongest of the responses',
};

/** What a detector does, in one line. */
export function describeDetector(detector: Detector): string {
  if (isNamed(detector)) return `our own ${detector.operator}`;
  const { kernels, response, thin, threshold, low, high } = detector;
  const lines = [
    ...(thin === undefined ? [] : ['thin']),
    ...(threshold === undefined ? [] : [`above ${levelText(threshold)}`]),
    ...(low === undefined && high === undefined
      ? []
      : [`linked from ${[low, high].flatMap((one) => (one === undefined ? [] : [levelText(one)])).join(' to ')}`]),
  ];
  return [`${RESPONSES[response]} of ${kernelsText(kernels)}`, ...lines].join(', ');
}

/** `12%` and the like as they are written. */
function levelText(level: number | string): string {
  return typeof level === 'number' ? String(Number(level.toPrecision(6))) : level;
}

function kernelsText(kernels: readonly DetectorKernel[]): string {
  const sizes = new Set(kernels.map(({ height, width }) => `${height}×${width}`));
  return `${kernels.length} kernel${kernels.length === 1 ? '' : 's'} of ${[...sizes].join(' and ')}`;
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
  const {
    kernels,
    response,
    border,
    color,
    smoothing,
    parts,
    name: _,
    from: __,
    learned: ___,
    rounding: ____,
    ...steps
  } = detector;
  return {
    name,
    ...made,
    kernels: kernelsText(kernels),
    response: RESPONSES[response],
    color: typeof color === 'object' ? mixText(color) : color,
    smoothing: smoothing && JSON.stringify(smoothing),
    parts: parts && JSON.stringify(parts),
    ...steps,
    border: borderText(border),
    rounding,
    learned,
  };
}

function mixText({ mix, rounding, smoothed }: ColorMix): string {
  const weights = mix.map((weight, c) => `${Number(weight.toPrecision(6))} ${'RGB'[c]}`).join(', ');
  const rounded = rounding === undefined ? weights : `${weights}, rounded (${rounding})`;
  return smoothed === true ? `${rounded}, after smoothing` : rounded;
}

function borderText(border: KernelDetector['border']): string | undefined {
  if (border === undefined || border === 'copied' || border === 'black') return border;
  return Array.isArray(border)
    ? border.map((one: Border) => formatBorder(one)).join(' above and left, ') + ' below and right'
    : formatBorder(border as Border);
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
