import { LARGEST_SIDE } from '../../kernels/kernel.ts';
import { parseBorder } from '../../planes/border.ts';
import { expectChoice, expected, expectInteger } from '../../planes/expected.ts';
import { typedArrayName } from '../../planes/typedArrays.ts';
import { kernelOperatorNames } from '../operators/operators.ts';
import { parseThreshold } from '../thresholds/threshold.ts';
import {
  DETECTOR_ARITHMETICS,
  DETECTOR_COLORS,
  type Detector,
  DETECTOR_LINKS,
  DETECTOR_RESPONSES,
  DETECTOR_ROUNDINGS,
  DETECTOR_SAMPLES,
  type DetectorColor,
  type DetectorKernel,
  type DetectorSmoothing,
  isNamed,
  type KernelDetector,
  type NamedDetector,
  THIN_RULES,
} from './detector.ts';

/**
 * Refuses a detector that cannot be applied as it is written, or a field of it that would have no effect.
 *
 * @throws ExpectationError that names the field
 */
export function checkDetector<T extends Detector>(detector: T, where = ''): T {
  const at = (field: string): string => (where === '' ? field : `${where}.${field}`);
  if (detector.rounding !== undefined) expectChoice(detector.rounding, at('rounding'), DETECTOR_ROUNDINGS);
  if (isNamed(detector)) checkNamed(detector, at);
  else checkSteps(detector, at);
  return detector;
}

type At = (field: string) => string;

function checkNamed({ operator, options, rounding }: NamedDetector, at: At): void {
  expectChoice(operator, at('operator'), kernelOperatorNames);
  if (typeof options !== 'object' || options === null) throw expected('an object', at('options'), options);
  if (rounding === 'half-up') throw expected('nearest or truncate with an operator of ours', at('rounding'), rounding);
}

/** More kernels than any compass has points are a mistake. */
const MOST_KERNELS = 64;

function checkSteps(detector: KernelDetector, at: At): void {
  const { kernels, response, color, samples, smoothing, parts, arithmetic, border } = detector;
  if (!Array.isArray(kernels) || kernels.length === 0 || kernels.length > MOST_KERNELS) {
    throw expected(`a list of 1 to ${MOST_KERNELS} kernels`, at('kernels'), kernels?.length ?? kernels);
  }
  kernels.forEach((k, i) => checkKernel(k, at(`kernels[${i}]`)));
  const [{ channels }] = kernels;
  const other = kernels.findIndex((k) => k.channels !== channels);
  if (other !== -1)
    throw expected(
      `a kernel of ${channels} channels, as kernels[0],`,
      at(`kernels[${other}]`),
      kernels[other].channels,
    );
  expectChoice(response, at('response'), DETECTOR_RESPONSES);
  const alone = response === 'clamp' || response === 'abs';
  if (alone !== (kernels.length === 1)) {
    throw expected(
      alone ? 'one kernel' : 'two kernels or more',
      `${at('kernels')} with response ${response}`,
      kernels.length,
    );
  }
  if (samples !== undefined) expectChoice(samples, at('samples'), DETECTOR_SAMPLES);
  if (color !== undefined) checkColor(color, response, channels, at);
  if (typeof color === 'object' && color.smoothed === true && smoothing === undefined)
    throw expected('smoothing with color.smoothed', at('smoothing'), 'none');
  if (response === 'hypot') checkHypot(detector, at);
  if (Array.isArray(smoothing)) {
    if (smoothing.length === 0) throw expected('one pass or more', at('smoothing'), 'none');
    smoothing.forEach((pass, i) =>
      checkSmoothing(pass, samples === 'unit', (field) => at(field.replace('smoothing', `smoothing[${i}]`))),
    );
  } else if (smoothing !== undefined) checkSmoothing(smoothing as DetectorSmoothing, samples === 'unit', at);
  if (parts !== undefined) {
    expectChoice(parts.rounding, at('parts.rounding'), DETECTOR_ROUNDINGS);
    if (parts.scale !== undefined) expectFinite(parts.scale, at('parts.scale'));
    if (parts.saturated !== undefined) expectFlag(parts.saturated, at('parts.saturated'));
    if (parts.saturated && response === 'strongest')
      throw expected('another response with parts.saturated', at('response'), response);
    if (samples === 'unit') throw expected('stored samples with parts, which are whole,', at('samples'), samples);
  }
  checkScale(detector, at);
  if (arithmetic !== undefined) expectChoice(arithmetic, at('arithmetic'), DETECTOR_ARITHMETICS);
  checkLines(detector, at);
  if (border !== undefined && border !== 'copied' && border !== 'black') {
    if (Array.isArray(border)) {
      if (border.length !== 2)
        throw expected('two borders, above and left, and below and right,', at('border'), border);
      border.forEach((one, i) => parseBorder(one, at(`border[${i}]`)));
    } else parseBorder(border, at('border'));
  }
}

function checkKernel(k: DetectorKernel, where: string): void {
  if (typeof k !== 'object' || k === null) throw expected('a kernel', where, k);
  if (k.channels !== 1 && k.channels !== 3) throw expected('1 or 3 channels', where, k.channels);
  expectInteger(k.height, `${where}.height`, 1, LARGEST_SIDE);
  expectInteger(k.width, `${where}.width`, 1, LARGEST_SIDE);
  const count = k.channels * k.height * k.width;
  if (typedArrayName(k.taps) !== 'Float64Array' || k.taps.length !== count) {
    throw expected(`a Float64Array of ${count} taps`, where, k.taps?.length ?? k.taps);
  }
  const fault = k.taps.find((tap) => !Number.isFinite(tap));
  if (fault !== undefined) throw expected('finite taps', where, fault);
}

function checkColor(color: DetectorColor, response: string, channels: number, at: At): void {
  if (channels === 3) throw expected('no color with kernels that see three channels', at('color'), color);
  if (typeof color === 'string') {
    expectChoice(color, at('color'), DETECTOR_COLORS);
    if (color === 'length' && response !== 'l2') throw expected('l2 with color length', at('response'), response);
    return;
  }
  if (typeof color !== 'object' || color === null || !Array.isArray(color.mix) || color.mix.length !== 3) {
    throw expected('{ mix: [red, green, blue] }, swscale, max, max-bgr, each or length', at('color'), color);
  }
  color.mix.forEach((weight, i) => expectFinite(weight, at(`color.mix[${i}]`)));
  if (color.rounding !== undefined) expectChoice(color.rounding, at('color.rounding'), DETECTOR_ROUNDINGS);
  if (color.smoothed !== undefined) expectFlag(color.smoothed, at('color.smoothed'));
  if (color.weighted !== undefined) expectFlag(color.weighted, at('color.weighted'));
}

function checkHypot({ kernels, arithmetic }: KernelDetector, at: At): void {
  if (kernels.length !== 2) throw expected('two kernels', `${at('kernels')} with response hypot`, kernels.length);
  if (arithmetic === 'float32') throw expected('float64 with response hypot', at('arithmetic'), arithmetic);
}

/** A longer pass is a mistake. */
const LONGEST_PASS = 255;

function checkSmoothing(smoothing: DetectorSmoothing, unit: boolean, at: At): void {
  if ('taps' in smoothing) {
    const { taps, divisor } = smoothing;
    if (!Array.isArray(taps)) throw expected('rows of taps', at('smoothing.taps'), taps);
    checkPass(taps, at('smoothing.taps'));
    taps.forEach((row, i) => {
      checkPass(row, at(`smoothing.taps[${i}]`));
      if (row.length !== taps[0].length)
        throw expected(`${taps[0].length} taps, as in the first row,`, at(`smoothing.taps[${i}]`), row.length);
      row.forEach((tap: number, j: number) => expectFinite(tap, at(`smoothing.taps[${i}][${j}]`)));
    });
    if (divisor !== undefined) expectNotZero(divisor, at('smoothing.divisor'));
  } else {
    for (const pass of ['column', 'row'] as const) {
      const taps = smoothing[pass];
      checkPass(taps, at(`smoothing.${pass}`));
      taps.forEach((tap: number, i: number) => {
        expectFinite(tap, at(`smoothing.${pass}[${i}]`));
        const opposite = taps[taps.length - 1 - i];
        if (tap !== opposite)
          throw expected('taps alike on both sides of the middle', at(`smoothing.${pass}`), `${tap} and ${opposite}`);
      });
    }
  }
  const { border, rounding } = smoothing;
  if (border === 'inside' && 'taps' in smoothing)
    throw expected('another border of one pass of taps', at('smoothing.border'), border);
  if (border !== undefined && border !== 'inside' && border !== 'copied') parseBorder(border, at('smoothing.border'));
  if (rounding === undefined) return;
  expectChoice(rounding, at('smoothing.rounding'), DETECTOR_ROUNDINGS);
  if (unit) throw expected('no rounding of what is smoothed in units of white', at('smoothing.rounding'), rounding);
}

function checkPass(taps: unknown, where: string): void {
  if (!Array.isArray(taps) || taps.length % 2 === 0 || taps.length > LONGEST_PASS) {
    throw expected(`an odd number of taps, at most ${LONGEST_PASS},`, where, Array.isArray(taps) ? taps.length : taps);
  }
}

function checkScale({ scale, divisor, offset, inverted, strengths, rim }: KernelDetector, at: At): void {
  if (scale !== undefined && scale !== 'largest' && scale !== 'range') {
    if (typeof scale !== 'number') throw expected('a number, largest or range', at('scale'), scale);
    expectFinite(scale, at('scale'));
  }
  if (divisor !== undefined) expectNotZero(divisor, at('divisor'));
  if (offset !== undefined) expectFinite(offset, at('offset'));
  if (inverted !== undefined) expectFlag(inverted, at('inverted'));
  if (strengths !== undefined) expectFlag(strengths, at('strengths'));
  if (rim !== undefined) expectInteger(rim, at('rim'), 0, LARGEST_SIDE);
}

function checkLines(detector: KernelDetector, at: At): void {
  const { thin, kernels, color, response, threshold, low, high, reached, link, strengths, rim } = detector;
  if (thin !== undefined) {
    expectChoice(thin, at('thin'), THIN_RULES);
    if (kernels.length !== 2 || response === 'strongest')
      throw expected(
        'two kernels, across and down, and their l2, hypot, l1 or max',
        `${at('thin')}`,
        `${kernels.length} and ${response}`,
      );
    if (color === 'length') throw expected('another color with thin lines', at('color'), color);
  }
  for (const [name, value] of Object.entries({ threshold, low, high })) {
    if (value !== undefined) parseThreshold(value, at(name));
  }
  const linked = low !== undefined || high !== undefined;
  if (threshold !== undefined && linked)
    throw expected('either threshold, or low and high', at('threshold'), threshold);
  const cut = threshold !== undefined || linked;
  if (!cut && strengths !== undefined) throw expected('thresholds', at('strengths'), 'none');
  if (!cut && reached !== undefined) throw expected('thresholds', at('reached'), 'none');
  if (reached !== undefined) expectFlag(reached, at('reached'));
  if (link === undefined) return;
  expectChoice(link, at('link'), DETECTOR_LINKS);
  if (!linked) throw expected('low and high', at('link'), 'none');
  if (link === 'traced' && rim !== undefined)
    throw expected('no rim with lines that are traced to the end', at('rim'), rim);
}

function expectFinite(value: unknown, where: string): void {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw expected('a finite number', where, value);
}

function expectNotZero(value: unknown, where: string): void {
  expectFinite(value, where);
  if (value === 0) throw expected('a number other than 0', where, value);
}

function expectFlag(value: unknown, where: string): void {
  if (typeof value !== 'boolean') throw expected('true or false', where, value);
}
