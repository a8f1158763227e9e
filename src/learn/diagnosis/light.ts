import { filterPicture } from '../../correlate/filterPicture.ts';
import type { Kernel } from '../../kernels/kernel.ts';
import { cutPlanes } from '../../planes/cut.ts';
import { type Planes, whiteOf } from '../../planes/planes.ts';
import { decodeSrgb, encodeSrgb } from '../../planes/srgb.ts';
import { originInAfter } from '../kernelShape.ts';
import { type Example, isClipped } from '../pairs.ts';
import { roundingOf } from './order.ts';

export type Light = 'stored' | 'linear';

/** What each of two kernels leaves of the stored samples: root mean square, in units of white. */
export interface ComparedLight {
  readonly stored: number;
  readonly linear: number;
  /** None where neither is clearly better: on pictures of one brightness both are. */
  readonly light?: Light;
}

/** The better of the two must leave less than this share of what the other leaves. */
const CLEARLY = 0.75;
/** And must leave less than so many times what rounding leaves: of two that explain nothing, none is the light. */
const NEAR_ROUNDING = 2.5;
/** Less than this, or than rounding leaves, is as good as nothing. */
const FLOAT32 = 1e-6;

/** The pairs as a filter that works on linear light meets them: both pictures with the sRGB curve decoded. */
export function inLinearLight(examples: readonly Example[]): Example[] {
  return examples.map((example) => ({
    ...example,
    before: decodeSrgb(example.before),
    after: decodeSrgb(example.after),
    stored: false,
  }));
}

/**
 * Whether the filter worked on the stored samples or on linear light, told by which of the kernels fitted in each leaves less
 * of the stored samples; the linear one's responses are coded by the sRGB curve first. A middle part of each picture is compared,
 * of at most a million samples, without its rim and what is clipped.
 *
 * @param stored fitted to the examples as they are
 * @param linear fitted to {@link inLinearLight} of them
 */
export function compareLight(examples: readonly Example[], stored: Kernel, linear: Kernel): ComparedLight {
  const partsFor = (k: Kernel): Part[] => examples.map((example) => middleOf(example, k));
  const left = {
    stored: rmsOver(partsFor(stored), (before) => responseOf(before, stored)),
    linear: rmsOver(partsFor(linear), (before) => encodeSrgb(responseOf(decodeSrgb(before), linear))),
  };
  const least = Math.max(FLOAT32, roundingOf(examples));
  const [inStored, inLinear] = [Math.max(left.stored, least), Math.max(left.linear, least)];
  if (Math.min(inStored, inLinear) > NEAR_ROUNDING * least) return left;
  if (inLinear < CLEARLY * inStored) return { ...left, light: 'linear' };
  if (inStored < CLEARLY * inLinear) return { ...left, light: 'stored' };
  return left;
}

/** A window of the after, and the part of the before that its windows lie in. */
interface Part {
  readonly example: Example;
  readonly before: Planes;
  readonly after: Planes;
}

const MOST_SIDE = 1000;

function middleOf(example: Example, k: Kernel): Part {
  const { before, after } = example;
  const [top, left] = originInAfter(example, k);
  const height = Math.min(MOST_SIDE, before.height - k.height + 1);
  const width = Math.min(MOST_SIDE, before.width - k.width + 1);
  const row = (before.height - k.height + 1 - height) >> 1;
  const column = (before.width - k.width + 1 - width) >> 1;
  return {
    example,
    before: cutPlanes(before, row, column, height + k.height - 1, width + k.width - 1),
    after: cutPlanes(after, row + top, column + left, height, width),
  };
}

function responseOf(before: Planes, k: Kernel): Planes {
  return filterPicture({ planes: before, depth: 32, lossy: false, metadata: {} }, k, { padding: 'valid' }).planes;
}

function rmsOver(parts: readonly Part[], predict: (before: Planes) => Planes): number {
  let squares = 0;
  let samples = 0;
  for (const { example, before, after } of parts) {
    const predicted = predict(before).data;
    const white = whiteOf(after);
    const scale = white / whiteOf(before);
    for (let i = 0; i < predicted.length; i++) {
      if (isClipped(after.data[i], example)) continue;
      squares += ((predicted[i] * scale - after.data[i]) / white) ** 2;
      samples++;
    }
  }
  return Math.sqrt(squares / Math.max(1, samples));
}
