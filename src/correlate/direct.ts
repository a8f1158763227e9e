import type { Kernel } from '../kernels/kernel.ts';
import type { Border } from '../planes/border.ts';
import { type Planes, whiteOf } from '../planes/planes.ts';
import type { Arena } from '../wasm/arena.ts';
import type { Exports } from '../wasm/host.ts';
import { workspace } from '../wasm/workspace.ts';
import { type DenseSpecification, denseCode, denseName, packDense } from './denseCode.ts';
import type { Geometry } from './geometry.ts';
import { functionsOf } from './modules.ts';
import { isDense, rowsOfStrip, sparseVectors, tileFor } from './schedule.ts';
import { sparseCode, sparseName } from './sparseCode.ts';
import { type StripLayout, stripFiller, stripLayout } from './strip.ts';

/**
 * The correlation by emitted machine code, strip by strip: rows of the picture are copied with their border into memory that
 * stays in the level-2 cache, and the taps run over them there. Unless `fused`, every sample is that of the definition to the
 * last bit: each accumulator starts at +0 and takes its products in the definition's order.
 *
 * @param fused multiply and add in one rounding: nearer to the real number, but not the definition's bits
 */
export function correlateDirect(x: Planes, k: Kernel, at: Geometry, border: Border, out: Planes, fused: boolean): void {
  const job = prepare(x, k, at, out, fused);
  const { layout, rowsOfResult, arena, strip } = job;
  const fill = stripFiller(x, at, border, layout, arena, strip / 4);
  const { rows } = at;
  for (let from = 0, filled = 0; from < rows.output; from += rowsOfResult) {
    const count = Math.min(rowsOfResult, rows.output - from);
    const needed = (count - 1) * rows.stride + rows.dilation * (rows.taps - 1) + 1;
    // The rows that this strip shares with the last one move to its top.
    const shared = from === 0 ? 0 : Math.max(0, filled - rowsOfResult * rows.stride);
    if (shared > 0) moveRows(job, rowsOfResult * rows.stride, shared);
    fill(from * rows.stride, shared, needed);
    filled = needed;
    for (const channel of job.channels) channel(from, count);
    if (job.outStrip !== undefined) copyOut(job, out, from, count);
  }
}

interface Job {
  readonly arena: Arena;
  readonly layout: StripLayout;
  readonly rowsOfResult: number;
  readonly inputs: number;
  /** Address of the strip. */
  readonly strip: number;
  /** Address of a strip of results, where the destination is no memory of the arena or too narrow for a vector. */
  readonly outStrip: number | undefined;
  /** Floats from row to row of the results. */
  readonly outPitch: number;
  /** For each output channel, what computes so many rows of it. */
  readonly channels: readonly ((from: number, count: number) => void)[];
}

function prepare(x: Planes, k: Kernel, at: Geometry, out: Planes, fused: boolean): Job {
  const width = at.columns.output;
  const rowsOfResult = rowsOfStrip(at, x.channels);
  const layout = stripLayout(at, rowsOfResult);
  const outPitch = Math.max(4, width);
  const taps = prepareTaps(k, at, layout, fused);
  const stripBytes = 4 * x.channels * layout.planePitch;
  const outBytes = 4 * k.outChannels * rowsOfResult * outPitch;
  const { arena, address: strip } = workspace([out.data, x.data], stripBytes + outBytes + 4 * taps.words);
  const inPlace = out.data.buffer === arena.memory.buffer && width >= 4;
  const outStrip = inPlace ? undefined : strip + stripBytes;
  const tapsAt = strip + stripBytes + outBytes;
  const white = whiteOf(x);
  const outputsOfGroup = k.outChannels / (k.groups ?? 1);
  const channels = Array.from({ length: k.outChannels }, (_, o) => {
    const firstInput = Math.floor(o / outputsOfGroup) * k.inChannels;
    const source = strip + 4 * firstInput * layout.planePitch;
    const bias = Math.fround(k.bias[o] * white);
    const run = taps.load(arena, o, tapsAt);
    return (from: number, count: number): void => {
      const target =
        outStrip === undefined
          ? out.data.byteOffset + 4 * (o * at.rows.output + from) * width
          : outStrip + 4 * o * rowsOfResult * outPitch;
      run(source, target, 4 * outPitch, count, bias);
    };
  });
  return { arena, layout, rowsOfResult, inputs: x.channels, strip, outStrip, outPitch, channels };
}

type Run = (source: number, target: number, outPitch: number, rows: number, bias: number) => void;

interface Taps {
  /** Words of 4 bytes that the taps of all output channels take. */
  readonly words: number;
  /** Writes the taps of an output channel to its place and gives what runs them. */
  load(arena: Arena, output: number, address: number): Run;
}

function prepareTaps(k: Kernel, at: Geometry, layout: StripLayout, fused: boolean): Taps {
  const size = k.inChannels * k.height * k.width;
  const width = Math.max(4, at.columns.output);
  const parts = Array.from({ length: k.outChannels }, (_, o) => {
    const weights = k.weights.subarray(o * size, (o + 1) * size);
    return isDense(weights, at) ? denseTaps(weights, k, at, layout, fused) : sparseTaps(weights, k, at, layout, fused);
  });
  const starts = parts.map(() => 0);
  for (let o = 1; o < parts.length; o++) starts[o] = starts[o - 1] + parts[o - 1].words;
  return {
    words: starts[parts.length - 1] + parts[parts.length - 1].words,
    load: (arena, o, address) => parts[o].load(arena, address + 4 * starts[o], 4 * width),
  };
}

interface TapsOfChannel {
  readonly words: number;
  load(arena: Arena, address: number, rowBytes: number): Run;
}

function denseTaps(weights: Float32Array, k: Kernel, at: Geometry, layout: StripLayout, fused: boolean): TapsOfChannel {
  const { height, width } = k;
  const specification: DenseSpecification = { height, width, tile: tileFor(at, fused), fused };
  const { rows: most } = specification.tile;
  // The rows that are left over when a strip is cut into tiles have code, and an order of taps, of their own.
  const packed = [most, at.rows.output % most]
    .filter((rows) => rows > 0)
    .map((rows) => ({ rows, taps: packDense(weights, height, width, rows) }));
  return {
    words: packed.reduce((sum, { taps }) => sum + taps.length, 0),
    load(arena, address, rowBytes) {
      const exports = functionsOf(denseName(specification), arena, () => denseCode(specification));
      const places = new Map<number, number>();
      let place = address;
      for (const { rows, taps } of packed) {
        arena.floats.set(taps, place / 4);
        places.set(rows, place);
        place += 4 * taps.length;
      }
      const pitch = 4 * layout.rowPitch;
      const plane = 4 * layout.planePitch;
      const call = (
        rows: number,
        tiles: number,
        source: number,
        target: number,
        outPitch: number,
        bias: number,
      ): void => {
        const list = places.get(rows) as number;
        exports[`rows${rows}`](source, target, list, pitch, plane, outPitch, tiles, rowBytes, k.inChannels, bias);
      };
      return (source, target, outPitch, count, bias) => {
        const tiles = Math.floor(count / most);
        const left = count % most;
        if (tiles > 0) call(most, tiles, source, target, outPitch, bias);
        if (left > 0) call(left, 1, source + tiles * most * pitch, target + tiles * most * outPitch, outPitch, bias);
      };
    },
  };
}

function sparseTaps(
  weights: Float32Array,
  k: Kernel,
  at: Geometry,
  layout: StripLayout,
  fused: boolean,
): TapsOfChannel {
  const { rows, columns } = at;
  const offsets: number[] = [];
  const taps: number[] = [];
  for (let i = 0; i < weights.length; i++) {
    if (weights[i] === 0) continue;
    const q = (i % k.width) * columns.dilation;
    const r = (Math.floor(i / k.width) % k.height) * rows.dilation;
    const c = Math.floor(i / (k.width * k.height));
    const phase = q % layout.phases;
    offsets.push(c * layout.planePitch + r * layout.rowPitch + phase * layout.phasePitch + (q - phase) / layout.phases);
    taps.push(weights[i]);
  }
  const vectors = sparseVectors(at);
  return {
    words: 2 * taps.length,
    load(arena, address, rowBytes) {
      const specification = { vectors, fused };
      const exports: Exports = functionsOf(sparseName(specification), arena, () => sparseCode(specification));
      taps.forEach((tap, i) => {
        arena.words[address / 4 + 2 * i] = 4 * offsets[i];
        arena.floats[address / 4 + 2 * i + 1] = tap;
      });
      const pitch = 4 * layout.rowPitch * rows.stride;
      return (source, target, outPitch, count, bias) => {
        exports.taps(source, target, address, taps.length, pitch, outPitch, count, rowBytes, bias);
      };
    },
  };
}

function moveRows({ arena, layout, inputs, strip }: Job, from: number, count: number): void {
  for (let c = 0; c < inputs; c++) {
    const plane = strip / 4 + c * layout.planePitch;
    const start = plane + from * layout.rowPitch;
    arena.floats.copyWithin(plane, start, start + count * layout.rowPitch);
  }
}

function copyOut({ arena, outStrip = 0, outPitch, rowsOfResult }: Job, out: Planes, from: number, count: number): void {
  for (let o = 0; o < out.channels; o++) {
    const source = outStrip / 4 + o * rowsOfResult * outPitch;
    const target = (o * out.height + from) * out.width;
    if (outPitch === out.width) {
      out.data.set(arena.floats.subarray(source, source + count * outPitch), target);
      continue;
    }
    for (let row = 0; row < count; row++) {
      const start = source + row * outPitch;
      out.data.set(arena.floats.subarray(start, start + out.width), target + row * out.width);
    }
  }
}
