import { checkKernel, type Kernel } from '../kernels/kernel.ts';
import { type Border, parseBorder } from '../planes/border.ts';
import { ExpectationError, expectChoice } from '../planes/expected.ts';
import { createPlanes, expectPlanes, type Planes, shapeOf } from '../planes/planes.ts';
import { hasRelaxedMadd, hasSimd } from '../wasm/features.ts';
import { expectChannels } from './channels.ts';
import { correlateDirect } from './direct.ts';
import { type GeometryOptions, geometry } from './geometry.ts';
import { correlateByDefinition } from './reference.ts';

export type Precision = 'deterministic' | 'fast';

export type Algorithm = 'auto' | 'reference' | 'direct';

export interface Corr2dOptions extends GeometryOptions {
  /** What stands outside the picture where padding reaches there; `zero` where left out. */
  border?: Border;
  /**
   * `deterministic` (where left out): the same bytes on every machine. `fast` may fuse and regroup sums, and is held to a relative error.
   */
  precision?: Precision;
  /** How it is computed; `auto` where left out. */
  algorithm?: Algorithm;
  /** Planes of the result's shape, written and returned, instead of fresh ones. They may not share memory with the input. */
  out?: Planes;
}

/**
 * Two-dimensional cross-correlation: y[o, i, j] = bias[o]·white + Σ w[o, c, r, q] · x[c, i·stride + r·dilation, j·stride + q·dilation].
 * The kernel is not flipped; see {@link convolve2d} for the operation that does.
 *
 * @param x C×H×W samples of any range
 * @param k O×I×kh×kw taps; I·groups must be C
 * @returns O×H′×W′, H′ = ⌊(H + top + bottom − dilation·(kh − 1) − 1) / stride⌋ + 1 and W′ likewise, with the input's white
 * @throws ExpectationError where channels, sizes or options do not fit
 * @example
 * toNested(corr2d(planes([[0, 1, 2], [3, 4, 5], [6, 7, 8]]), kernel([[0, 1], [2, 3]]))) // [[[19, 25], [37, 43]]]
 */
export function corr2d(x: Planes, k: Kernel, options: Corr2dOptions = {}): Planes {
  expectPlanes(x, 'the picture');
  checkKernel(k);
  expectChannels(x, k);
  const precision = expectChoice(options.precision ?? 'deterministic', 'precision', ['deterministic', 'fast']);
  const algorithm = expectChoice(options.algorithm ?? 'auto', 'algorithm', ['auto', 'reference', 'direct']);
  const border = parseBorder(options.border ?? 'zero');
  const at = geometry(x, k, options);
  const out = outputFor(x, { channels: k.outChannels, height: at.rows.output, width: at.columns.output }, options.out);
  if (algorithm === 'reference' || !hasSimd()) correlateByDefinition(x, k, at, border, out);
  else correlateDirect(x, k, at, border, out, precision === 'fast' && hasRelaxedMadd());
  return out;
}

/** `given` where its shape fits and it does not overlap the input, else fresh planes. */
function outputFor(
  x: Planes,
  shape: { channels: number; height: number; width: number },
  given: Planes | undefined,
): Planes {
  if (given === undefined) return createPlanes(shape.channels, shape.height, shape.width, x.white);
  expectPlanes(given, 'out');
  if (shapeOf(given) !== shapeOf(shape)) {
    throw new ExpectationError(`Expected planes of ${shapeOf(shape)} for out but received ${shapeOf(given)}`);
  }
  if (overlap(x.data, given.data)) {
    throw new ExpectationError(
      'Expected planes of their own memory for out but received memory that the input lies in',
    );
  }
  return given.white === x.white ? given : { ...given, ...(x.white === undefined ? { white: 1 } : { white: x.white }) };
}

function overlap(a: Float32Array, b: Float32Array): boolean {
  return (
    a.buffer === b.buffer && a.byteOffset < b.byteOffset + b.byteLength && b.byteOffset < a.byteOffset + a.byteLength
  );
}
