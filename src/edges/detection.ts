import {
  checkNet,
  CONTOUR_SIZE_NAMES,
  type ContourNet,
  type ContourSize,
  isNet,
  DEFAULT_SIZE,
} from '../contours/contourNet.ts';
import { expectScales } from '../contours/findContours.ts';
import { shippedNet } from '../contours/shipped/shippedNet.ts';
import type { Layer } from '../layers/layer.ts';
import { type Border, parseBorder } from '../planes/border.ts';
import { expectChoice, expected } from '../planes/expected.ts';
import { expectOptions, optionNames } from '../planes/expectOptions.ts';
import { expectPlanes, type Planes } from '../planes/planes.ts';
import { checkDetector } from './detector/checkDetector.ts';
import {
  type Detector,
  type DetectorRounding,
  isDetector,
  isNamed,
  type KernelDetector,
  type NamedDetector,
} from './detector/detector.ts';
import { EDGE_COLORS, type EdgeColor } from './edgeColor.ts';
import { type NamedOptions, NAMED_OPTIONS } from './namedOptions.ts';
import { CONTOURS } from './operators/operators.ts';
import { type DetectOptions, EDGE_ALPHAS, type EdgeAlpha } from './options.ts';
import { type Settings, settingsOf, thresholdsOf } from './settings.ts';
import { type Hysteresis } from './thresholds/hysteresisThresholds.ts';
import { type ParsedThreshold, parseThreshold } from './thresholds/threshold.ts';

/**
 * All that is settled about finding edges before any picture is seen: options that fit together, with what stands for those that
 * are left out. It is plain data, that another thread may be given, but for a model.
 */
export type Detection = OperatorDetection | StepsDetection | ModelDetection | ContourDetection;

/** An operator by its settings. */
export interface OperatorDetection {
  readonly kind: 'operator';
  readonly settings: Settings;
  /** The detector of ours that states them. */
  readonly detector: NamedDetector | undefined;
  /** How a detector of ours makes whole samples of absolute values; undefined where numbers stay numbers. */
  readonly rounding: Exclude<DetectorRounding, 'half-up'> | undefined;
}

/** A detector's own steps. */
interface StepsDetection {
  readonly kind: 'steps';
  readonly detector: KernelDetector;
  readonly alpha: EdgeAlpha;
}

/** A learned stack of layers. */
export interface ModelDetection {
  readonly kind: 'model';
  readonly model: Layer;
  readonly color: Exclude<EdgeColor, 'di-zenzo'>;
  readonly threshold: ParsedThreshold | undefined;
  readonly border: Border | undefined;
  readonly alpha: EdgeAlpha;
}

/** A net that finds contours. */
export interface ContourDetection {
  readonly kind: 'contours';
  readonly net: ContourNet;
  /** Which of ours, or nothing. */
  readonly size: ContourSize | undefined;
  readonly scales: readonly number[];
  readonly thin: boolean;
  readonly mask: Planes | undefined;
  readonly threshold: ParsedThreshold | undefined;
  readonly hysteresis: Hysteresis | undefined;
  readonly alpha: EdgeAlpha;
}

export const DETECT_OPTIONS: readonly string[] = [
  'operator',
  ...NAMED_OPTIONS,
  ...optionNames<Omit<DetectOptions, keyof NamedOptions | 'operator'>>({
    size: true,
    scales: true,
    mask: true,
    orientation: true,
    alpha: true,
    precision: true,
  }),
];

/**
 * What options come to, once for all pictures.
 *
 * @throws ExpectationError for what is no option or out of range, and for options that have no meaning beside the others
 */
export function detectionOf(options: DetectOptions, where = 'detectEdges'): Detection {
  expectOptions(options, DETECT_OPTIONS, where);
  const { operator = 'sobel', ...others } = options;
  if (operator === CONTOURS) return contourDetection(undefined, others);
  if (isNet(operator)) return contourDetection(operator, others);
  for (const name of ['size', 'scales'] as const) {
    if (others[name] !== undefined) throw expected(`no ${name} but with ${CONTOURS}`, name, others[name]);
  }
  if (isLayer(operator)) return modelDetection(operator, others);
  if (isDetector(operator)) return detectorDetection(operator, others);
  return { kind: 'operator', settings: settingsOf(operator, others), detector: undefined, rounding: undefined };
}

/** Whether an operator is a learned stack rather than kernels. */
export function isLayer(operator: DetectOptions['operator']): operator is Layer {
  return typeof operator === 'object' && operator !== null && 'forward' in operator;
}

type OtherOptions = Omit<DetectOptions, 'operator'>;

/** A detector states everything itself but what is done about transparency. */
function detectorDetection(detector: Detector, options: OtherOptions): Detection {
  for (const [name, value] of Object.entries(options)) {
    if (name !== 'alpha' && value !== undefined) {
      throw expected(`no ${name} with a detector, which states its own`, name, value);
    }
  }
  const { alpha } = options;
  checkDetector(detector, 'operator');
  if (!isNamed(detector)) return { kind: 'steps', detector, alpha: alphaOf(alpha) };
  const settings = settingsOf(detector.operator, { ...detector.options, ...(alpha && { alpha }) });
  return { kind: 'operator', settings, detector, rounding: detector.rounding as OperatorDetection['rounding'] };
}

/** A stack of layers answers by itself: of the options only colour, border, a threshold and transparency are left to say. */
function modelDetection(model: Layer, options: OtherOptions): ModelDetection {
  for (const [name, value] of Object.entries(options)) {
    if (!OF_MODELS.has(name) && value !== undefined) throw expected(`no ${name} with a model`, name, value);
  }
  const { inputs } = model;
  const color = expectChoice(options.color ?? (inputs === 1 ? 'luma' : 'max'), 'color', EDGE_COLORS);
  if (color === 'di-zenzo') throw expected('luma, max or each with a model', 'color', color);
  if (color === 'luma' && inputs !== undefined && inputs !== 1) {
    throw expected('max or each, with a model of several input channels,', 'color', color);
  }
  return {
    kind: 'model',
    model,
    color,
    threshold: options.threshold === undefined ? undefined : parseThreshold(options.threshold),
    border: options.border === undefined ? undefined : parseBorder(options.border),
    alpha: alphaOf(options.alpha),
  };
}

/** A net answers by itself: lines, thresholds and transparency are left to say, and the scales that it sees. */
function contourDetection(own: ContourNet | undefined, options: OtherOptions): ContourDetection {
  const { size, ...others } = options;
  const lines = netSettings(others, CONTOURS);
  if (own !== undefined && size !== undefined) throw expected('no size with a net of your own', 'size', size);
  if (own !== undefined) checkNet(own, 'operator');
  const ours = own === undefined ? expectChoice(size ?? DEFAULT_SIZE, 'size', CONTOUR_SIZE_NAMES) : undefined;
  return { kind: 'contours', net: own ?? shippedNet(ours as ContourSize), size: ours, ...lines };
}

/** What may be said beside any net, with what stands for what is left out. */
export type NetSettings = Omit<ContourDetection, 'kind' | 'net' | 'size'>;

/** @throws ExpectationError for an option that has no meaning beside a net, or is out of range */
export function netSettings(options: OtherOptions, what: string): NetSettings {
  for (const [name, value] of Object.entries(options)) {
    if (!OF_NETS.has(name) && value !== undefined) throw expected(`no ${name} with ${what}`, name, value);
  }
  const { scales = [1], thin, mask, alpha } = options;
  if (mask !== undefined) expectPlanes(mask, 'mask');
  if (thin !== undefined && typeof thin !== 'boolean') throw expected('true or false', 'thin', thin);
  return {
    scales: expectScales(scales),
    thin: thin ?? false,
    mask,
    ...thresholdsOf(options, false, 'corr2d'),
    alpha: alphaOf(alpha),
  };
}

const OF_NETS = new Set(['scales', 'thin', 'mask', 'threshold', 'low', 'high', 'alpha']);

const OF_MODELS = new Set(['color', 'threshold', 'border', 'alpha']);

function alphaOf(alpha: EdgeAlpha | undefined): EdgeAlpha {
  return expectChoice(alpha ?? 'edges', 'alpha', EDGE_ALPHAS);
}
