import type { Example } from '../pairs.ts';
import { roundingOf } from './order.ts';

/** What is judged: root mean square in units of white, and shares that are accounted for and left over. */
interface Judged {
  readonly rms: number;
  readonly r2: number;
  readonly leftOfChange?: number;
}

/** Times what rounding alone leaves: a second rounding, as of a filter in two passes, makes it up to 2. */
const NEAR_ROUNDING = 2.5;

/** Of exact numbers' variance. */
const NEAR_EXACT = 1e-3;

/** What losses leave over, of the afters' variance and of what was changed. */
const LEFT_BY_LOSSES = 0.05;
const LEFT_OF_CHANGE_BY_LOSSES = 0.5;
/** Of the afters' variance where nothing is known of the change, as they have other channels than the befores. */
const LEFT_OF_OTHER_CHANNELS = 0.01;

/**
 * Whether a kernel explains its pairs: it leaves about what rounding leaves, or of exact numbers next to nothing; where afters were coded
 * with losses, little of their variance and less than half of what was changed. Of a kernel that does not, nothing is said but that.
 */
export function isExplained({ rms, r2, leftOfChange }: Judged, examples: readonly Example[]): boolean {
  const left = 1 - r2;
  if (examples.some(({ lossy }) => lossy)) {
    if (leftOfChange === undefined) return left <= LEFT_OF_OTHER_CHANNELS;
    return left <= LEFT_BY_LOSSES && leftOfChange <= LEFT_OF_CHANGE_BY_LOSSES;
  }
  return (
    left <= NEAR_EXACT ** 2 || rms <= NEAR_ROUNDING * roundingOf(examples) || (isExact(examples) && left <= NEAR_EXACT)
  );
}

/** Whether no after was rounded. */
function isExact(examples: readonly Example[]): boolean {
  return examples.every(({ clips }) => !clips);
}
