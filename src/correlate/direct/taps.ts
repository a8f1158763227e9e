import type { Kernel } from '../../kernels/kernel.ts';
import type { Arena } from '../../wasm/arena.ts';
import type { Geometry } from '../geometry.ts';
import { functionsOf } from '../modules.ts';
import { type DenseSpecification, denseCode, denseName, packDense } from './denseCode.ts';
import { isDense, sparseVectors, tileFor } from './schedule.ts';
import { sparseCode, sparseName } from './sparseCode.ts';

/** Where samples lie under the taps, in floats. */
export interface SourceLayout {
  readonly phases: number;
  readonly phasePitch: number;
  readonly rowPitch: number;
  readonly planePitch: number;
}

/** Computes rows of one output channel: addresses and pitches in bytes. */
export type Run = (source: number, target: number, outPitch: number, rows: number, bias: number) => void;

export interface Taps {
  /** Words of 4 bytes that they take. */
  readonly words: number;
  /** Writes them to their place and gives what runs them. */
  load(arena: Arena, address: number): Run;
}

/** The taps of one output channel, as the code that suits them reads them. */
export function prepareTaps(k: Kernel, output: number, at: Geometry, layout: SourceLayout, fused: boolean): Taps {
  const size = k.inChannels * k.height * k.width;
  const weights = k.weights.subarray(output * size, (output + 1) * size);
  if (!isDense(weights, at)) return sparseTaps(weights, k, at, layout, fused);
  return denseTaps(weights, k, at, layout, fused);
}

function denseTaps(weights: Float32Array, k: Kernel, at: Geometry, layout: SourceLayout, fused: boolean): Taps {
  const { height, width } = k;
  const specification: DenseSpecification = { tile: tileFor(at, fused), fused, column: width === 1 };
  const { rows: most } = specification.tile;
  // The rows that are left over when a strip is cut into tiles have code, and an order of taps, of their own.
  const packed = Array.from({ length: most }, (_, i) => ({
    rows: i + 1,
    taps: packDense(weights, height, width, i + 1),
  }));
  const rowBytes = 4 * at.columns.output;
  const pitch = 4 * layout.rowPitch;
  const plane = 4 * layout.planePitch;
  return {
    words: packed.reduce((sum, { taps }) => sum + taps.length, 0),
    load(arena, address) {
      const exports = functionsOf(denseName(specification), arena, () => denseCode(specification));
      const places: number[] = [];
      let place = address;
      for (const { rows, taps } of packed) {
        arena.floats.set(taps, place / 4);
        places[rows] = place;
        place += 4 * taps.length;
      }
      return (source, target, outPitch, count, bias) => {
        const tiles = Math.floor(count / most);
        const left = count % most;
        const call = (rows: number, times: number, skipped: number): number =>
          exports[`rows${rows}`](
            source + skipped * pitch,
            target + skipped * outPitch,
            places[rows],
            pitch,
            plane,
            outPitch,
            times,
            rowBytes,
            k.inChannels,
            height,
            4 * width,
            bias,
          );
        if (tiles > 0) call(most, tiles, 0);
        if (left > 0) call(left, 1, tiles * most);
      };
    },
  };
}

function sparseTaps(weights: Float32Array, k: Kernel, at: Geometry, layout: SourceLayout, fused: boolean): Taps {
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
