import { LUMA_WEIGHTS } from '../../correlate/luma.ts';
import { BORDER_TYPES } from '../../kernels/opencv.ts';
import type { Border } from '../../planes/border.ts';
import { expected } from '../../planes/expected.ts';
import { inSamples } from './applyDetector.ts';
import { checkDetector } from './checkDetector.ts';
import {
  type ColorMix,
  type Detector,
  type DetectorBorder,
  type DetectorKernel,
  type DetectorRounding,
  type DetectorSmoothing,
  isNamed,
  type KernelDetector,
  passesOf,
  reachOfKernels,
  seesApart,
} from './detector.ts';
import { nestedTaps } from './detectorFile.ts';

/**
 * A Python script that makes an array `after` of 8-bit samples of an array `before` with OpenCV and NumPy: the call that the detector stands
 * for, where it is one of OpenCV, else its steps, with sums in the order in which the detector has them, so that every sample is the same:
 * OpenCV's own `filter2D` has another order, which decides about samples that are all but halves.
 *
 * @throws ExpectationError for our own operators, and for lines that OpenCV does not have
 * @example
 * formatDetectorScript({ kernels: [detectorKernel([[-1, 1]])], response: 'abs', rounding: 'nearest' }).includes('cv2.copyMakeBorder') // true
 */
export function formatDetectorScript(detector: Detector): string {
  checkDetector(detector);
  const head = ['import cv2', 'import numpy as np', ''];
  if (detector.from?.program === 'OpenCV') return `${[...head, `after = ${detector.from.call}`].join('\n')}\n`;
  if (isNamed(detector)) {
    throw expected(
      "a detector that states its kernels, or a call of OpenCV's",
      'the opencv notation',
      `our own ${detector.operator}`,
    );
  }
  if (detector.thin !== undefined || detector.low !== undefined || detector.high !== undefined) {
    throw expected(
      'a detector without thin or linked lines of its own',
      'the opencv notation',
      detector.thin ?? 'linked lines',
    );
  }
  if (detector.samples === 'sixteen-bit')
    throw expected('samples as they are stored, or in units of white', 'the opencv notation', detector.samples);
  if (typeof detector.color === 'object' && (detector.color.smoothed || detector.color.weighted))
    throw expected('colours that are mixed first, and once', 'the opencv notation', 'smoothed or weighted');
  return `${[...head, ...stepsOf(detector)].join('\n')}\n`;
}

function stepsOf(detector: KernelDetector): string[] {
  const { kernels, color = { mix: LUMA_WEIGHTS } } = detector;
  const passes = passesOf(detector);
  const seesAll = kernels[0].channels === 3;
  const apart = seesAll || seesApart(color);
  return [
    'h, w = before.shape[:2]',
    '',
    '',
    ...CORRELATE,
    ...(passes.some((pass) => 'column' in pass) ? SMOOTH : []),
    ...planeLines(detector, apart),
    ...passes.flatMap(smoothingLines),
    ...kernels.map((k, i) => `k${i} = np.array(${JSON.stringify(nestedTaps(k))}, np.float64)`),
    '',
    ...correlationLines(detector, seesAll),
    ...responseLines(detector, seesAll),
    ...storeLines(detector),
  ];
}

/** Sums in the order channel, row, column, of taps that are not 0. */
const CORRELATE: readonly string[] = [
  'def correlate(images, taps, row, column):',
  '    sums = np.zeros((h, w), images[0].dtype)',
  '    for image, plane in zip(images, taps):',
  '        for (r, c), tap in np.ndenumerate(plane):',
  '            if tap != 0:',
  '                sums += sums.dtype.type(tap) * image[row + r : row + r + h, column + c : column + c + w]',
  '    return sums',
  '',
  '',
];

/** The middle first, then pairs from the outside in. */
const SMOOTH: readonly string[] = [
  'def smooth(image, taps, down, border):',
  '    half = len(taps) // 2',
  '    rows, columns = (half, 0) if down else (0, half)',
  '    large = cv2.copyMakeBorder(image, rows, rows, columns, columns, border)',
  '    parts = [large[i : i + h] if down else large[:, i : i + w] for i in range(len(taps))]',
  '    sums = parts[half] * taps[half]',
  '    for i in range(half):',
  '        sums += (parts[i] + parts[-1 - i]) * taps[i]',
  '    return sums',
  '',
  '',
];

/** The planes that kernels see, in a list. */
function planeLines({ color = { mix: LUMA_WEIGHTS }, samples, arithmetic }: KernelDetector, apart: boolean): string[] {
  const times = samples === 'unit' ? ' * (1 / 255)' : '';
  const channels = [
    'channels = [before] if before.ndim == 2 else [before[..., c] for c in (2, 1, 0)]  # red, green, blue',
  ];
  const type = arithmetic === 'float32' ? 'np.float32' : 'np.float64';
  const floats = `planes = [c.astype(${type})${times} for c in channels]`;
  if (apart) return [...channels, floats];
  if (color === 'swscale')
    throw expected('a weighted sum of colours', 'the opencv notation', 'the brightness of swscale');
  const { mix, rounding } = color as ColorMix;
  const sum = (of: string): string => mix.map((weight, c) => `${of}[${c}] * ${weight}`).join(' + ');
  if (rounding === undefined) {
    return [...channels, floats, 'if len(planes) == 3:', `    planes = [${sum('planes')}]`];
  }
  return [
    ...channels,
    `planes = [c.astype(${type}) for c in channels]`,
    'if len(planes) == 3:',
    `    planes = [np.clip(${rounded(sum('planes'), rounding)}, 0, 255)]`,
    ...(times === '' ? [] : [`planes = [p${times} for p in planes]`]),
  ];
}

function rounded(value: string, rounding: DetectorRounding): string {
  if (rounding === 'nearest') return `np.rint(${value})`;
  return rounding === 'truncate' ? `np.trunc(${value})` : `np.floor(${value} + 0.5)`;
}

function smoothingLines(smoothing: DetectorSmoothing): string[] {
  const { border = 'replicate', rounding } = smoothing;
  if (border === 'copied') throw expected('another border', 'smoothing in the opencv notation', border);
  const type = `cv2.${border === 'inside' ? 'BORDER_CONSTANT' : typeOf(border)}`;
  const lines: string[] = [];
  let filter: (image: string) => string;
  if ('taps' in smoothing) {
    const { taps, divisor } = smoothing;
    const [rows, columns] = [(taps.length - 1) / 2, (taps[0].length - 1) / 2];
    lines.push(`blur = np.array(${JSON.stringify(taps)}, np.float64)`);
    const large = (image: string): string =>
      `cv2.copyMakeBorder(${image}, ${rows}, ${rows}, ${columns}, ${columns}, ${type})`;
    filter = (image) => `correlate([${large(image)}], [blur], 0, 0)${divisor === undefined ? '' : ` / ${divisor}`}`;
  } else {
    lines.push(`column, line = ${JSON.stringify(smoothing.column)}, ${JSON.stringify(smoothing.row)}`);
    filter = (image) => `smooth(smooth(${image}, column, True, ${type}), line, False, ${type})`;
  }
  const own = border === 'inside' ? `${filter('p')} / (${filter('np.ones_like(p)')} + 2**-52)` : filter('p');
  const made = rounding === undefined ? own : `np.clip(${rounded(own, rounding)}, 0, 255)`;
  return [...lines, `planes = [${made} for p in planes]`];
}

function typeOf(border: Border): string {
  if (typeof border === 'object')
    throw expected('a border of a name', 'the opencv notation', `constant:${border.constant}`);
  return BORDER_TYPES[border];
}

/** `parts`: of each plane (of all, where kernels see all) a list of correlations. */
function correlationLines(
  { kernels, border = 'replicate', parts, samples }: KernelDetector,
  seesAll: boolean,
): string[] {
  const { top, bottom, left, right } = reachOfKernels(kernels);
  const enlarged = enlargement(border, { top, bottom, left, right });
  const one = (k: DetectorKernel, taps: string, images: string): string =>
    `correlate(${images}, ${taps}, ${top - Math.ceil((k.height - 1) / 2)}, ${left - Math.ceil((k.width - 1) / 2)})`;
  const each = kernels.map((k, i) => (seesAll ? one(k, `k${i}`, 'large') : one(k, `[k${i}]`, '[p]')));
  const lines = [`large = [${enlarged} for p in planes]`];
  lines.push(seesAll ? `parts = [[${each.join(', ')}]]` : `parts = [[${each.join(', ')}] for p in large]`);
  if (parts !== undefined) {
    const { scale = 1, rounding, saturated = false } = parts;
    const value = `${saturated ? 'np.abs(a)' : 'a'}${scale === 1 ? '' : ` * ${scale}`}`;
    const made = saturated
      ? `np.minimum(${rounded(value, rounding)}, ${samples === 'unit' ? 1 : 255})`
      : rounded(value, rounding);
    lines.push(`parts = [[${made} for a in own] for own in parts]`);
  }
  return lines;
}

function enlargement(border: DetectorBorder, { top, bottom, left, right }: ReturnType<typeof reachOfKernels>): string {
  const make = (image: string, sides: readonly number[], rule: Border): string =>
    `cv2.copyMakeBorder(${[image, ...sides, `cv2.${typeOf(rule)}`].join(', ')})`;
  if (!Array.isArray(border)) {
    // What is copied or black there is never seen.
    const rule = border === 'copied' || border === 'black' ? 'replicate' : (border as Border);
    return make('p', [top, bottom, left, right], rule);
  }
  const [near, far] = border as readonly [Border, Border];
  return make(make('p', [top, 0, left, 0], near), [0, bottom, 0, right], far);
}

function responseLines({ response, color, arithmetic }: KernelDetector, seesAll: boolean): string[] {
  const joined: Readonly<Record<KernelDetector['response'], string>> = {
    l2: 'np.sqrt(sum(a * a for a in own))',
    hypot: 'np.hypot(*own)',
    l1: 'sum(np.abs(a) for a in own)',
    abs: 'np.abs(own[0])',
    clamp: 'np.maximum(own[0], 0)',
    max: 'np.max([np.abs(a) for a in own], axis=0)',
    strongest: 'np.maximum(np.max(own, axis=0), 0)',
  };
  // Of numbers of Float32 the responses are, what is done to them later is not.
  const single = arithmetic === 'float32' ? ['sizes = [s.astype(np.float64) for s in sizes]'] : [];
  if (color === 'length' && !seesAll)
    return ['own = [a for one in parts for a in one]', `sizes = [${joined.l2}]`, ...single];
  const strongest = (color === 'max' || color === 'max-bgr') && !seesAll ? ['sizes = [np.max(sizes, axis=0)]'] : [];
  return [`sizes = [${joined[response]} for own in parts]`, ...strongest, ...single];
}

function storeLines(detector: KernelDetector): string[] {
  const { scale = 1, divisor = 1, offset = 0, samples, threshold, rounding, reached, inverted } = detector;
  const lines: string[] = [];
  if (divisor !== 1) lines.push(`sizes = [s / ${divisor} for s in sizes]`);
  if (scale === 'largest') lines.push('sizes = [s / max(s.max() for s in sizes) * 255 for s in sizes]');
  else if (scale === 'range') {
    lines.push(
      'low, high = min(s.min() for s in sizes), max(s.max() for s in sizes)',
      'sizes = [(s - low) / (high - low) * 255 for s in sizes]',
    );
  } else if (scale !== 1) lines.push(`sizes = [s * ${scale} for s in sizes]`);
  if (samples === 'unit' && typeof scale === 'number') lines.push('sizes = [s * 255 for s in sizes]');
  if (offset !== 0) lines.push(`sizes = [s + ${offset} * 255 for s in sizes]`);
  if (detector.arithmetic === 'float32') lines.push('sizes = [s.astype(np.float32) for s in sizes]');
  if (threshold !== undefined) {
    if (typeof threshold !== 'number') throw expected('a threshold that is a number', 'the opencv notation', threshold);
    lines.push(`maps = [np.where(s ${reached ? '>=' : '>'} ${inSamples(threshold, 255)}, 255, 0) for s in sizes]`);
  } else lines.push(`maps = [np.clip(${rounded('s', rounding ?? 'nearest')}, 0, 255) for s in sizes]`);
  lines.push(...rimLines(detector));
  if (inverted) lines.push('maps = [255 - m for m in maps]');
  lines.push('after = np.uint8(maps[0] if len(maps) == 1 else cv2.merge(maps[::-1]))');
  return lines;
}

function rimLines({ border, rim = 0, kernels, samples }: KernelDetector): string[] {
  if (border !== 'copied' && border !== 'black' && rim === 0) return [];
  const sides =
    border === 'copied' || border === 'black'
      ? reachOfKernels(kernels)
      : { top: rim, bottom: rim, left: rim, right: rim };
  const { top, bottom, left, right } = sides;
  const inside = `inside[${top}:before.shape[0] - ${bottom}, ${left}:before.shape[1] - ${right}] = True`;
  const outside = border === 'copied' ? `planes[i]${samples === 'unit' ? ' * 255' : ''}` : '0';
  return [
    'inside = np.zeros(before.shape[:2], bool)',
    inside,
    `maps = [np.where(inside, m, ${outside}) for i, m in enumerate(maps)]`,
  ];
}
