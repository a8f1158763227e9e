import type { Border } from '../planes/border.ts';
import { optionNames } from '../planes/expectOptions.ts';
import type { Planes } from '../planes/planes.ts';
import type { Algorithm, Precision } from './algorithm.ts';
import type { GeometryOptions } from './geometry.ts';

export interface Corr2dOptions extends GeometryOptions {
  /** What stands outside the picture; `zero` by default. Refused where padding reads nothing there (`valid`, 0). */
  border?: Border;
  /**
   * `deterministic` (the default): the same bytes on every machine. `fast` may fuse and regroup sums, and is held to a relative error.
   */
  precision?: Precision;
  /** How it is computed; `auto` by default. */
  algorithm?: Algorithm;
  /** Planes of the result's shape, written and returned, instead of fresh ones. They may not share memory with the input. */
  out?: Planes;
}

/** Those of every correlation, of one, two or three dimensions. */
export const CORRELATION_OPTIONS: readonly string[] = optionNames<Omit<Corr2dOptions, 'out'>>({
  stride: true,
  dilation: true,
  padding: true,
  border: true,
  precision: true,
  algorithm: true,
});

export const CORR2D_OPTIONS: readonly string[] = [...CORRELATION_OPTIONS, 'out'];
