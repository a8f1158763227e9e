import { isFloat32Array } from '../../planes/typedArrays.ts';
import type { Interleaved } from './pickSamples.ts';

/**
 * Colours that are multiplied by alpha as they were before, in place: to the nearest sample where samples are whole numbers; nothing is left
 * of a colour where alpha is 0.
 */
export function divideByAlpha({ samples, stride, alphaAt }: Interleaved, white: number): void {
  if (alphaAt === undefined) return;
  const isWhole = !isFloat32Array(samples);
  for (let i = 0; i < samples.length; i += stride) {
    const alpha = samples[i + alphaAt];
    for (let c = 0; c < alphaAt; c++) {
      const colour = alpha > 0 ? (samples[i + c] * white) / alpha : 0;
      samples[i + c] = isWhole ? Math.min(Math.round(colour), white) : colour;
    }
  }
}
