import type { Kernel } from '../../kernels/kernel.ts';
import type { Arena } from '../../wasm/arena.ts';
import { functionsOf } from '../../wasm/modules.ts';
import type { Geometry } from '../geometry.ts';
import { denseRun, denseWords } from './dense.ts';
import { fewCode, fewName } from './fewCode.ts';
import { inRowTiles } from './rowTiles.ts';
import { FEW_ROWS, isDense, isFew, sparseVectors, tileFor } from './schedule.ts';
import { sparseCode, sparseName } from './sparseCode.ts';

/** Where samples lie under the taps, in floats. */
export interface SourceLayout {
  readonly phases: number;
  readonly phasePitch: number;
  readonly rowPitch: number;
  readonly planePitch: number;
}

/** Makes rows of results of all output channels: addresses, and distances from plane to plane and row to row of results, in bytes. */
type RunChannels = (source: number, target: number, outPlane: number, outPitch: number, rows: number) => void;

/** The taps of all output channels. */
export interface ChannelTaps {
  /** Words of 4 bytes that they take. */
  readonly words: number;
  /**
   * Writes them to their place and gives what runs them.
   *
   * @param white the picture's, in which biases are
   */
  load(arena: Arena, address: number, white: number): RunChannels;
}

/** A way to make rows of results of rows of samples. */
export interface RowsMethod {
  /** Rows of results that are made together: what is cut is cut between them, so that no result depends on where. */
  readonly rowsTogether: number;
  prepare(k: Kernel, at: Geometry, layout: SourceLayout, fused: boolean): ChannelTaps;
}

/** Every output channel by itself, in the definition's order. */
export const DIRECT: RowsMethod = { rowsTogether: 1, prepare: directTaps };

export function directTaps(k: Kernel, at: Geometry, layout: SourceLayout, fused: boolean): ChannelTaps {
  const outputsOfGroup = k.outChannels / (k.groups ?? 1);
  const channels = Array.from({ length: k.outChannels }, (_, o) => prepareTaps(k, o, at, layout, fused));
  return {
    words: channels.reduce((sum, { words }) => sum + words, 0),
    load(arena, address, white) {
      let place = address;
      const runs = channels.map((taps, o) => {
        const run = taps.load(arena, place);
        place += 4 * taps.words;
        return { run, firstInput: Math.floor(o / outputsOfGroup) * k.inChannels, bias: Math.fround(k.bias[o] * white) };
      });
      return (source, target, outPlane, outPitch, rows) =>
        runs.forEach(({ run, firstInput, bias }, o) =>
          run(source + 4 * firstInput * layout.planePitch, target + o * outPlane, outPitch, rows, bias),
        );
    },
  };
}

/** Computes rows of one output channel: addresses and pitches in bytes. */
export type Run = (source: number, target: number, outPitch: number, rows: number, bias: number) => void;

export interface PreparedTaps {
  /** Words of 4 bytes that they take. */
  readonly words: number;
  /** Writes them to their place and gives what runs them. */
  load(arena: Arena, address: number): Run;
}

/** The taps of one output channel, as the code that suits them reads them. */
export function prepareTaps(
  k: Kernel,
  output: number,
  at: Geometry,
  layout: SourceLayout,
  fused: boolean,
): PreparedTaps {
  const size = k.inChannels * k.height * k.width;
  const weights = k.weights.subarray(output * size, (output + 1) * size);
  if (!isDense(weights, at)) return sparseTaps(weights, k, at, layout, fused);
  return (isFew(k) ? fewTaps : denseTaps)(weights, k, at, layout, fused);
}

/** Code that holds all taps in registers. */
function fewTaps(
  weights: Float32Array,
  { height, width }: Kernel,
  at: Geometry,
  layout: SourceLayout,
  fused: boolean,
): PreparedTaps {
  const pitch = 4 * layout.rowPitch;
  const rowBytes = 4 * at.columns.output;
  return {
    words: weights.length,
    load(arena, address) {
      arena.floats.set(weights, address / 4);
      return (source, target, outPitch, count, bias) => {
        // −0 + 0 is +0.
        const offset = bias + 0;
        inRowTiles(count, FEW_ROWS, (rows, tiles, first) => {
          const specification = { height, width, rows, fused };
          const { few } = functionsOf(fewName(specification), arena, () => fewCode(specification));
          few(source + first * pitch, target + first * outPitch, address, pitch, outPitch, tiles, rowBytes, offset);
        });
      };
    },
  };
}

function denseTaps(weights: Float32Array, k: Kernel, at: Geometry, layout: SourceLayout, fused: boolean): PreparedTaps {
  const { height, width } = k;
  const tile = tileFor(at, fused);
  const pitch = 4 * layout.rowPitch;
  return {
    words: denseWords(weights.length, tile.rows),
    load(arena, address) {
      const lists = { address, weights, height, width };
      const operands = { pitch, plane: 4 * layout.planePitch, rowBytes: 4 * at.columns.output };
      return denseRun(arena, { tile, fused, column: width === 1 }, lists, operands);
    },
  };
}

function sparseTaps(
  weights: Float32Array,
  k: Kernel,
  at: Geometry,
  layout: SourceLayout,
  fused: boolean,
): PreparedTaps {
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
  const specification = { vectors: sparseVectors(at, fused), fused };
  const pitch = 4 * layout.rowPitch * rows.stride;
  const rowBytes = 4 * Math.max(4, columns.output);
  return {
    words: 2 * taps.length,
    load(arena, address) {
      const exports = functionsOf(sparseName(specification), arena, () => sparseCode(specification));
      taps.forEach((tap, i) => {
        arena.words[address / 4 + 2 * i] = 4 * offsets[i];
        arena.floats[address / 4 + 2 * i + 1] = tap;
      });
      return (source, target, outPitch, count, bias) => {
        exports.taps(source, target, address, taps.length, pitch, outPitch, count, rowBytes, bias);
      };
    },
  };
}
