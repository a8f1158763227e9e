import { turned } from './recover.ts';

/** Kernels whose taps are whole numbers times one factor. */
interface ShortTaps {
  /** Whole numbers. */
  readonly kernels: readonly Float64Array[];
  /** What they are multiplied by, as far as it is known. */
  readonly factor: number;
}

/** Chance is ruled out at one in so many. */
const SURE = 1000;

/** Nor may any tap be farther than this from a whole number. */
const FARTHEST = 0.1;

/** The largest whole number that a tap is taken for. */
const LARGEST = 1024;

/**
 * Kernels as whole numbers times a factor, where they are nearer to such than chance would have it: the smallest numbers that do.
 * What two kernels' length does not tell, how they are turned among themselves, is what makes the numbers smallest.
 *
 * @param free whether two kernels may be turned
 */
export function shortTaps(kernels: readonly Float64Array[], free: boolean): ShortTaps | undefined {
  if (!free || kernels.length !== 2) return wholeTaps(kernels, 1);
  let best: ShortTaps | undefined;
  const [first, second] = kernels;
  const angles = likelyTurns(first, second);
  for (const angle of angles) {
    const found = wholeTaps([turned(first, second, angle), turned(first, second, angle + Math.PI / 2)], angles.length);
    if (found !== undefined && (best === undefined || sizeOf(found) < sizeOf(best))) best = found;
  }
  return best ?? decimalTurn(first, second);
}

/** Two kernels whose length alone is known, turned among themselves so that the first is as odd across as can be. */
export function uprightPair([first, second]: readonly Float64Array[]): Float64Array[] {
  const [angle] = likelyTurns(first, second);
  return [turned(first, second, angle), turned(first, second, angle + Math.PI / 2)];
}

function sizeOf({ kernels }: ShortTaps): number {
  return Math.max(...kernels.flatMap((k) => Array.from(k, Math.abs)));
}

/** Turns after which one kernel is as odd across, or down, or as sparse, as can be. */
function likelyTurns(first: Float64Array, second: Float64Array): number[] {
  const steps = 1440;
  const measures: ((a: Float64Array, b: Float64Array) => number)[] = [evenAcross, sumOfSizes];
  return measures.map((measure) => {
    const at = (angle: number): number =>
      measure(turned(first, second, angle), turned(first, second, angle + Math.PI / 2));
    let best = 0;
    for (let i = 1; i < steps; i++) if (at((i * Math.PI) / steps) < at((best * Math.PI) / steps)) best = i;
    // Golden section around the best step.
    let [low, high] = [((best - 1) * Math.PI) / steps, ((best + 1) * Math.PI) / steps];
    const ratio = (Math.sqrt(5) - 1) / 2;
    for (let i = 0; i < 60; i++) {
      const [a, b] = [high - ratio * (high - low), low + ratio * (high - low)];
      if (at(a) < at(b)) high = b;
      else low = a;
    }
    return (low + high) / 2;
  });
}

/** What is left of a kernel where it is added to its mirror image. */
function evenAcross(k: Float64Array): number {
  const side = Math.sqrt(k.length);
  // Kernels that see colours are told by other measures.
  if (!Number.isInteger(side)) return 0;
  let sum = 0;
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      sum += (k[row * side + column] + k[row * side + side - 1 - column]) ** 2;
    }
  }
  return sum;
}

function sumOfSizes(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Math.abs(a[i]) + Math.abs(b[i]);
  return sum;
}

/**
 * All taps as whole numbers times a factor: the largest tap is the number under which all being as near to whole ones is the least likely
 * by chance. Multiples of it are farther off, and fewer digits than the taps have (3 for 10 of Scharr's) are far from all of them.
 */
function wholeTaps(kernels: readonly Float64Array[], tried: number): ShortTaps | undefined {
  const largest = Math.max(...kernels.flatMap((k) => Array.from(k, Math.abs)));
  if (!(largest > 0)) return undefined;
  const taps = kernels.reduce((sum, k) => sum + k.length, 0);
  let best: ShortTaps | undefined;
  let least = -Math.log(tried * SURE);
  for (let whole = 1; whole <= LARGEST; whole++) {
    let times = whole / largest;
    // The largest tap is a whole number by choice: the factor is what fits all of them best.
    for (let again = 0; again < 3; again++) times = bestTimes(kernels, times);
    const farthest = farthestFromWhole(kernels, times);
    const chance = (taps - 1) * Math.log(2 * Math.max(farthest, EXACT)) + Math.log(whole);
    if (farthest >= FARTHEST || chance >= least) continue;
    least = chance;
    best = { kernels: kernels.map((k) => k.map((tap) => Math.round(tap * times) + 0)), factor: 1 / times };
  }
  return best;
}

/** Taps that are exact differ from whole numbers by their last bits, which tell nothing. */
const EXACT = 1e-9;

/** Least squares of whole numbers on taps. */
function bestTimes(kernels: readonly Float64Array[], times: number): number {
  let [products, squares] = [0, 0];
  for (const k of kernels) {
    for (const tap of k) {
      const whole = Math.round(tap * times);
      products += tap * whole;
      squares += tap * tap;
    }
  }
  return products > 0 ? products / squares : times;
}

function farthestFromWhole(kernels: readonly Float64Array[], times: number): number {
  let farthest = 0;
  for (const k of kernels) {
    for (const tap of k) farthest = Math.max(farthest, Math.abs(tap * times - Math.round(tap * times)));
  }
  return farthest;
}

/** What people write decimals over, and scales of. */
const SCALES = [1, 1 / 2, 1 / 4, 1 / 8, 1 / 16, 1 / 10, 1 / 3];
const DECIMALS = [10, 100, 1000];

/** The turn after which all taps are decimals of few digits, times a factor that people write. */
function decimalTurn(first: Float64Array, second: Float64Array): ShortTaps | undefined {
  const taps = 2 * first.length;
  const largest = Math.max(...first.map(Math.abs), ...second.map(Math.abs));
  for (const over of DECIMALS) {
    for (const scale of SCALES) {
      const times = over / scale;
      if (times * largest > LARGEST) continue;
      // A step moves no tap by more than a tenth of a unit.
      const steps = Math.ceil(Math.PI * 10 * times * largest);
      let best = { angle: 0, farthest: 1 };
      for (let i = 0; i < steps; i++) {
        const angle = (i * Math.PI) / steps;
        const farthest = farthestFromWhole(
          [turned(first, second, angle), turned(first, second, angle + Math.PI / 2)],
          times,
        );
        if (farthest < best.farthest) best = { angle, farthest };
      }
      for (let width = Math.PI / steps; width > 1e-9; width /= 2) {
        for (const angle of [best.angle - width, best.angle + width]) {
          const farthest = farthestFromWhole(
            [turned(first, second, angle), turned(first, second, angle + Math.PI / 2)],
            times,
          );
          if (farthest < best.farthest) best = { angle, farthest };
        }
      }
      if (best.farthest >= FARTHEST || (2 * best.farthest) ** (taps - 1) * steps * SURE >= 1) continue;
      const kernels = [turned(first, second, best.angle), turned(first, second, best.angle + Math.PI / 2)];
      return { kernels: kernels.map((k) => k.map((tap) => Math.round(tap * times) + 0)), factor: 1 / times };
    }
  }
  return undefined;
}
