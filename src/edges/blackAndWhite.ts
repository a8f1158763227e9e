import { openLoans } from '../correlate/loans.ts';
import { cutRows, placeRows } from '../planes/pictureRows.ts';
import { channelOf, createPlanes, type Planes } from '../planes/planes.ts';
import { NONE } from './lines/hysteresis.ts';
import { limitMarks } from './lines/limitMarks.ts';
import { createMarks, type Marks } from './lines/marks.ts';
import type { Inside } from './lines/mask.ts';
import { thinMarks } from './lines/thinMarks.ts';
import type { Edges } from './options.ts';
import type { Settings } from './settings.ts';
import type { EachStrip, ResponseStrip } from './strips/eachStrip.ts';
import { orderedThresholds } from './thresholds/orderedThresholds.ts';
import { interpolatedQuantileOf } from './thresholds/quantile.ts';
import { LEAST_THRESHOLD, type ParsedThreshold, valueOf } from './thresholds/threshold.ts';
import type { Values } from './thresholds/values.ts';

/** Edges in black and white, 255 and 0, for each channel. */
interface BlackAndWhite extends Pick<Edges, 'thresholds' | 'notes'> {
  readonly samples: Uint8Array[];
}

/**
 * Where responses are above a threshold, or above `high`, and above `low` and joined to such. Where a threshold depends on all
 * responses, these are kept in Float32 meanwhile, or, where they are many and of several channels, computed once more for each time
 * that they are gone through: they would take twelve bytes a pixel.
 *
 * @param shape that of the map
 * @param each gives its responses
 * @param also called with every strip once
 */
export function blackAndWhite(
  shape: Shape,
  settings: Settings,
  inside: Inside | undefined,
  each: EachStrip,
  also: (strip: ResponseStrip) => void,
): BlackAndWhite {
  const { channels, height, width, white = 1 } = shape;
  const marks = Array.from({ length: channels }, () => createMarks(height, width));
  const isStated = thresholdsIn(settings).every((form) => form.kind === 'value');
  const cut = isKept(isStated, shape) ? byKept() : byStrips();
  return { samples: marks.map((ofChannel) => samplesOf(ofChannel, settings)), ...cut.report };

  /** Marks are made when thresholds are known. */
  function byStrips(): Cut {
    const found = cutOf(settings, white, valuesOfStrips(each, inside), valuesOfStrips(each, undefined));
    each((strip) => {
      also(strip);
      markStrip(strip, settings, found.limits, marks);
      for (const ofChannel of marks) clearOutside(ofChannel, strip.from, strip.to, width, inside);
    });
    return found;
  }

  /** Thin lines, which depend on gradients, are marked first, whatever the thresholds will be. */
  function byKept(): Cut {
    const loans = openLoans();
    try {
      const kept =
        4 * channels * height * width <= MOST_LENT
          ? loans.lend(channels, height, width, white)
          : createPlanes(channels, height, width, white);
      const { thin } = settings;
      each((strip) => {
        also(strip);
        placeRows(rowsOf(strip), strip.from, kept);
        if (thin === undefined) return;
        markStrip(strip, settings, ANY, marks);
        for (const ofChannel of marks) clearOutside(ofChannel, strip.from, strip.to, width, inside);
      });
      const found = cutOf(settings, white, valuesOfPlanes(kept, inside), valuesOfPlanes(kept, undefined));
      marks.forEach((ofChannel, c) => {
        const { data } = channelOf(kept, c);
        limitMarks(data, width, found.limits, (row) => ofChannel.row(row), thin !== undefined);
        if (thin === undefined) clearOutside(ofChannel, 0, height, width, inside);
      });
      return found;
    } finally {
      loans.end();
    }
  }
}

type Shape = Omit<Planes, 'data'>;

/** Whether responses are kept until the thresholds that depend on them are known. */
export function isKept(
  isStated: boolean,
  { channels, height, width }: Pick<Shape, 'channels' | 'height' | 'width'>,
): boolean {
  return !isStated && (channels === 1 || 4 * channels * height * width <= MOST_KEPT);
}

/** Bytes of responses of several channels that are kept rather than computed again. */
const MOST_KEPT = 2 ** 28;

/** Bytes of responses that are kept in the engine's memory, which stays the process's: fresh memory costs its page faults. */
const MOST_LENT = 2 ** 26;

/** Limits that every response but 0 is within. */
const ANY: Cut['limits'] = [0, Number.POSITIVE_INFINITY];

function samplesOf(marks: Marks, { hysteresis }: Settings): Uint8Array {
  if (hysteresis !== undefined) marks.follow();
  return marks.toSamples();
}

/** A strip's own responses. */
function rowsOf({ from, to, first, responses }: ResponseStrip): Planes {
  return cutRows(responses.strength, from - first, to - first);
}

function markStrip(
  { from, to, first, responses }: ResponseStrip,
  { thin }: Settings,
  limits: Cut['limits'],
  marks: readonly Marks[],
): void {
  const { strength, across, down } = responses;
  marks.forEach((ofChannel, c) => {
    const length = channelOf(strength, c);
    if (thin !== undefined && across !== undefined && down !== undefined) {
      const gradients = { length, across: channelOf(across, c), down: channelOf(down, c) };
      thinMarks(gradients, thin, [from - first, to - first], limits, (row) => ofChannel.row(first + row));
    } else {
      const { data, width } = cutRows(length, from - first, to - first);
      limitMarks(data, width, limits, (row) => ofChannel.row(from + row), false);
    }
  });
}

function clearOutside(marks: Marks, from: number, to: number, width: number, inside: Inside | undefined): void {
  for (let start = from; inside !== undefined && start < to; start += ROWS_AT_ONCE) {
    const end = Math.min(to, start + ROWS_AT_ONCE);
    const of = inside(start, end);
    for (let row = start; row < end; row++) {
      const ofRow = marks.row(row);
      const at = (row - start) * width;
      for (let j = 0; j < width; j++) if (of[at + j] === 0) ofRow[j] = NONE;
    }
  }
}

/** Rows of a mask that are made at a time. */
const ROWS_AT_ONCE = 64;

/** What thresholds come to. */
interface Cut {
  /** In samples: weak pixels are above the first, strong ones above the second. */
  readonly limits: readonly [low: number, high: number];
  readonly report: Pick<Edges, 'thresholds' | 'notes'>;
}

/**
 * @param values gone through where a threshold depends on them
 * @param all those outside, too
 */
function cutOf(
  { threshold, hysteresis, isCanny, convention }: Settings,
  white: number,
  values: Values,
  all: Values,
): Cut {
  const asSkimage = isCanny && convention === 'skimage';
  const levelOf = (form: ParsedThreshold): number => {
    // scikit-image's quantiles are of all gradients, those of the rim and outside the mask too.
    if (asSkimage && form.kind === 'quantile')
      return Math.max(LEAST_THRESHOLD, interpolatedQuantileOf(all, form.value) / white);
    return valueOf(values, white, form);
  };
  if (threshold !== undefined || hysteresis === undefined) {
    const high = levelOf(threshold as ParsedThreshold);
    return { limits: [high * white, high * white], report: { thresholds: { high } } };
  }
  const { low, high, notes } = orderedThresholds(hysteresis, levelOf);
  // scikit-image keeps what reaches a threshold, not what exceeds it.
  const above = asSkimage ? 1 - 2 ** -24 : 1;
  return {
    limits: [low * above * white, high * above * white],
    report: { thresholds: { low, high }, ...(notes.length > 0 ? { notes } : {}) },
  };
}

/** Thresholds that are stated, or stand for those that are not. */
export function thresholdsIn({ threshold, hysteresis }: Pick<Settings, 'threshold' | 'hysteresis'>): ParsedThreshold[] {
  if (threshold !== undefined) return [threshold];
  const { low, high } = hysteresis ?? {};
  const stated = [low, high].filter((form) => form !== undefined);
  return stated.length > 0 ? stated : [{ kind: 'default' }];
}

/** The responses that count for a threshold that depends on them; those outside are none of the picture's. */
function valuesOfPlanes(kept: Planes, inside: Inside | undefined): Values {
  if (inside === undefined) return (visit) => visit(kept.data);
  return (visit) => {
    for (let row = 0; row < kept.height; row += ROWS_AT_ONCE) {
      visitInside(cutRows(kept, row, Math.min(kept.height, row + ROWS_AT_ONCE)), row, inside, visit);
    }
  };
}

function valuesOfStrips(each: EachStrip, inside: Inside | undefined): Values {
  return (visit) => each((strip) => visitInside(rowsOf(strip), strip.from, inside, visit));
}

function visitInside(
  rows: Planes,
  from: number,
  inside: Inside | undefined,
  visit: (list: Float32Array) => void,
): void {
  const of = inside?.(from, from + rows.height);
  if (of === undefined) return visit(rows.data);
  for (let c = 0; c < rows.channels; c++) visit(channelOf(rows, c).data.filter((_, i) => of[i] === 1));
}
