import type { RoundedPasses } from '../../correlate/nonlinear/roundedPasses.ts';
import type { BorderName } from '../../planes/border.ts';
import type { Exactly } from './exactly.ts';

/** A blur of a program whose passes are rounded one by one, or an unsharp mask of it. */
export interface FoundPasses extends Exactly {
  readonly passes: RoundedPasses;
  readonly border: BorderName;
  /** The calls that it is, of each program that it may have been. */
  readonly calls: readonly string[];
}
