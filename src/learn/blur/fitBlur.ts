import { corr2d } from '../../correlate/corr2d.ts';
import { cutPlanes } from '../../planes/cut.ts';
import { channelOf } from '../../planes/planes.ts';
import { stackChannels } from '../../planes/stackChannels.ts';
import { transposePlanes } from '../../planes/transposePlanes.ts';
import type { KernelShape } from '../kernelShape.ts';
import { leastSquares, type Solution } from '../moments/leastSquares.ts';
import { selectUnknowns } from '../moments/momentAlgebra.ts';
import { momentsOf } from '../moments/moments.ts';
import type { Example } from '../pairs.ts';

/** A kernel that is a column times a row, and beside it a factor of the sample itself: a blur, or a mask of one. */
export interface Blur {
  /** Of as many taps as was asked for; they hold the factor of the blur. */
  readonly column: Float64Array;
  /** Sums to 1. */
  readonly row: Float64Array;
  /** What the sample itself is multiplied by, beside the blur. */
  readonly own: number;
  /** In units of white. */
  readonly bias: number;
  /** Of the column's taps, the row's, and the factor of the sample. */
  readonly errors: {
    readonly column: Float64Array;
    readonly row: Float64Array;
    readonly own: number;
    readonly bias: number;
  };
  /** Root mean square of what is left over, in units of white, of so many samples. */
  readonly rms: number;
  readonly samples: number;
}

/** Turns of column and row; blurs are at rest after a few. */
const MOST_TURNS = 16;

/** Of what is left over: a turn that takes less off it changes no tap that matters. */
const AT_REST = 1e-5;

/** Turns after which it shows whether there is such a product: turns take less and less off what is left. */
const TRIED = 4;

interface BlurOptions {
  /** Taps of the column and of the row, odd. */
  readonly side: number;
  /** Whether the sample itself has a factor of its own. */
  readonly masks: boolean;
  /** Root mean square that is hoped for: where the turns that are left cannot come to it, it is given up. */
  readonly hoped: number;
  /** Products that may be summed for windows by themselves, a channel; by default, as many as {@link momentsOf} sums. */
  readonly products?: number;
  /** What to begin with; by default, a triangle. */
  readonly start?: Pick<Blur, 'row'>;
}

/**
 * The column and the row whose product, with or without a factor of the sample itself, leaves least: least squares of one with the
 * other held, in turn. All channels share them.
 *
 * @param examples of as many channels after as before
 * @returns undefined where it is given up
 */
export async function fitBlur(
  examples: readonly Example[],
  { side, masks, hoped, start, products }: BlurOptions,
  pause: () => Promise<void>,
): Promise<Blur | undefined> {
  const upright = examples.flatMap(byChannel);
  const turned = upright.map(transposed);
  let row: Float64Array = start?.row ?? triangle(side);
  for (let turn = 0, before = Number.POSITIVE_INFINITY; ; turn++) {
    const down = await along(upright, row, { masks, products }, pause);
    const column = scaledToOne(down.taps);
    const across = await along(turned, column, { masks, products }, pause);
    row = scaledToOne(across.taps);
    if (turn >= TRIED && across.rms - hoped > (MOST_TURNS - turn) * (before - across.rms)) return undefined;
    const rests = !(across.rms < (1 - AT_REST) * before);
    before = across.rms;
    if (!rests && turn < MOST_TURNS) continue;
    const last = await along(upright, row, { masks, products }, pause);
    return {
      column: last.taps,
      row,
      own: last.own,
      bias: last.bias,
      errors: {
        column: last.errors,
        row: across.errors.map((error) => error / Math.abs(sumOf(across.taps))),
        own: last.ownError,
        bias: last.biasError,
      },
      rms: last.rms,
      samples: last.samples,
    };
  }
}

interface Line {
  readonly taps: Float64Array;
  readonly errors: Float64Array;
  readonly own: number;
  readonly ownError: number;
  readonly bias: number;
  readonly biasError: number;
  readonly rms: number;
  readonly samples: number;
}

/** The column of least squares under a row that is held. */
async function along(
  examples: readonly Example[],
  row: Float64Array,
  { masks, products }: { readonly masks: boolean; readonly products: number | undefined },
  pause: () => Promise<void>,
): Promise<Line> {
  const side = row.length;
  const filtered = examples.map((example) => filteredBy(example, row, masks));
  const inputs = masks ? 2 : 1;
  const shape: KernelShape = {
    sharing: masks ? 'full' : 'shared',
    outChannels: 1,
    inChannels: inputs,
    height: side,
    width: 1,
    groups: 1,
    bias: true,
  };
  const [all] = await momentsOf(filtered, shape, pause, products);
  const chosen = Array.from({ length: side }, (_, i) => i);
  if (masks) chosen.push(side + (side - 1) / 2);
  const moments = selectUnknowns(all, [...chosen, inputs * side]);
  const solution: Solution = leastSquares(moments, { bias: true });
  const { unknowns, standardErrors, squares, samples } = solution;
  return {
    taps: unknowns.slice(0, side),
    errors: standardErrors.slice(0, side),
    own: masks ? unknowns[side] : 0,
    ownError: masks ? standardErrors[side] : 0,
    bias: unknowns[unknowns.length - 1],
    biasError: standardErrors[unknowns.length - 1],
    rms: Math.sqrt(squares / Math.max(1, samples)),
    samples,
  };
}

/** One channel filtered along its rows, with the after where those windows lie; and the channel as it is beside it. */
function filteredBy(example: Example, row: Float64Array, masks: boolean): Example {
  const { before, after } = example;
  const side = row.length;
  const width = before.width - side + 1;
  const left = (side - 1) / 2;
  const response = corr2d(
    before,
    {
      outChannels: 1,
      inChannels: 1,
      height: 1,
      width: side,
      weights: Float32Array.from(row),
      bias: new Float32Array(1),
    },
    { precision: 'fast' },
  );
  const seen = masks ? stackChannels([response, cutPlanes(before, 0, left, before.height, width)]) : response;
  return { ...example, before: seen, after: cutPlanes(after, 0, left, after.height, width) };
}

function byChannel(example: Example): Example[] {
  const { before, after, whole: _, ...rest } = example;
  return Array.from({ length: before.channels }, (_unused, c) => ({
    ...rest,
    before: channelOf(before, c),
    after: channelOf(after, c),
  }));
}

function transposed(example: Example): Example {
  return { ...example, before: transposePlanes(example.before), after: transposePlanes(example.after) };
}

function triangle(side: number): Float64Array {
  const middle = (side - 1) / 2;
  return scaledToOne(Float64Array.from({ length: side }, (_, i) => middle + 1 - Math.abs(i - middle)));
}

function scaledToOne(values: Float64Array): Float64Array {
  const sum = sumOf(values);
  return values.map((value) => value / sum);
}

function sumOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}
