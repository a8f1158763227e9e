import type { Residual } from '../moments/residual.ts';
import type { DetectorCertificate } from './certifyDetector.ts';

/** How a detector was found. */
export type DetectorMethod = 'known' | 'recovered' | 'near';

/** What is known of a detector that was learned, beside its steps. JSON as it stands, but for Infinity. */
export interface DetectorReport extends Residual {
  /**
   * `known`: one of a program's, tried until it gave the samples; `recovered`: from the samples alone; `near`: the one of the known that
   * comes nearest to a map that none gives, or that was coded with losses.
   */
  readonly method: DetectorMethod;
  readonly samples: number;
  /** The map's sample that stands for white. */
  readonly white: number;
  /** Of maps stored without loss: how many of their samples the detector gives exactly. */
  readonly certificate?: DetectorCertificate;
  /** Thresholds that give the same maps, from the first number on, up to the second: in units of white. */
  readonly ranges?: {
    readonly low?: readonly [number, number];
    readonly high?: readonly [number, number];
    readonly threshold?: readonly [number, number];
  };
  /** What a person should know, a sentence each. */
  readonly notes: readonly string[];
}
