import type { KernelDetector } from '../../../edges/detector/detector.ts';
import { byLargest, type Found, isWithin, stepsOf } from './found.ts';

/**
 * What G'MIC's square root, an estimate of the processor's that is improved once, is too small by: of a whole number nothing is left but the
 * one below, of most of them.
 */
const SHORT = -1e-6;

/** G'MIC's `gradient_norm`, over all channels together. */
export function gmicCandidates(found: Found): KernelDetector[] {
  const { core, input, truncate } = found;
  const { grey, blur } = input;
  if (core.name !== 'central' || core.response !== 'l2' || blur.smoothing !== undefined) return [];
  if (grey.name !== 'grey' && grey.name !== 'length') return [];
  const steps = { ...stepsOf(found), border: 'replicate', rounding: 'truncate' } as const;
  const call = 'gmic before.png gradient_norm';
  if (isWithin(truncate, 1)) {
    const from = { program: "G'MIC", call: `${call} -o after.png` };
    return [
      { ...steps, offset: SHORT / found.white, from },
      { ...steps, from },
    ];
  }
  const from = { program: "G'MIC", call: `${call} -n 0,255 -o after.png` };
  return byLargest(found, ['truncate']).map(() => ({ ...steps, scale: 'range', from }));
}
