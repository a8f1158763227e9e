import type { SeparatedKernel } from '../../kernels/separate.ts';
import { type Border, borderConstant, borderMap, OUTSIDE } from '../../planes/border.ts';
import { ExpectationError } from '../../planes/expected.ts';
import { type Planes, whiteOf } from '../../planes/planes.ts';
import type { Arena } from '../../wasm/arena.ts';
import { hasSimd } from '../../wasm/features.ts';
import { functionsOf } from '../../wasm/modules.ts';
import { denseRun } from '../direct/dense.ts';
import { sparseCode, sparseName } from '../direct/sparseCode.ts';
import type { Geometry } from '../geometry.ts';
import { type Part, shareOf, WHOLE } from '../part.ts';
import { acrossCode, acrossName, packAcross } from './acrossCode.ts';
import { correlated, separableReference, tapOrder } from './separableReference.ts';
import {
  GROUP,
  type Layout,
  layOut,
  type Operands,
  place,
  type Segment,
  tileDown,
  VECTORS,
} from './separableStrips.ts';

/**
 * A correlation in two passes, along rows and then down columns, in strips of rows that stay in the level-2 cache. Unless
 * `fused`, every sample is that of {@link separableReference} to the last bit.
 *
 * The result of one pass with the product of the two kernels differs from it by rounding alone.
 *
 * @param kernels as `separateKernel` gives them: one input channel for each output
 * @param out planes of the result's shape; every sample of it is written
 * @param options.fused multiply and add in one rounding; only where the machine has that
 * @param options.part the strips to compute
 * @throws ExpectationError for a stride that is not 1
 */
export function correlateSeparable(
  x: Planes,
  kernels: SeparatedKernel,
  at: Geometry,
  border: Border,
  out: Planes,
  options: { fused: boolean; part?: Part },
): void {
  if (at.rows.stride !== 1 || at.columns.stride !== 1) {
    throw new ExpectationError(
      `Expected a stride of 1 for a correlation in two passes but received ${at.rows.stride}, ${at.columns.stride}`,
    );
  }
  const { fused, part = WHOLE } = options;
  if (!hasSimd()) {
    if (part.index === 0) separableReference(x, kernels, at, border, out);
    return;
  }
  const layout = layOut(x, at);
  const operands = place(x, kernels, at, out, layout);
  const job: Job = {
    ...operands,
    x,
    kernels,
    at,
    border,
    out,
    layout,
    taps: tapsFunction(operands.arena, fused),
    fused,
  };
  const strips = shareOf(Math.ceil(at.rows.output / layout.rows), part);
  for (let output = 0; output < kernels.row.outChannels; output++) correlateChannel(job, output, strips);
}

function tapsFunction(arena: Arena, fused: boolean): SumTaps {
  const specification = { vectors: VECTORS, fused };
  return functionsOf(sparseName(specification), arena, () => sparseCode(specification)).taps;
}

/** The function `taps` of {@link sparseCode}. */
type SumTaps = (...operands: number[]) => number;

interface Job extends Operands {
  readonly x: Planes;
  readonly kernels: SeparatedKernel;
  readonly at: Geometry;
  readonly border: Border;
  readonly out: Planes;
  readonly layout: Layout;
  readonly taps: SumTaps;
  readonly fused: boolean;
}

function correlateChannel(job: Job, output: number, [first, end]: readonly [number, number]): void {
  const { x, kernels, at, layout, arena, responses } = job;
  const { row, column } = kernels;
  const bias = Math.fround(row.bias[output] * whiteOf(x));
  const channel = Math.floor((output * x.channels) / row.outChannels);
  const findRuns = runFinder(job, channel);
  const across = acrossRows(job, row.weights.subarray(output * row.width, (output + 1) * row.width));
  const down = downColumns(
    job,
    output,
    column.weights.subarray(output * column.height, (output + 1) * column.height),
    bias,
  );
  for (let strip = first; strip < end; strip++) {
    const from = strip * layout.rows;
    const count = Math.min(layout.rows, at.rows.output - from);
    const shared = strip === first ? 0 : layout.halo;
    if (shared > 0) {
      const start = responses / 4 + layout.rows * layout.pitch;
      arena.floats.copyWithin(responses / 4, start, start + shared * layout.pitch);
    }
    const runs = findRuns(from + shared, shared, count + layout.halo - shared);
    // From left to right: where a segment is narrower than a group, what is written beyond it is written again.
    for (const run of runs) for (const segment of layout.segments) across(run, segment);
    down(from, count);
    if (job.resultRows !== undefined) copyOut(job, output, from, count);
  }
}

/** Writes a list of taps as {@link sparseCode} reads it, those that are 0 left out. */
function writeTaps(
  { words, floats }: Arena,
  address: number,
  taps: Float32Array,
  order: readonly number[],
  step: number,
): number {
  let next = address / 4;
  for (const i of order) {
    if (taps[i] === 0) continue;
    words[next++] = 4 * i * step;
    floats[next++] = taps[i];
  }
  return (next - address / 4) / 2;
}

/** Rows of the padded picture that follow each other in the picture too, or one row of the border's constant. */
interface Run {
  /** First row among the responses. */
  readonly to: number;
  readonly rows: number;
  /** Index of the first sample among the picture's; undefined for the border's constant. */
  readonly samples: number | undefined;
  /** Address of that sample in the arena. */
  readonly address: number;
}

/** What finds the rows of the padded picture from row `first` on, and brings them into the arena. */
function runFinder(job: Job, channel: number): (first: number, to: number, count: number) => Run[] {
  const { x, at, border, arena, pictureRows } = job;
  const map = borderMap(border, at.rows.input, at.rows.before, at.rows.after);
  const plane = channel * x.height * x.width;

  return (first, to, count) => {
    const runs: Run[] = [];
    for (let row = 0; row < count;) {
      const sourceRow = map[first + row];
      let rows = 1;
      if (sourceRow === OUTSIDE) {
        runs.push({ to: to + row, rows, samples: undefined, address: 0 });
      } else {
        while (row + rows < count && map[first + row + rows] === sourceRow + rows) rows++;
        const samples = plane + sourceRow * x.width;
        let address = x.data.byteOffset + 4 * samples;
        if (pictureRows !== undefined) {
          address = pictureRows + 4 * row * x.width;
          arena.floats.set(x.data.subarray(samples, samples + rows * x.width), address / 4);
        }
        runs.push({ to: to + row, rows, samples, address });
      }
      row += rows;
    }
    return runs;
  };
}

/** What makes a segment of the first pass's responses from rows of the picture. */
function acrossRows(job: Job, weights: Float32Array): (run: Run, segment: Segment) => void {
  const { x, at, border, layout, arena } = job;
  const { floats } = arena;
  const run = rowTaps(job, weights);
  const map = borderMap(border, at.columns.input, at.columns.before, at.columns.after);
  const outside = borderConstant(border, whiteOf(x));
  const responseOutside = correlated(weights, tapOrder(weights.length), () => outside);

  return ({ to, rows, samples, address }, { from, to: end, pitch }) => {
    const target = job.responses + 4 * (to * layout.pitch + from);
    if (samples === undefined) {
      floats.fill(responseOutside, target / 4, target / 4 + end - from);
      return;
    }
    if (pitch !== undefined) collect(from, end, samples, rows, pitch);
    const source = pitch === undefined ? address + 4 * (from - at.columns.before) : job.collected;
    run(source, target, 4 * (pitch ?? x.width), rows, 4 * (end - from));
  };

  function collect(from: number, end: number, samples: number, rows: number, pitch: number): void {
    const beyond = end + at.columns.dilation * (at.columns.taps - 1);
    for (let row = 0; row < rows; row++) {
      const start = samples + row * x.width;
      let i = job.collected / 4 + row * pitch;
      for (let j = from; j < beyond; j++) {
        const column = map[j];
        floats[i++] = column === OUTSIDE ? outside : x.data[start + column];
      }
    }
  }
}

/** The row of taps as code that loads a vector of samples once for several taps; with zeros or gaps, as a list. */
function rowTaps(
  { at, layout, arena, taps, across, fused }: Job,
  weights: Float32Array,
): (source: number, target: number, pitch: number, rows: number, rowBytes: number) => void {
  const target = 4 * layout.pitch;
  if (at.columns.dilation !== 1 || weights.some((tap) => tap === 0)) {
    const count = writeTaps(arena, across, weights, tapOrder(weights.length), at.columns.dilation);
    return (source, to, pitch, rows, rowBytes) => {
      taps(source, to, across, count, pitch, target, rows, Math.max(4 * GROUP, rowBytes), 0);
    };
  }
  const exports = functionsOf(acrossName({ fused }), arena, () => acrossCode({ fused }));
  const end = across + packAcross(arena, across, weights);
  return (source, to, pitch, rows, rowBytes) => {
    exports.across(source, to, across, end, rows, pitch, target, rowBytes);
  };
}

/** What makes `count` rows of results, from row `from` of them, of the first pass's responses. */
function downColumns(
  job: Job,
  output: number,
  weights: Float32Array,
  bias: number,
): (from: number, count: number) => void {
  const { at, out, responses, resultRows } = job;
  const width = at.columns.output;
  const widest = Math.max(GROUP, width);
  const run = columnTaps(job, weights, bias, widest);

  return (from, count) => {
    const target = resultRows ?? out.data.byteOffset + 4 * (output * at.rows.output + from) * width;
    run(responses, target, count);
  };
}

function copyOut({ at, out, arena, resultRows = 0 }: Job, output: number, from: number, count: number): void {
  const width = at.columns.output;
  const widest = Math.max(GROUP, width);
  const first = (output * at.rows.output + from) * width;
  if (width === widest) {
    out.data.set(arena.floats.subarray(resultRows / 4, resultRows / 4 + count * width), first);
    return;
  }
  for (let row = 0; row < count; row++) {
    const start = resultRows / 4 + row * widest;
    out.data.set(arena.floats.subarray(start, start + width), first + row * width);
  }
}

type RunDown = (source: number, target: number, rows: number) => void;

/** The column of taps as dense code, which loads a row of responses once for several rows of results; with zeros or gaps, as a list. */
function columnTaps(job: Job, weights: Float32Array, bias: number, width: number): RunDown {
  const { at, layout, arena, taps, down } = job;
  const pitch = 4 * layout.pitch;
  const rowBytes = 4 * width;
  if (at.rows.dilation !== 1 || weights.some((tap) => tap === 0)) {
    const count = writeTaps(arena, down, weights, Array.from(weights.keys()), at.rows.dilation * layout.pitch);
    return (source, target, rows) => {
      taps(source, target, down, count, pitch, rowBytes, rows, rowBytes, bias);
    };
  }
  const tile = tileDown(job.fused);
  const lists = { address: down, weights, height: weights.length, width: 1 };
  const run = denseRun(arena, { tile, fused: job.fused, column: true }, lists, { pitch, plane: 0, rowBytes });
  return (source, target, rows) => run(source, target, rowBytes, rows, bias);
}
