import { expected } from '../planes/expected.ts';
import { type Picture, planesOf } from '../planes/picture.ts';
import { expectPlanes, type Planes, whiteOf } from '../planes/planes.ts';

/** A picture before and after what is to be learned. */
export interface BeforeAfter {
  readonly before: Picture | Planes;
  readonly after: Picture | Planes;
}

/** A pair as the learning reads it. */
export interface Example {
  readonly before: Planes;
  /** Samples that are left out, as something else than the filter made them, are not a number here. */
  readonly after: Planes;
  /** The after as it was given, where samples of it are left out. */
  readonly whole?: Planes;
  /** Whether samples of the after at 0 or white may stand for anything below or above: a stored picture's do. */
  readonly clips: boolean;
  /** Whether the after's samples are whole numbers that were rounded; in linear light they are not. */
  readonly stored: boolean;
  /** Whether the after was coded with losses: its samples are near what was stored, no more. */
  readonly lossy: boolean;
  /** Whether the before was: then the kernel is that between decoded pictures. */
  readonly lossyBefore?: boolean;
  /** `pairs[0]`, as messages name it. */
  readonly where: string;
}

/**
 * @throws ExpectationError where there is no pair, a picture is none, or a sample is not a finite number
 */
export function examplesOf(pairs: readonly BeforeAfter[], where = 'pairs'): Example[] {
  if (!Array.isArray(pairs) || pairs.length === 0) throw expected('at least one pair of pictures', where, pairs);
  return pairs.map((pair: BeforeAfter, i) => {
    const at = `${where}[${i}]`;
    const before = samplesOf(pair?.before, `${at}.before`);
    const after = samplesOf(pair?.after, `${at}.after`);
    const stored = isStored(pair.after);
    return {
      before,
      after,
      clips: stored,
      stored,
      lossy: isLossy(pair.after),
      lossyBefore: isLossy(pair.before),
      where: at,
    };
  });
}

function samplesOf(x: Picture | Planes | undefined, where: string): Planes {
  if (typeof x !== 'object' || x === null) throw expected('a picture or planes', where, x);
  const p = planesOf(x);
  expectPlanes(p, where);
  const fault = firstNonFinite(p.data);
  if (fault !== -1) throw expected('finite samples', where, `${p.data[fault]} as sample ${fault}`);
  return p;
}

/** A loop takes a fifth of the time of `findIndex`, which for a pair of 12 megapixels in colour is as long as decoding it. */
function firstNonFinite(data: Float32Array): number {
  for (let i = 0; i < data.length; i++) {
    const sample = data[i];
    // Infinity less itself is not a number either.
    if (sample - sample !== 0) return i;
  }
  return -1;
}

/** Planes hold exact numbers, and so do pictures of Float32. */
function isStored(x: Picture | Planes): boolean {
  return 'planes' in x && x.depth !== 32;
}

function isLossy(x: Picture | Planes): boolean {
  return 'planes' in x && x.lossy;
}

/** Whether a sample is all that was left of one that may have been beyond; or is left out. */
export function isClipped(sample: number, { after, clips }: Pick<Example, 'after' | 'clips'>): boolean {
  return Number.isNaN(sample) || (clips && (sample <= 0 || sample >= whiteOf(after)));
}

/** The pairs with all samples that were given. */
export function wholeOf(examples: readonly Example[]): readonly Example[] {
  return examples.map(({ whole, ...example }) => (whole === undefined ? example : { ...example, after: whole }));
}

/** Of all samples after. */
export function clippedShareOf(examples: readonly Example[]): number {
  let [clipped, samples] = [0, 0];
  for (const example of examples) {
    const { data } = example.after;
    samples += data.length;
    for (let i = 0; i < data.length; i++) if (isClipped(data[i], example)) clipped++;
  }
  return clipped / samples;
}
