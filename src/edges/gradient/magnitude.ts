import { expectChoice, expected } from '../../planes/expected.ts';
import { createPlanes, expectPlanes, type Planes, shapeOf } from '../../planes/planes.ts';
import { functionsOf } from '../../wasm/modules.ts';
import { arenaOf, workspace } from '../../wasm/workspace.ts';
import { magnitudeCode, magnitudeName } from './magnitudeCode.ts';
import { type MagnitudeNorm, MAGNITUDE_NORMS } from './magnitudeNorm.ts';

/**
 * The length of the vectors (a, b), sample by sample, each operation rounded to Float32.
 *
 * @param a C×H×W
 * @param b of the same shape
 * @param scale what each length is multiplied by, in Float32
 * @param out planes of the same shape that are written and returned, rather than fresh ones
 * @returns C×H×W, not negative
 * @throws ExpectationError where the shapes differ, or the norm is unknown
 * @example
 * toNested(magnitude(planes([[3]]), planes([[-4]]), 'l2')) // [[[5]]]
 * toNested(magnitude(planes([[3]]), planes([[-4]]), 'l1')) // [[[7]]]
 */
export function magnitude(a: Planes, b: Planes, norm: MagnitudeNorm = 'l2', scale = 1, out?: Planes): Planes {
  expectChoice(norm, 'magnitude', MAGNITUDE_NORMS);
  expectPlanes(a, 'magnitude');
  expectPlanes(b, 'magnitude');
  if (shapeOf(a) !== shapeOf(b)) throw expected('planes of one shape', 'magnitude', `${shapeOf(a)} and ${shapeOf(b)}`);
  if (out !== undefined && shapeOf(out) !== shapeOf(a)) throw expected(`planes of ${shapeOf(a)}`, 'out', shapeOf(out));
  const length = out ?? createPlanes(a.channels, a.height, a.width, a.white);
  const factor = Math.fround(scale);
  const done = inEngine(a.data, b.data, norm, factor, length.data);
  const fill = norm === 'l1' ? sums : roots;
  fill(a.data, b.data, factor, length.data, done);
  return length;
}

/** Samples that are computed before they are taken out of the engine's memory: they stay in the cache. */
const CHUNK = 8192;

/** Computes samples where they lie in the engine's memory, in whole chunks where the result does not. How many there were. */
function inEngine(a: Float32Array, b: Float32Array, norm: MagnitudeNorm, scale: number, out: Float32Array): number {
  const arena = arenaOf(a);
  if (arena === undefined || arenaOf(b) !== arena) return 0;
  const { lengths } = functionsOf(magnitudeName(norm), arena, () => magnitudeCode(norm));
  if (arenaOf(out) === arena) {
    const whole = out.length - (out.length % 4);
    if (whole > 0) lengths(a.byteOffset, b.byteOffset, out.byteOffset, 4 * whole, scale);
    return whole;
  }
  const own = workspace([a], 4 * CHUNK);
  if (own.arena !== arena) return 0;
  const made = arena.floats.subarray(own.address / 4, own.address / 4 + CHUNK);
  let done = 0;
  for (; done + CHUNK <= out.length; done += CHUNK) {
    lengths(a.byteOffset + 4 * done, b.byteOffset + 4 * done, own.address, 4 * CHUNK, scale);
    out.set(made, done);
  }
  return done;
}

function sums(a: Float32Array, b: Float32Array, scale: number, out: Float32Array, from: number): void {
  for (let i = from; i < out.length; i++) out[i] = Math.fround(Math.abs(a[i]) + Math.abs(b[i])) * scale;
}

function roots(a: Float32Array, b: Float32Array, scale: number, out: Float32Array, from: number): void {
  for (let i = from; i < out.length; i++) {
    const squares = Math.fround(Math.fround(a[i] * a[i]) + Math.fround(b[i] * b[i]));
    out[i] = Math.fround(Math.sqrt(squares)) * scale;
  }
}
