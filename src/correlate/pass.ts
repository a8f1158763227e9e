import { channelsWanted, checkKernel, type Kernel } from '../kernels/kernel.ts';
import { type Border, parseBorder } from '../planes/border.ts';
import type { InterleavedPicture } from '../planes/picture.ts';
import { type Rounding, whiteOfDepth } from '../planes/samples.ts';
import type { Arena } from '../wasm/arena.ts';
import { hasRelaxedMadd, hasSimd } from '../wasm/features.ts';
import { workspace } from '../wasm/workspace.ts';
import type { Precision } from './corr2d.ts';
import { type Axis, type Geometry, type GeometryOptions, geometry } from './geometry.ts';
import { functionsOf } from './modules.ts';
import type { Shape } from './outputShape.ts';
import { planesOf, storedBytes, storedFiller } from './passStrip.ts';
import {
  type ResponseSpecification,
  responseCode,
  responseName,
  storedStride,
} from './passResponseCode.ts';
import { planCorrelation } from './plan.ts';
import { rowsOfStrip } from './schedule.ts';
import { sourceSpan, stripLayout } from './strip.ts';
import { prepareTaps, type Run, type Taps } from './taps.ts';

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
  /** Whether the response of the channel that answers most strongly is the result, rather than each channel's. */
  readonly strongest: boolean;
  /** Where given, in units of white: what is above it becomes white, all else 0. */
  readonly threshold?: number | undefined;
  readonly map: 'clamp' | 'abs' | 'offset';
  readonly rounding: Rounding;
  /** Whether the picture's alpha goes along, as it is. */
  readonly alpha: boolean;
  /** Bits of a stored sample of the result. */
  readonly depth: 8 | 16;
  readonly border: Border;
  readonly precision: Precision;
}

const MOST_CHANNELS = 4;

/** Strips of a picture of very long rows would not fit the engine's memory. */
const LONGEST_ROW = 2 ** 20;

/**
 * Whether {@link runPass} serves: whole samples of the depth that is wanted, kernels that fit and are not so large that transforms
 * are faster, no alpha from beyond the picture's rim. The steps taken one by one serve always, and give the same bytes.
 */
export function servesPass(picture: InterleavedPicture, pass: PassSpecification): boolean {
  const { samples, channels, width, white, alphaAt } = picture;
  const { kernels, mix, strongest } = pass;
  const planes = mix === undefined ? channels : 1;
  const outputs = kernels[0].outChannels;
  if (!hasSimd() || samples instanceof Float32Array || white !== whiteOfDepth(pass.depth)) return false;
  if (mix !== undefined && mix.length !== channels) return false;
  if (width > LONGEST_ROW || outputs > MOST_CHANNELS || !(strongest || outputs === 1 || outputs === 3)) return false;
  for (const k of kernels) {
    checkKernel(k);
    if (channelsWanted(k) !== planes || k.outChannels !== outputs) return false;
  }
  const [at, ...others] = kernels.map((k) => geometry(picture, k, pass));
  const input = { channels: planes, height: picture.height, width };
  if (!kernels.every((k) => isDirect(input, k, pass))) return false;
  if (!others.every((other) => sameOutput(other.rows, at.rows) && sameOutput(other.columns, at.columns))) return false;
  return !pass.alpha || alphaAt === undefined || (isInside(at.rows, pass) && isInside(at.columns, pass));
}

/** Whether the correlation by itself would be computed as {@link prepareTaps} has it. */
function isDirect(input: Shape, k: Kernel, pass: PassSpecification): boolean {
  const options = { geometry: geometry(input, k, pass), precision: pass.precision, algorithm: 'auto' } as const;
  return planCorrelation(input, k, options).algorithm === 'direct';
}

function sameOutput(a: Axis, b: Axis): boolean {
  return a.output === b.output;
}

/** Whether the samples under the middle of the kernel are the picture's own, for all results. */
function isInside(axis: Axis, pass: PassSpecification): boolean {
  const first = middleOf(axis, pass);
  return first >= 0 && first + axis.output <= axis.input;
}

/**
 * Correlates a picture, strip by strip: stored samples become Float32, are correlated, their response becomes stored samples
 * again, and only a strip is Float32 at a time. The bytes are those of the same steps taken one by one.
 *
 * @param picture one that {@link servesPass}
 * @throws ExpectationError where the kernels do not fit the padded picture once
 */
export function runPass(picture: InterleavedPicture, pass: PassSpecification): InterleavedPicture {
  const plan = planOf(picture, pass);
  const { at, layout, rowsOfResult, pitch, tileWidth, response, wanted } = plan;
  const { rows, columns } = at;
  const stride = storedStride(response);
  const bytesOfSample = pass.depth / 8;
  const size = rows.output * columns.output * stride;
  const samples = pass.depth === 8 ? new Uint8Array(size) : new Uint16Array(size);
  const bytes = new Uint8Array(samples.buffer);
  const outPitch = columns.output * stride * bytesOfSample;

  const { arena, place } = placesOf(plan, picture, outPitch);
  const runs = loadRuns(plan, picture, arena, place.taps);
  const fill = storedFiller(picture, wanted, at, parseBorder(pass.border), layout, arena, place.strip, place.stored);
  const { respond } = functionsOf(responseName(response), arena, () => responseCode(response));
  const limit = pass.threshold === undefined ? 0 : floor32(pass.threshold * picture.white);
  const alphaStart = 4 * ((planesOf(wanted) - 1) * layout.planePitch + plan.alphaOffset);

  for (let from = 0, filled = 0; from < rows.output; from += rowsOfResult) {
    const count = Math.min(rowsOfResult, rows.output - from);
    const needed = sourceSpan(rows, count);
    // The rows that this strip shares with the last one move to its top.
    const shared = Math.max(0, filled - rowsOfResult);
    for (let p = 0; p < planesOf(wanted) && shared > 0; p++) {
      const plane = place.strip / 4 + p * layout.planePitch;
      const start = plane + rowsOfResult * layout.rowPitch;
      arena.floats.copyWithin(plane, start, start + shared * layout.rowPitch);
    }
    fill(from, shared, needed);
    filled = needed;
    for (let column = 0; ; column = Math.min(column + tileWidth, columns.output - tileWidth)) {
      runs.forEach(({ run, start, bias }, i) => {
        run(place.strip + start + 4 * column, place.responses + 4 * i * rowsOfResult * pitch, 4 * pitch, count, bias);
      });
      respond(
        place.responses,
        4 * rowsOfResult * pitch,
        4 * pitch,
        place.strip + alphaStart + 4 * column,
        4 * layout.rowPitch,
        place.out + column * stride * bytesOfSample,
        outPitch,
        count,
        4 * tileWidth,
        pass.scale,
        limit,
        picture.white,
      );
      if (column + tileWidth === columns.output) break;
    }
    bytes.set(arena.bytes.subarray(place.out, place.out + count * outPitch), from * outPitch);
  }
  return {
    samples,
    height: rows.output,
    width: columns.output,
    stride,
    channels: stride - (response.alpha ? 1 : 0),
    white: picture.white,
    ...(response.alpha ? { alphaAt: stride - 1 } : {}),
  };
}

interface Plan {
  /** The axes that the strip serves: those of one kernel, or what two kernels' have in common. */
  readonly at: Geometry;
  readonly layout: ReturnType<typeof stripLayout>;
  readonly rowsOfResult: number;
  /** Columns that are correlated and responded to at a time, and floats from row to row of their correlations. */
  readonly tileWidth: number;
  readonly pitch: number;
  readonly kernels: readonly { readonly k: Kernel; readonly taps: readonly Taps[]; readonly offset: number }[];
  /** From the strip's begin, in floats. */
  readonly alphaOffset: number;
  readonly wanted: { readonly places: readonly number[]; readonly mix?: readonly number[] | undefined };
  readonly response: ResponseSpecification;
}

/** Columns whose correlations stay in the cache until they are responded to. */
const WIDEST_TILE = 1008;

function planOf(picture: InterleavedPicture, pass: PassSpecification): Plan {
  const { channels, alphaAt } = picture;
  const { kernels, mix } = pass;
  const each = kernels.map((k) => geometry(picture, k, pass));
  const at: Geometry = { rows: common(each.map(({ rows }) => rows)), columns: common(each.map((one) => one.columns)) };
  const alpha = pass.alpha && alphaAt !== undefined;
  const places = Array.from({ length: channels }, (_, c) => c);
  if (alpha) places.push(alphaAt);
  const wanted = mix === undefined ? { places } : { places, mix: mix.map(Math.fround) };
  const rowsOfResult = rowsOfStrip(at, planesOf(wanted));
  const layout = stripLayout(at, rowsOfResult);
  const tileWidth = tileWidthOf(at.columns.output);
  const fused = pass.precision === 'fast' && hasRelaxedMadd();
  return {
    at,
    layout,
    rowsOfResult,
    tileWidth,
    pitch: Math.max(4, tileWidth),
    kernels: kernels.map((k, i) => {
      const { rows, columns } = each[i];
      const tile = { rows, columns: { ...columns, output: tileWidth } };
      return {
        k,
        taps: Array.from({ length: k.outChannels }, (_, o) => prepareTaps(k, o, tile, layout, fused)),
        offset: (at.rows.before - rows.before) * layout.rowPitch + at.columns.before - columns.before,
      };
    }),
    alphaOffset:
      (at.rows.before + middleOf(each[0].rows, pass)) * layout.rowPitch +
      at.columns.before + middleOf(each[0].columns, pass),
    wanted,
    response: {
      channels: kernels[0].outChannels,
      magnitude: kernels.length === 1 ? 'single' : pass.magnitude,
      scaled: pass.scale !== 1,
      strongest: pass.strongest,
      binary: pass.threshold !== undefined,
      map: pass.map,
      rounding: pass.rounding,
      alpha,
      depth: pass.depth,
    },
  };
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
  return (padding === 'same-upper' ? Math.floor(half) : Math.ceil(half)) - before;
}

/** Columns of equal tiles, the last of which may overlap the one before it; in whole cache lines where there are several. */
function tileWidthOf(columns: number): number {
  const tiles = Math.ceil(columns / WIDEST_TILE);
  return Math.min(columns, LINE * Math.ceil(columns / tiles / LINE));
}

const LINE = 16;

/** Bytes beyond the end of a piece of memory, which the last group of a row may read or write. */
const SLACK = 64;

interface Places {
  readonly strip: number;
  readonly stored: number;
  readonly responses: number;
  readonly out: number;
  readonly taps: number;
}

function placesOf(plan: Plan, picture: InterleavedPicture, outPitch: number): { arena: Arena; place: Places } {
  const { layout, kernels, rowsOfResult, pitch, response, wanted } = plan;
  const words = kernels.reduce((sum, { taps }) => sum + taps.reduce((all, one) => all + one.words, 0), 0);
  const sizes: Readonly<Record<keyof Places, number>> = {
    strip: 4 * planesOf(wanted) * layout.planePitch,
    stored: storedBytes(picture),
    responses: 4 * kernels.length * response.channels * rowsOfResult * pitch + SLACK,
    out: rowsOfResult * outPitch + SLACK,
    taps: 4 * words,
  };
  const aligned = Object.entries(sizes).map(([name, size]) => [name, SLACK * Math.ceil(size / SLACK)] as const);
  const { arena, address } = workspace(
    [],
    aligned.reduce((sum, [, size]) => sum + size, 0),
  );
  let next = address;
  const place = Object.fromEntries(
    aligned.map(([name, size]) => {
      const start = next;
      next += size;
      return [name, start];
    }),
  );
  return { arena, place: place as unknown as Places };
}

interface KernelRun {
  readonly run: Run;
  /** Where its results' first samples lie in the strip, in bytes. */
  readonly start: number;
  /** In the picture's samples. */
  readonly bias: number;
}

/** One for each output channel of each kernel. */
function loadRuns({ kernels, layout }: Plan, { white }: InterleavedPicture, arena: Arena, address: number): KernelRun[] {
  let place = address;
  return kernels.flatMap(({ k, taps, offset }) => {
    const outputsOfGroup = k.outChannels / (k.groups ?? 1);
    return taps.map((one, o) => {
      const run = one.load(arena, place);
      place += 4 * one.words;
      const firstInput = Math.floor(o / outputsOfGroup) * k.inChannels;
      return { run, start: 4 * (firstInput * layout.planePitch + offset), bias: Math.fround(k.bias[o] * white) };
    });
  });
}

/** The largest Float32 that is not above a number: what is above the one is above the other. */
function floor32(value: number): number {
  const nearest = Float32Array.of(value);
  // The bits of numbers above 0 sort as the numbers do.
  if (nearest[0] > value) new Uint32Array(nearest.buffer)[0]--;
  return nearest[0];
}
