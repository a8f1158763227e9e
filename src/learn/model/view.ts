import type { Layer } from '../../layers/layer.ts';
import type { Random } from '../../layers/random.ts';
import { evenPart, periodOf } from '../../layers/reach.ts';
import { cutPlanes } from '../../planes/cut.ts';
import { expected } from '../../planes/expected.ts';
import { createPlanes, type Planes, shapeOf } from '../../planes/planes.ts';
import type { Example } from '../pairs.ts';

/** A part of a pair's before, and with it the part of its after that a model's outputs there are compared with. */
export interface View {
  readonly example: Example;
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

/** All of a pair, but for rows and columns at the end that a model which shrinks and enlarges would leave a remainder of. */
export function wholeOf(example: Example, { reach }: Layer): View {
  const { height, width } = example.before;
  return { example, top: 0, left: 0, height: evenPart(reach, 0, height), width: evenPart(reach, 1, width) };
}

/** A part of a random pair, anywhere in it where the model's period allows; no larger than the picture. */
export function randomView(
  examples: readonly Example[],
  size: readonly [number, number],
  { reach }: Layer,
  random: Random,
): View {
  const below = (limit: number): number => Math.floor(random.uniform(0, limit));
  const example = examples[below(examples.length)];
  const place = (axis: 0 | 1, whole: number, part: number): number =>
    below(Math.floor((whole - part) / periodOf(reach)[axis]) + 1) * periodOf(reach)[axis];
  const height = Math.min(size[0], evenPart(reach, 0, example.before.height));
  const width = Math.min(size[1], evenPart(reach, 1, example.before.width));
  return {
    example,
    top: place(0, example.before.height, height),
    left: place(1, example.before.width, width),
    height,
    width,
  };
}

/** The samples of the view's before. */
export function cut({ example: { before }, top, left, height, width }: View): Planes {
  if (height === before.height && width === before.width) return before;
  return cutPlanes(before, top, left, height, width);
}

/** Along one axis: outputs `from` (included) to `to` (excluded) are compared, output o with the after's line first + o·step. */
interface Span {
  readonly from: number;
  readonly to: number;
  readonly first: number;
  readonly step: number;
}

/**
 * Which outputs of a view are compared: those whose windows do not leave it. An after of the model's own output size is met line
 * by line, and so is one of the before's size where the outputs are as many as the inputs; else an output is met at the middle of
 * its window, the later one where there are two (where `same` padding would have put it).
 *
 * @param output the model's output on the view
 */
export function comparedSpans(view: View, { reach }: Layer, output: Planes): readonly [rows: Span, columns: Span] {
  const { before, after } = view.example;
  const own = after.height !== before.height || after.width !== before.width;
  const along = (axis: 0 | 1, start: number, inputs: number, outputs: number): Span => {
    const [size, stride, offset] = [reach.size[axis], reach.stride[axis], reach.offset[axis]];
    // After upsampling these may be fractions, of which a quotient may be rounded to either side of a whole number.
    const from = Math.max(0, Math.ceil(-offset / stride - 1e-9));
    const to = Math.min(outputs, Math.floor((inputs - size - offset) / stride + 1e-9) + 1);
    if (own) return { from, to, first: start / stride, step: 1 };
    if (outputs === inputs) return { from, to, first: start, step: 1 };
    return { from, to, first: start + offset + Math.ceil((size - 1) / 2), step: stride };
  };
  return [along(0, view.top, view.height, output.height), along(1, view.left, view.width, output.width)];
}

/**
 * Refuses a pair whose after is neither of its before's size nor of the model's output's, or has other channels than that.
 * What the model gives for the whole picture is told from one large enough for a single window.
 */
export function expectFitting({ before, after, where }: Example, model: Layer): void {
  const { reach } = model;
  const { stride } = reach;
  const size = reach.size.map(Math.ceil);
  const even = [evenPart(reach, 0, before.height), evenPart(reach, 1, before.width)];
  if (even[0] < size[0] || even[1] < size[1]) {
    throw expected(
      `a before of at least ${size[0]}×${size[1]}, which an output sees,`,
      where,
      `${before.height}×${before.width}`,
    );
  }
  const [height, width] = ([0, 1] as const).map(
    (axis) => size[axis] + ((even[axis] - size[axis]) % periodOf(reach)[axis]),
  );
  const probe = model.forward(createPlanes(before.channels, height, width));
  const output = {
    channels: probe.channels,
    height: probe.height + (even[0] - height) / stride[0],
    width: probe.width + (even[1] - width) / stride[1],
  };
  // Where layers shrink and enlarge, an after of the before's size is met line by line or not at all.
  const isMet = reach.period === undefined || (output.height === even[0] && output.width === even[1]);
  const fits = [output, ...(isMet ? [{ ...before, channels: output.channels }] : [])].map(shapeOf);
  if (!fits.includes(shapeOf(after))) {
    throw expected(`an after of ${[...new Set(fits)].join(' or of ')}`, where, shapeOf(after));
  }
}
