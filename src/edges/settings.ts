import { DEFAULT_PRECISION, type Precision, PRECISIONS } from '../correlate/algorithm.ts';
import type { Aperture } from '../kernels/aperture.ts';
import type { Kernel } from '../kernels/kernel.ts';
import { gaussianTaps } from '../kernels/smoothing.ts';
import { type Border, parseBorder } from '../planes/border.ts';
import { expectChoice, expected } from '../planes/expected.ts';
import { expectPlanes, type Planes } from '../planes/planes.ts';
import { type EdgeColor, EDGE_COLORS } from './edgeColor.ts';
import { MAGNITUDE_NORMS, type MagnitudeNorm } from './gradient/magnitudeNorm.ts';
import { SUPPRESSION_RULES, type SuppressionRule } from './lines/suppress.ts';
import { CANNY, SIGMA_OF_LOG, SIGMA_OF_OTHERS } from './operatorDefaults.ts';
import { type Convention, CONVENTIONS, NAMES_OF_CONVENTIONS } from './operators/convention.ts';
import { reachOf } from './operators/largestResponse.ts';
import { isDirected, type Operator, operatorOf, seesGrey } from './operators/operators.ts';
import { type DetectOptions, EDGE_ALPHAS, type EdgeAlpha } from './options.ts';
import { type Hysteresis } from './thresholds/hysteresisThresholds.ts';
import { type ParsedThreshold, parseThreshold } from './thresholds/threshold.ts';

/** Options that fit together, with what stands for those that are left out. */
export interface Settings {
  readonly operator: Operator;
  readonly convention: Convention;
  readonly isCanny: boolean;
  readonly aperture: Aperture;
  readonly color: EdgeColor;
  readonly magnitude: MagnitudeNorm;
  /** The scales whose strongest responses are taken; undefined is the picture as it is. */
  readonly sigmas: readonly (number | undefined)[];
  readonly thin: SuppressionRule | undefined;
  readonly zeroCrossings: boolean;
  readonly orientation: boolean;
  readonly mask: Planes | undefined;
  readonly threshold: ParsedThreshold | undefined;
  readonly hysteresis: Hysteresis | undefined;
  readonly border: Border;
  readonly precision: Precision;
  readonly alpha: EdgeAlpha;
}

/**
 * The settings that options come to.
 *
 * @throws ExpectationError for an option that is out of range, or that has no meaning beside the others
 */
export function settingsOf(
  given: string | Kernel | readonly [Kernel, Kernel],
  options: Omit<DetectOptions, 'operator'>,
): Settings {
  const { aperture } = options;
  const convention = expectChoice(options.convention ?? 'corr2d', 'convention', CONVENTIONS);
  const operator = operatorOf(given, { aperture, convention });
  const isCanny = given === 'canny';
  const color = expectChoice(options.color ?? (seesGrey(operator) ? 'luma' : 'max'), 'color', EDGE_COLORS);
  const magnitude = expectChoice(options.magnitude ?? defaultNorm(isCanny, convention), 'magnitude', MAGNITUDE_NORMS);
  const sigmas = sigmasOf(options.sigma, operator, isCanny, convention);
  const thin = thinOf(options, isCanny, convention);
  const settings: Settings = {
    operator,
    convention,
    isCanny,
    aperture: aperture ?? 3,
    color,
    magnitude,
    sigmas,
    thin,
    zeroCrossings: flag(options.zeroCrossings, 'zeroCrossings'),
    orientation: flag(options.orientation, 'orientation'),
    mask: options.mask,
    ...thresholdsOf(options, isCanny, convention),
    border: options.border === undefined ? operator.border : parseBorder(options.border),
    alpha: expectChoice(options.alpha ?? 'edges', 'alpha', EDGE_ALPHAS),
    precision: expectChoice(options.precision ?? DEFAULT_PRECISION, 'precision', PRECISIONS),
  };
  if (options.mask !== undefined) expectPlanes(options.mask, 'mask');
  expectMeaning(settings, options);
  return settings;
}

function defaultNorm(isCanny: boolean, convention: Convention): MagnitudeNorm {
  return isCanny && convention === 'opencv' ? 'l1' : 'l2';
}

function flag(value: unknown, where: string): boolean {
  if (value !== undefined && typeof value !== 'boolean') throw expected('true or false', where, value);
  return value ?? false;
}

function sigmasOf(
  given: DetectOptions['sigma'],
  operator: Operator,
  isCanny: boolean,
  convention: Convention,
): (number | undefined)[] {
  if (operator.kind === 'gaussian' && given === 'none')
    throw expected(`a number above 0`, `sigma of ${operator.name}`, given);
  if (given === 'none') return [undefined];
  if (given === undefined) {
    if (isCanny) return [CANNY[convention].sigma];
    if (operator.kind !== 'gaussian') return [undefined];
    return [operator.form === 'log' ? SIGMA_OF_LOG : SIGMA_OF_OTHERS];
  }
  const list: readonly unknown[] = Array.isArray(given) ? given : [given];
  if (list.length === 0 || list.length > MOST_SCALES)
    throw expected(`1 to ${MOST_SCALES} scales`, 'sigma', list.length);
  return list.map((sigma, i) => {
    const where = Array.isArray(given) ? `sigma[${i}]` : 'sigma';
    if (typeof sigma !== 'number' || !(sigma >= LEAST_SIGMA)) {
      throw expected(`a number from ${LEAST_SIGMA} in samples, or none`, where, sigma);
    }
    // Refuses those that are too wide.
    gaussianTaps(operator.kind === 'gaussian' && operator.form === 'dog' ? 2 * sigma : sigma);
    return sigma;
  });
}

const MOST_SCALES = 16;

/** A narrower Gaussian falls between the samples. */
const LEAST_SIGMA = 0.2;

function thinOf(
  { thin, suppression }: Pick<DetectOptions, 'thin' | 'suppression'>,
  isCanny: boolean,
  convention: Convention,
): SuppressionRule | undefined {
  const thinned = flag(thin, 'thin');
  if (!thinned && !isCanny) {
    if (suppression !== undefined)
      throw expected('no suppression without thin lines (thin) or canny', 'suppression', suppression);
    return undefined;
  }
  if (isCanny && thin === false) throw expected('thin lines, which canny always has', 'thin', thin);
  return expectChoice(
    suppression ?? (convention === 'opencv' ? 'sectors' : 'interpolated'),
    'suppression',
    SUPPRESSION_RULES,
  );
}

/** Thresholds as they were stated, read. */
export function thresholdsOf(
  { threshold, low, high }: Pick<DetectOptions, 'threshold' | 'low' | 'high'>,
  isCanny: boolean,
  convention: Convention,
): Pick<Settings, 'threshold' | 'hysteresis'> {
  const parsed = threshold === undefined ? undefined : parseThreshold(threshold);
  if (low === undefined && high === undefined && !isCanny) return { threshold: parsed, hysteresis: undefined };
  if (threshold !== undefined) {
    throw expected(isCanny ? 'low and high with canny' : 'either threshold, or low and high', 'threshold', threshold);
  }
  const otherwise: { low?: string; high?: string } = isCanny ? CANNY[convention] : {};
  const read = (value: DetectOptions['low'], name: 'low' | 'high'): ParsedThreshold | undefined =>
    value === undefined ? undefined : parseThreshold(value, name);
  return {
    threshold: undefined,
    hysteresis: { low: read(low ?? otherwise.low, 'low'), high: read(high ?? otherwise.high, 'high') },
  };
}

/** Refuses options that have no meaning for the operator, rather than to pass over them. */
function expectMeaning(settings: Settings, options: Omit<DetectOptions, 'operator'>): void {
  const { operator, color, magnitude, sigmas, zeroCrossings, convention, isCanny } = settings;
  const { name } = operator;
  const directed = isDirected(operator);
  const needsDirections = (where: string): never => {
    throw expected('an operator of two directions, such as sobel,', where, name);
  };
  if (!directed && settings.thin !== undefined) needsDirections('thin lines');
  if (!directed && settings.orientation) needsDirections('orientation');
  if (color === 'di-zenzo') {
    if (!directed || operator.kind === 'compass') needsDirections('color di-zenzo');
    if (magnitude === 'l1') throw expected('magnitude l2 with color di-zenzo', 'magnitude', magnitude);
  } else if (options.magnitude !== undefined && !hasNorm(settings)) {
    throw expected('an operator of two directions, or two kernels,', 'magnitude', name);
  }
  if (color === 'luma' && !seesGrey(operator)) {
    throw expected('max or each, with a kernel of several input channels,', 'color', color);
  }
  if (directed && zeroCrossings)
    throw expected('an operator of signed responses, such as log,', 'zero crossings', name);
  for (const [where, threshold] of Object.entries({ threshold: settings.threshold, ...settings.hysteresis })) {
    if (threshold?.kind === 'value') expectReach(threshold.value, where, operator, sigmas[0]);
  }
  if (!isCanny || convention === 'corr2d') return;
  const theirs = `canny under convention ${convention}`;
  const refuse = (what: string, where: string, value: unknown): never => {
    throw expected(`${what} for ${theirs}`, where, value);
  };
  if (convention === 'skimage' && magnitude === 'l1') refuse('magnitude l2', 'magnitude', magnitude);
  if (options.border !== undefined) {
    refuse(`no border (${NAMES_OF_CONVENTIONS[convention]} has its own)`, 'border', options.border);
  }
  if (options.suppression !== undefined && settings.thin !== (convention === 'opencv' ? 'sectors' : 'interpolated')) {
    refuse('the suppression that it has', 'suppression', options.suppression);
  }
  if (convention !== 'opencv') return;
  if (color === 'di-zenzo') refuse('color luma, max or each', 'color', color);
  if (sigmas.length > 1) refuse('one sigma or none', 'sigma', sigmas.join(', '));
  if (settings.orientation) refuse('no orientation', 'orientation', true);
  for (const [where, threshold] of Object.entries(settings.hysteresis ?? {})) {
    if (threshold !== undefined && threshold.kind !== 'value') {
      refuse('a number', where, options[where as 'low' | 'high']);
    }
  }
}

/** Whether two directions become one response by a norm. */
export function hasNorm({ operator, color }: Pick<Settings, 'operator' | 'color'>): boolean {
  if (color === 'di-zenzo') return false;
  return operator.kind === 'gaussian'
    ? operator.form === 'gradient'
    : operator.kind === 'kernels' && operator.kernels.length === 2;
}

/** What no response comes to is likelier a mistake: a sample value, say, where a share of white was meant. */
function expectReach(value: number, where: string, operator: Operator, sigma: number | undefined): void {
  const most = reachOf(operator, sigma);
  if (value > most) {
    const shown = Number(most.toPrecision(3));
    throw expected(
      `at most ${shown}, beyond which ${operator.name} never answers (in units of white: a sample of 100 in 255 is 100/255)`,
      where,
      value,
    );
  }
}
