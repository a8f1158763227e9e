import { channelsWanted, checkKernel, type Kernel } from '../../kernels/kernel.ts';
import type { Border } from '../../planes/border.ts';
import type { InterleavedPicture } from '../../planes/picture.ts';
import { type Rounding, whiteOfDepth } from '../../planes/samples.ts';
import { isFloat32Array } from '../../planes/typedArrays.ts';
import { hasRelaxedMadd, hasSimd } from '../../wasm/features.ts';
import type { Precision } from '../algorithm.ts';
import { alphaTapsOf, OPAQUE_WITHIN, opaqueResponse } from '../alpha/alphaTaps.ts';
import { rowsOfBand } from '../direct/schedule.ts';
import { type StripLayout, stripLayout } from '../direct/strip.ts';
import { prepareTaps, type PreparedTaps } from '../direct/taps.ts';
import { type Axis, type Geometry, type GeometryOptions, geometry } from '../geometry.ts';
import { planCorrelation } from '../plan.ts';
import type { ResponseSpecification } from './passResponseCode.ts';
import { planesOf, type WantedPlanes } from './passStrip.ts';
import { literalTaps } from './passTapsCode.ts';

/** From stored samples to stored samples: what is correlated, and what is made of it. Plain data. */
export interface PassSpecification extends Pick<GeometryOptions, 'dilation' | 'padding'> {
  /** Where given, the picture's channels become one first: the sum of their samples, each times its weight (above 0). */
  readonly mix?: readonly number[] | undefined;
  /** One kernel, or two whose magnitude is taken; for so many channels as the picture has, or 1 where they are mixed. */
  readonly kernels: readonly [Kernel] | readonly [Kernel, Kernel];
  /** How two correlations become one response: √(a² + b²) or |a| + |b|. */
  readonly magnitude: 'l1' | 'l2';
  /** What responses are multiplied by. */
  readonly scale: number;
  /** Whether the response of the channel that answers most strongly is the result, rather than each channel's, or alpha's where that is stronger. */
  readonly strongest: boolean;
  /** Where given, in units of white: what is above it becomes white, all else 0. */
  readonly threshold?: number | undefined;
  readonly map: 'clamp' | 'abs' | 'offset';
  readonly rounding: Rounding;
  readonly alpha: AlphaRole;
  /** Bits of a stored sample of the result. */
  readonly depth: 8 | 16;
  readonly border: Border;
  readonly precision: Precision;
}

/**
 * What becomes of the picture's alpha. `none`: it is left out. `kept`: it goes along as it is. The others multiply colours by it first:
 * `filtered` correlates it too and divides by it again; `weighing` keeps it as it is; `channel` makes it one channel more, less
 * white, which the kernels see and the result does not have.
 */
type AlphaRole = 'none' | 'kept' | 'filtered' | 'weighing' | 'channel';

const MOST_CHANNELS = 4;

/** Strips of a picture of very long rows would not fit the engine's memory. */
const LONGEST_ROW = 2 ** 20;

/** What a pass does strip by strip. */
export interface PassPlan {
  /** The axes that the strip serves: those of one kernel, or what two kernels' have in common. */
  readonly at: Geometry;
  readonly layout: StripLayout;
  readonly rowsOfResult: number;
  /** Columns that are correlated and responded to at a time, and floats from row to row of their correlations. */
  readonly tileWidth: number;
  readonly pitch: number;
  /** Those that are correlated before their response is made; none where that is done at once. */
  readonly kernels: readonly {
    readonly k: Kernel;
    readonly taps: readonly PreparedTaps[];
    /** Of the sample under the first tap for the first result, in the strip's floats. */
    readonly offset: number;
  }[];
  /** From the strip's begin, in floats. */
  readonly alphaOffset: number;
  readonly wanted: WantedPlanes;
  readonly response: ResponseSpecification;
  /** Where alpha is filtered: how its response and the colours' become the result. */
  readonly coverage?: Coverage;
}

/** Numbers that {@link responseCode} takes for an alpha that is filtered, each a Float32. */
interface Coverage {
  /** What alpha's taps answer where all is opaque, and how near to it is opaque too. */
  readonly opaque: number;
  readonly near: number;
  /** From alpha's response to alpha. */
  readonly toAlpha: number;
  /** One for each channel of the result, in the picture's samples. */
  readonly bias: readonly number[];
}

function coverageOf(taps: Kernel, k: Kernel, white: number): Coverage {
  const opaque = opaqueResponse(taps.weights, white);
  return {
    opaque,
    near: Math.fround(Math.abs(opaque) * OPAQUE_WITHIN),
    toAlpha: Math.fround(white / opaque),
    bias: Array.from(k.bias, (bias) => Math.fround(bias * white)),
  };
}

function withoutBias(k: Kernel): Kernel {
  return { ...k, bias: new Float32Array(k.outChannels) };
}

/** Columns whose correlations stay in the cache until they are responded to. */
const WIDEST_TILE = 1008;

/**
 * How a pass goes about a picture; undefined where only steps taken one by one serve, which give the same bytes. A pass serves whole
 * samples of the depth that is wanted, kernels that fit and are not so large that transforms are faster, and no alpha from beyond the
 * picture's rim.
 *
 * @throws ExpectationError where the kernels do not fit the padded picture once
 */
export function planPass(picture: InterleavedPicture, pass: PassSpecification): PassPlan | undefined {
  if (!servesSamples(picture, pass) || !servesKernels(picture, pass)) return undefined;
  const { channels, alphaAt } = picture;
  const { kernels, mix } = pass;
  const each = kernels.map((k) => geometry(picture, k, pass));
  const filtered = pass.alpha === 'filtered' ? alphaTapsOf(kernels[0]) : undefined;
  if (!isDirect(picture, pass, each, filtered) || !isInside(pass, each, alphaAt)) return undefined;
  const at: Geometry = { rows: common(each.map(({ rows }) => rows)), columns: common(each.map((one) => one.columns)) };
  const alpha = alphaAt === undefined ? 'none' : pass.alpha;
  const places = Array.from({ length: channels }, (_, c) => c);
  if (alphaAt !== undefined && alpha !== 'none') places.push(alphaAt);
  const premultiplied = alpha !== 'none' && alpha !== 'kept';
  const wanted = {
    places,
    premultiplied,
    beside: alpha === 'channel',
    ...(mix === undefined ? {} : { mix: mix.map(Math.fround) }),
  };
  const rowsOfResult = rowsOfBand(at, planesOf(wanted));
  const layout = stripLayout(at, rowsOfResult);
  const beside = alpha === 'channel' && !pass.strongest;
  const alphaTaps = alpha === 'filtered' ? filtered?.kernel : undefined;
  const literal =
    alphaTaps === undefined && !beside
      ? literalTaps(
          kernels.map((k, i) => ({
            k,
            row: at.rows.before - each[i].rows.before,
            column: at.columns.before - each[i].columns.before,
            rowStep: each[i].rows.dilation,
            columnStep: each[i].columns.dilation,
          })),
          picture.white,
        )
      : undefined;
  const tileWidth = literal === undefined ? tileWidthOf(at.columns.output) : at.columns.output;
  const fused = pass.precision === 'fast' && hasRelaxedMadd();
  const run = (k: Kernel, i: number, plane = 0): PassPlan['kernels'][number] => {
    const { rows, columns } = each[i];
    const tile = { rows, columns: { ...columns, output: tileWidth } };
    const offset = (at.rows.before - rows.before) * layout.rowPitch + at.columns.before - columns.before;
    return {
      k,
      taps: Array.from({ length: k.outChannels }, (_, o) => prepareTaps(k, o, tile, layout, fused)),
      offset: plane * layout.planePitch + offset,
    };
  };
  return {
    at,
    layout,
    rowsOfResult,
    tileWidth,
    pitch: Math.max(4, tileWidth),
    kernels: [
      // A bias is added once the result is divided by alpha.
      ...(literal === undefined ? kernels : []).map((k, i) => run(alphaTaps === undefined ? k : withoutBias(k), i)),
      ...(alphaTaps === undefined ? [] : [run(alphaTaps, 0, planesOf(wanted) - 1)]),
    ],
    alphaOffset:
      (at.rows.before + middleOf(each[0].rows, pass)) * layout.rowPitch +
      at.columns.before +
      middleOf(each[0].columns, pass),
    wanted,
    response: {
      channels: kernels[0].outChannels,
      magnitude: kernels.length === 1 ? 'single' : pass.magnitude,
      scaled: pass.scale !== 1,
      strongest: pass.strongest,
      beside,
      binary: pass.threshold !== undefined,
      map: pass.map,
      rounding: pass.rounding,
      alpha: alpha === 'filtered' ? 'filtered' : isStoredAsIs({ ...pass, alpha }) ? 'kept' : 'none',
      depth: pass.depth,
      taps: literal,
    },
    ...(alphaTaps && { coverage: coverageOf(alphaTaps, kernels[0], picture.white) }),
  };
}

/** Whether the picture's samples, and those of the result, are such as a pass reads and writes. */
function servesSamples({ samples, channels, width, white }: InterleavedPicture, pass: PassSpecification): boolean {
  if (!hasSimd() || isFloat32Array(samples) || white !== whiteOfDepth(pass.depth)) return false;
  return width <= LONGEST_ROW && (pass.mix === undefined || pass.mix.length === channels);
}

/** Whether the kernels fit the channels, and answer with so many as a pass writes. */
function servesKernels({ channels }: InterleavedPicture, pass: PassSpecification): boolean {
  const { kernels, strongest } = pass;
  const beside = pass.alpha === 'channel' ? 1 : 0;
  const outputs = kernels[0].outChannels;
  const results = strongest ? 1 : outputs - beside;
  if (outputs > MOST_CHANNELS || (results !== 1 && results !== 3)) return false;
  return kernels.every((k) => {
    checkKernel(k);
    return channelsWanted(k) === planesSeen(channels, pass) && k.outChannels === outputs;
  });
}

/** Channels that the kernels see. */
function planesSeen(channels: number, { mix, alpha }: PassSpecification): number {
  return (mix === undefined ? channels : 1) + (alpha === 'channel' ? 1 : 0);
}

/** Whether each correlation by itself would be computed as {@link prepareTaps} has it. */
function isDirect(
  { channels, height, width }: InterleavedPicture,
  pass: PassSpecification,
  each: readonly Geometry[],
  filtered: ReturnType<typeof alphaTapsOf>,
): boolean {
  const { kernels, precision } = pass;
  const direct = (k: Kernel, at: Geometry, seen: number): boolean =>
    planCorrelation({ channels: seen, height, width }, k, { geometry: at, precision, algorithm: 'auto' }).algorithm ===
    'direct';
  if (!kernels.every((k, i) => direct(k, each[i], planesSeen(channels, pass)))) return false;
  if (pass.alpha !== 'filtered') return true;
  // Several taps for alpha are taken step by step.
  return (
    filtered?.kernel.outChannels === 1 && !filtered.ofOutput.includes(undefined) && direct(filtered.kernel, each[0], 1)
  );
}

/** Whether all kernels give a result of one size and, where alpha goes along, the samples under their middle are the picture's own. */
function isInside(pass: PassSpecification, [at, ...others]: readonly Geometry[], alphaAt: number | undefined): boolean {
  const isOneSize = others.every(
    ({ rows, columns }) => rows.output === at.rows.output && columns.output === at.columns.output,
  );
  if (!isOneSize) return false;
  return (
    !isStoredAsIs(pass) ||
    alphaAt === undefined ||
    [at.rows, at.columns].every((axis) => {
      const first = middleOf(axis, pass);
      return first >= 0 && first + axis.output <= axis.input;
    })
  );
}

/** Whether the result has the picture's own alpha. */
function isStoredAsIs({ alpha }: PassSpecification): boolean {
  return alpha === 'kept' || alpha === 'weighing';
}

/** What the axes of several kernels with one output have in common: it reads all that they read. */
function common(axes: readonly Axis[]): Axis {
  const [{ input, output }] = axes;
  const before = Math.max(...axes.map((axis) => axis.before));
  const reach = Math.max(...axes.map((axis) => before - axis.before + axis.dilation * (axis.taps - 1)));
  return { input, taps: reach + 1, stride: 1, dilation: 1, before, after: output + reach - before - input, output };
}

/** The picture's row or column under the middle of a kernel that computes the first result. */
function middleOf({ dilation, taps, before }: Axis, { padding }: PassSpecification): number {
  const half = (dilation * (taps - 1)) / 2;
  // An even span has two middles: the one where `same` padding (or `same-upper`) aligns the result with the picture.
  const isUpper = padding === 'same-upper' || padding === 'onnx-same-upper';
  return (isUpper ? Math.floor(half) : Math.ceil(half)) - before;
}

/** Columns of equal tiles, the last of which may overlap the one before it; in whole cache lines where there are several. */
function tileWidthOf(columns: number): number {
  const tiles = Math.ceil(columns / WIDEST_TILE);
  return Math.min(columns, LINE * Math.ceil(columns / tiles / LINE));
}

const LINE = 16;
