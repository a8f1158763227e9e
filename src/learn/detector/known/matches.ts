import type { KernelDetector } from '../../../edges/detector/detector.ts';
import { openResponder } from '../../../edges/detector/respondRows.ts';
import { type Planes, whiteOf } from '../../../planes/planes.ts';
import { isInverted } from '../isInverted.ts';
import { isUnrounded, type MapTarget } from '../mapTarget.ts';
import { type ScaleRange, scaleBetween } from '../scaleBetween.ts';
import type { Strip } from '../strips.ts';
import { type CoreOfInput, coresOfInputs, once } from './coresOfInputs.ts';
import type { Found } from './found.ts';
import type { KnownBlur } from './inputs.ts';

/** What fits every strip, input by input. */
export async function* matches(
  target: MapTarget,
  strips: readonly Strip[],
  blurs: readonly KnownBlur[],
  pause: () => Promise<void>,
): AsyncGenerator<Found> {
  const white = whiteOf(target.map);
  const inverted = isInverted(target);
  const levels = whiteOf(target.picture) / white;
  const unrounded = isUnrounded(target);
  const ready = strips.map((strip) => ({
    ...strip,
    samples: inverted ? strip.samples.map((row) => row.map((sample) => white - sample)) : strip.samples,
  }));
  for await (const one of coresOfInputs(target, ready, blurs, pause)) {
    const ranges = fittingScales(one, ready, target);
    if (ranges === undefined) continue;
    const { core, input } = one;
    const steps = { core, input, inverted, white, stored: target.stored, levels, unrounded, ...ranges };
    yield { ...steps, largest: once(() => largestOf(target.before, one.steps)) };
  }
}

function fittingScales(
  { ofPrepared, prepared }: CoreOfInput,
  strips: readonly Strip[],
  target: MapTarget,
): Pick<Found, 'nearest' | 'truncate'> | undefined {
  const found: { nearest?: ScaleRange | undefined; truncate?: ScaleRange | undefined } = {};
  const white = whiteOf(target.map);
  const roundings = isUnrounded(target) ? (['nearest'] as const) : (['nearest', 'truncate'] as const);
  for (const [i, strip] of strips.entries()) {
    const responder = openResponder(prepared[i](), ofPrepared, false);
    for (const rounding of roundings) {
      if (i > 0 && found[rounding] === undefined) continue;
      let range: ScaleRange | undefined = found[rounding] ?? { least: 0, most: Number.POSITIVE_INFINITY };
      for (let c = 0; c < strip.samples.length && range !== undefined; c++) {
        const samples = strip.samples[c];
        const { size } = responder.respond(c, strip.row);
        const responses = size.subarray(strip.column, strip.column + samples.length);
        range = overlap(range, scaleBetween(responses, samples, white, target.stored ? rounding : 'none'));
      }
      found[rounding] = range;
    }
    if (found.nearest === undefined && found.truncate === undefined) return undefined;
  }
  return found;
}

function overlap(a: ScaleRange, b: ScaleRange | undefined): ScaleRange | undefined {
  if (b === undefined) return undefined;
  const range = { least: Math.max(a.least, b.least), most: Math.min(a.most, b.most) };
  return range.least <= range.most ? range : undefined;
}

function largestOf(before: Planes, steps: KernelDetector): number {
  const responder = openResponder(before, { ...steps, border: 'reflect101' }, false);
  let most = 0;
  for (let c = 0; c < responder.channels; c++) {
    for (let row = 0; row < before.height; row++) {
      const { size } = responder.respond(c, row);
      for (let j = 0; j < size.length; j++) if (size[j] > most) most = size[j];
    }
  }
  return most;
}
