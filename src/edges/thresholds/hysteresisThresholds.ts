import { type ParsedThreshold } from './threshold.ts';

export interface Hysteresis {
  readonly low: ParsedThreshold | undefined;
  readonly high: ParsedThreshold | undefined;
}
