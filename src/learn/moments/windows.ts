import { type SampleRange } from './lineSamples.ts';

/** Where so many samples of a row lie. */
export interface Row {
  readonly samples: Float32Array;
  readonly from: number;
}

/** A rectangle of windows, and what is multiplied with their samples. */
export interface Windows {
  /** Rows and columns of windows; no more columns than {@link MOST_COLUMNS}, and no fewer than of taps. */
  readonly height: number;
  readonly width: number;
  readonly tapRows: number;
  readonly tapColumns: number;
  /** Channels whose samples a window holds. */
  readonly inputs: number;
  /** A row of a channel: width + tapColumns − 1 samples, of height + tapRows − 1 rows. */
  readonly inputRow: (channel: number, row: number) => Row;
  /** Planes of a sample a window. */
  readonly targets: number;
  readonly targetRow: (target: number, row: number) => Row;
  /** Of all these samples. */
  readonly range: SampleRange;
}
