import { applyDetector } from '../../../edges/detector/applyDetector.ts';
import { detectorKernel, type KernelDetector, seesApart } from '../../../edges/detector/detector.ts';
import type { Planes } from '../../../planes/planes.ts';
import type { MapTarget } from '../mapTarget.ts';
import type { Strip } from '../strips.ts';
import { type Core, CORES } from './cores.ts';
import { EACH, GREY_ALREADY, greysOf, type KnownBlur, type KnownGrey, type KnownInput, NO_BLUR } from './inputs.ts';

/** Kernels that are known by a name, and what they may see of a picture. */
export interface CoreOfInput {
  readonly core: Core;
  readonly input: KnownInput;
  /** Colour, smoothing, kernels and what becomes of their responses. */
  readonly steps: KernelDetector;
  /** The same steps of strips that are prepared. */
  readonly ofPrepared: KernelDetector;
  /** Of each strip, made when it is asked for: its grey (or its channels), smoothed. */
  readonly prepared: readonly (() => Planes)[];
}

/** Every core over every input that a target may have; strips are prepared once an input. */
export async function* coresOfInputs(
  target: MapTarget,
  strips: readonly Strip[],
  blurs: readonly KnownBlur[],
  pause: () => Promise<void>,
): AsyncGenerator<CoreOfInput> {
  for (const input of inputsOf(target, blurs)) {
    await pause();
    const { color } = input.grey;
    const { smoothing } = input.blur;
    const prepared = strips.map(({ before }) => once(() => prepareStrip(before, color, smoothing)));
    const whole = {
      ...(color === undefined ? {} : { color }),
      ...(smoothing === undefined ? {} : { smoothing }),
    };
    const apart = seesApart(color) ? { color } : {};
    for (const core of CORES) {
      const { kernels, response, parts } = core;
      if (color === 'length' && response !== 'l2') continue;
      const own = { kernels, response, ...(parts && { parts }) };
      yield { core, input, prepared, steps: { ...whole, ...own }, ofPrepared: { ...own, ...apart } };
    }
  }
}

/** What may have been done to a picture before its map was made, in the words of programs. */
function* inputsOf({ before, map }: MapTarget, blurs: readonly KnownBlur[]): Generator<KnownInput> {
  const greys: readonly KnownGrey[] =
    before.channels === 1 ? [GREY_ALREADY] : map.channels === 3 ? [EACH] : greysOf(before);
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
  color: KernelDetector['color'],
  smoothing: KernelDetector['smoothing'],
): Planes {
  return applyDetector(before, {
    ...IDENTITY,
    ...(color === undefined ? {} : { color: seesApart(color) ? 'each' : color }),
    ...(smoothing === undefined ? {} : { smoothing }),
  }).map;
}

export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
