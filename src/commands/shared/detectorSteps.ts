import { type ColorMix, type DetectorSmoothing, type KernelDetector, passesOf } from '../../edges/detector/detector.ts';
import { type Border, formatBorder } from '../../planes/border.ts';

/** The steps of a detector that is made of kernels, each in words under the name that its file has for it; those it leaves out undefined. */
export function detectorSteps(detector: KernelDetector): Record<string, string | number | undefined> {
  const { samples, color, parts, scale, divisor, offset, arithmetic, thin, threshold, low, high } = detector;
  const { reached, link, strengths, inverted, border, rim } = detector;
  return {
    samples: samples && SAMPLES[samples],
    color: typeof color === 'object' ? mixText(color) : color && COLORS[color],
    smoothing: smoothingText(detector),
    parts: parts && partsText(parts),
    scale: typeof scale === 'string' ? SCALES[scale] : scale,
    divisor,
    offset,
    arithmetic,
    thin: thin && THIN[thin],
    threshold,
    low,
    high,
    reached: reached === true ? 'a response equal to a threshold counts as above it' : undefined,
    link: link && LINKS[link],
    strengths: strengths === true ? 'edges keep their responses rather than become white' : undefined,
    inverted: inverted === true ? 'dark edges on white' : undefined,
    border: border && borderText(border),
    rim: rim === undefined || rim === 0 ? undefined : rimText(rim),
  };
}

const SAMPLES: Readonly<Record<NonNullable<KernelDetector['samples']>, string>> = {
  stored: 'as they are stored',
  unit: 'from 0 to 1',
  'sixteen-bit': 'from 0 to 65535, as in ImageMagick',
};

const COLORS: Readonly<Record<Exclude<NonNullable<KernelDetector['color']>, ColorMix>, string>> = {
  swscale: 'the grey that FFmpeg makes of RGB (swscale)',
  max: 'the strongest channel (max); of equals the gradient of the first',
  'max-bgr': "the strongest channel (max-bgr); of equals the gradient of the last, as in OpenCV's Canny",
  each: 'a map for each channel (each)',
  length: 'the length of the responses of all channels (length)',
};

const SCALES: Readonly<Record<'largest' | 'range', string>> = {
  largest: "the picture's largest response becomes white (largest)",
  range: "the picture's smallest response becomes 0, its largest white (range)",
};

const THIN: Readonly<Record<NonNullable<KernelDetector['thin']>, string>> = {
  interpolated: "largest along the gradient, between neighbours, as in scikit-image's canny (interpolated)",
  sectors: "largest in the nearest of four directions, as in OpenCV's Canny (sectors)",
  strict: "larger than both neighbours in the nearest of four directions, as in FFmpeg's edgedetect (strict)",
  weak: "not smaller than either neighbour in the nearest of four directions, as in ImageMagick's -canny (weak)",
};

const LINKS: Readonly<Record<NonNullable<KernelDetector['link']>, string>> = {
  connected: 'through any number of samples above low (connected)',
  sides: 'through any number of samples above low, never from corner to corner (sides)',
  adjacent: 'only beside a sample above high (adjacent)',
  traced: "followed as in ImageMagick's -canny, which passes over some samples (traced)",
};

function mixText({ mix, rounding, smoothed, weighted }: ColorMix): string {
  const weights = mix
    .map((weight, c) => ({ weight, letter: 'RGB'[c] }))
    .filter(({ weight }) => weight !== 0)
    .map(({ weight, letter }) => (weight === 1 ? letter : `${shortNumber(weight)} ${letter}`));
  return [
    weights.join(' + '),
    ...(rounding === undefined ? [] : [`rounded (${rounding})`]),
    ...(smoothed === true ? ['after smoothing'] : []),
    ...(weighted === true ? ['the grey weighted again as three equal channels'] : []),
  ].join(', ');
}

function smoothingText(detector: KernelDetector): string | undefined {
  const passes = passesOf(detector);
  return passes.length === 0 ? undefined : passes.map(passText).join('; then ');
}

/** More taps are not read on a line. */
const MOST_SHOWN = 7;

function passText(pass: DetectorSmoothing): string {
  const { border = 'replicate', rounding } = pass;
  return [
    tapsText(pass),
    border === 'inside'
      ? 'mean of the samples in the picture'
      : `border ${border === 'copied' ? 'left as it is (copied)' : borderText(border)}`,
    ...(rounding === undefined ? [] : [`rounded (${rounding})`]),
  ].join(', ');
}

function tapsText(pass: DetectorSmoothing): string {
  if ('column' in pass) {
    const { column, row } = pass;
    return String(column) === String(row)
      ? `${lineText(column)} down columns and along rows`
      : `${lineText(column)} down columns, ${lineText(row)} along rows`;
  }
  const { taps, divisor = 1 } = pass;
  const over = divisor === 1 ? '' : ` over ${divisor}`;
  if (taps.length === 1) return `${lineText(taps[0])}${over} along rows`;
  if (taps[0].length === 1) return `${lineText(taps.map(([tap]) => tap))}${over} down columns`;
  const [[first]] = taps;
  const alike = taps.every((row) => row.every((tap) => tap === first));
  return `${taps.length}×${taps[0].length} taps${alike ? ` of ${shortNumber(first)}` : ''}${over}`;
}

function lineText(taps: readonly number[]): string {
  return taps.length > MOST_SHOWN ? `${taps.length} taps` : `taps ${taps.map(shortNumber).join(' ')}`;
}

function partsText({ scale = 1, rounding, saturated = false }: NonNullable<KernelDetector['parts']>): string {
  return [
    saturated ? 'each absolute response' : 'each response',
    ...(scale === 1 ? [] : [`times ${shortNumber(scale)}`]),
    `rounded (${rounding})`,
    ...(saturated ? ['at most white'] : []),
  ].join(', ');
}

function borderText(border: NonNullable<KernelDetector['border']>): string {
  if (border === 'copied') return 'samples whose windows leave the picture are its own (copied)';
  if (border === 'black') return 'samples whose windows leave the picture are 0 (black)';
  return Array.isArray(border)
    ? border.map((one: Border) => formatBorder(one)).join(' above and left, ') + ' below and right'
    : formatBorder(border as Border);
}

function rimText(rim: number): string {
  return rim === 1
    ? 'the outermost row or column of each side is 0'
    : `the ${rim} outermost rows or columns of each side are 0`;
}

function shortNumber(value: number): string {
  return String(Number(value.toPrecision(6)));
}
