import { expected } from '../../planes/expected.ts';
import { createPlanes, type Planes, whiteOf } from '../../planes/planes.ts';

/** What becomes of every sample, whatever stands beside it. */
export type ToneCurve =
  /** To that power, of white. */
  | { readonly gamma: number }
  /**
   * Shares of white for samples from black to white in even steps, with straight lines between: one list for each channel, or one for
   * all of them.
   */
  | { readonly values: readonly (readonly number[])[] };

/**
 * The samples after the curve. What lies below black or above white is taken for that.
 *
 * @param x C×H×W
 * @throws ExpectationError for a curve of another number of channels
 */
export function applyCurve(x: Planes, curve: ToneCurve): Planes {
  const white = whiteOf(x);
  const result = createPlanes(x.channels, x.height, x.width, x.white);
  const size = x.height * x.width;
  if ('values' in curve && curve.values.length !== 1 && curve.values.length !== x.channels) {
    throw expected(`one list of values, or ${x.channels}, one for each channel,`, 'a tone curve', curve.values.length);
  }
  for (let c = 0; c < x.channels; c++) {
    const value =
      'gamma' in curve
        ? (share: number): number => share ** curve.gamma
        : alongLines(curve.values[curve.values.length === 1 ? 0 : c]);
    for (let i = c * size; i < (c + 1) * size; i++) {
      result.data[i] = white * value(Math.min(1, Math.max(0, x.data[i] / white)));
    }
  }
  return result;
}

function alongLines(values: readonly number[]): (share: number) => number {
  const last = values.length - 1;
  return (share) => {
    const place = share * last;
    const at = Math.min(last - 1, Math.floor(place));
    const part = place - at;
    // A sample that a list has a value for gets that value, not one next to it.
    if (Math.abs(part) < ON_PLACE) return values[at];
    return Math.abs(part - 1) < ON_PLACE ? values[at + 1] : values[at] + part * (values[at + 1] - values[at]);
  };
}

const ON_PLACE = 1e-6;
