import { checkKernel, type Kernel } from '../kernels/kernel.ts';
import type { SeparatedKernel } from '../kernels/separate.ts';
import { type Border, parseBorder } from '../planes/border.ts';
import { expectChoice } from '../planes/expected.ts';
import { expectPlanes, type Planes } from '../planes/planes.ts';
import { hasRelaxedMadd, hasSimd } from '../wasm/features.ts';
import { type Algorithm, ALGORITHMS, DEFAULT_PRECISION, type Precision, PRECISIONS } from './algorithm.ts';
import { expectChannels } from './channels.ts';
import { correlateDirect } from './direct/direct.ts';
import { DIRECT } from './direct/taps.ts';
import { correlateByFft } from './fft/fft.ts';
import type { Tiling } from './fft/fftTiles.ts';
import { expectBorderRead, type Geometry, type GeometryOptions, geometry } from './geometry.ts';
import { MINIMAL } from './minimal/minimalTaps.ts';
import { type Part, WHOLE } from './part.ts';
import { type CorrelationPlan, planCorrelation } from './plan.ts';
import { correlateByDefinition } from './reference.ts';
import { correlateSeparable } from './separable/separable.ts';

/** All that is settled about a correlation before it is computed; plain data, that another thread may be given. */
export interface Correlation {
  readonly at: Geometry;
  readonly border: Border;
  readonly algorithm: CorrelationPlan['algorithm'];
  /** The two kernels of `separable`. */
  readonly separated?: SeparatedKernel;
  /** Multiply and add in one rounding. */
  readonly fused: boolean;
  /** How transforms cut the result; by its own shape by default. */
  readonly tiling?: Tiling;
}

interface CorrelationOptions extends GeometryOptions {
  border?: Border;
  precision?: Precision;
  algorithm?: Algorithm;
}

/** @throws ExpectationError where channels, sizes or options do not fit */
export function correlationOf(x: Planes, k: Kernel, options: CorrelationOptions): Correlation {
  expectPlanes(x, 'the picture');
  checkKernel(k);
  expectChannels(x, k);
  const precision = expectChoice(options.precision ?? DEFAULT_PRECISION, 'precision', PRECISIONS);
  const asked = expectChoice(options.algorithm ?? 'auto', 'algorithm', ALGORITHMS);
  const border = parseBorder(options.border ?? 'zero');
  const at = geometry(x, k, options);
  expectBorderRead(options.border, options.padding);
  const fused = precision === 'fast' && hasRelaxedMadd();
  const { algorithm, separated } = planCorrelation(x, k, { geometry: at, precision, algorithm: asked });
  if (separated !== undefined) return { at, border, algorithm, separated, fused };
  // Without vector code the definition computes what direct code and transforms would.
  return { at, border, algorithm: hasSimd() ? algorithm : 'reference', fused };
}

/**
 * Computes a correlation, or a part of it.
 *
 * @param out planes of the result's shape; every sample of the part is written, and no other
 */
export function correlate(
  x: Planes,
  k: Kernel,
  { at, border, algorithm, separated, fused, tiling }: Correlation,
  out: Planes,
  part: Part = WHOLE,
): void {
  if (algorithm === 'reference') correlateByDefinition(x, k, at, border, out, part);
  else if (algorithm === 'fft') correlateByFft(x, k, at, border, out, { fused, part, tiling });
  else if (separated !== undefined) correlateSeparable(x, separated, at, border, out, { fused, part });
  else correlateDirect(x, k, at, border, out, { fused, part, method: algorithm === 'minimal' ? MINIMAL : DIRECT });
}
