import { applyDetector } from '../../../edges/detector/applyDetector.ts';
import {
  type DetectorColor,
  detectorKernel,
  type KernelDetector,
  seesApart,
} from '../../../edges/detector/detector.ts';
import { openResponder } from '../../../edges/detector/respondRows.ts';
import { type Planes, whiteOf } from '../../../planes/planes.ts';
import { isInverted } from '../isInverted.ts';
import { isUnrounded, type MapTarget } from '../mapTarget.ts';
import { type ScaleRange, scaleBetween } from '../scaleBetween.ts';
import type { Strip } from '../strips.ts';
import { type Core, CORES } from './cores.ts';
import type { Found } from './found.ts';
import { EACH, GREY_ALREADY, GREYS, type KnownBlur, type KnownGrey, type KnownInput, NO_BLUR } from './inputs.ts';

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
  for (const input of inputsOf(target, blurs)) {
    await pause();
    const prepared = ready.map((strip) =>
      once(() => prepareStrip(strip.before, input.grey.color, input.blur.smoothing)),
    );
    for (const core of CORES) {
      if (input.grey.name === 'length' && core.response !== 'l2') continue;
      const ranges = fittingScales(core, input.grey, ready, prepared, target);
      if (ranges === undefined) continue;
      const steps = { core, input, inverted, white, stored: target.stored, levels, unrounded, ...ranges };
      yield { ...steps, largest: once(() => largestOf(target.before, core, input)) };
    }
  }
}

/** What may have been done to a picture before its map was made, in the words of programs. */
export function* inputsOf({ before, map }: MapTarget, blurs: readonly KnownBlur[]): Generator<KnownInput> {
  const greys: readonly KnownGrey[] = before.channels === 1 ? [GREY_ALREADY] : map.channels === 3 ? [EACH] : GREYS;
  for (const blur of blurs) {
    for (const grey of greys) if (blur === NO_BLUR || isOneProgram(grey, blur)) yield { grey, blur };
  }
}

/** Whether a program is likely to have made both: what is smoothed by one is seldom made grey by another. */
function isOneProgram(grey: KnownGrey, { program }: KnownBlur): boolean {
  return grey === GREY_ALREADY || grey === EACH || grey.name === (program === 'OpenCV' ? 'opencv' : 'skimage');
}

const IDENTITY = { kernels: [detectorKernel([[1]])], response: 'clamp' } as const;

/** A strip's grey (or its channels), smoothed. */
export function prepareStrip(
  before: Planes,
  color: DetectorColor | undefined,
  smoothing: KernelDetector['smoothing'],
): Planes {
  return applyDetector(before, {
    ...IDENTITY,
    ...(color === undefined ? {} : { color: seesApart(color) ? 'each' : color }),
    ...(smoothing === undefined ? {} : { smoothing }),
  }).map;
}

function fittingScales(
  core: Core,
  { color }: KnownGrey,
  strips: readonly Strip[],
  prepared: readonly (() => Planes)[],
  target: MapTarget,
): Pick<Found, 'nearest' | 'truncate'> | undefined {
  const apart = seesApart(color) ? { color } : {};
  const detector: KernelDetector = {
    kernels: core.kernels,
    response: core.response,
    ...apart,
    ...(core.parts && { parts: core.parts }),
  };
  const found: { nearest?: ScaleRange | undefined; truncate?: ScaleRange | undefined } = {};
  const white = whiteOf(target.map);
  const roundings = isUnrounded(target) ? (['nearest'] as const) : (['nearest', 'truncate'] as const);
  for (const [i, strip] of strips.entries()) {
    const responder = openResponder(prepared[i](), detector, false);
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

function largestOf(before: Planes, { kernels, response, parts }: Core, { grey, blur }: KnownInput): number {
  const detector: KernelDetector = {
    kernels,
    response,
    ...(parts && { parts }),
    ...(grey.color === undefined ? {} : { color: grey.color }),
    ...(blur.smoothing === undefined ? {} : { smoothing: blur.smoothing }),
    border: 'reflect101',
  };
  const responder = openResponder(before, detector, false);
  let most = 0;
  for (let c = 0; c < responder.channels; c++) {
    for (let row = 0; row < before.height; row++) {
      const { size } = responder.respond(c, row);
      for (let j = 0; j < size.length; j++) if (size[j] > most) most = size[j];
    }
  }
  return most;
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
