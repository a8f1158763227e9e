import type { Lend } from '../planes/pictureRows.ts';
import type { Planes } from '../planes/planes.ts';
import { allocatePlanes, release } from './allocate.ts';

/** Planes in the engine's memory, where all steps pass through: fresh arrays would cost more than the correlations. */
export interface Loans {
  readonly lend: Lend;
  /** Gives all of them back; they must not be used any more. */
  end(): void;
}

export function openLoans(): Loans {
  const lent: Planes[] = [];
  return {
    lend(...shape) {
      const out = allocatePlanes(...shape);
      lent.push(out);
      return out;
    },
    end: () => lent.splice(0).forEach(release),
  };
}
