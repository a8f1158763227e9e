import type { Border } from '../planes/border.ts';
import { cutPlanes } from '../planes/cut.ts';
import { pad, type Sides } from '../planes/pad.ts';
import { channelOf, type Planes, toUnit, whiteOf } from '../planes/planes.ts';
import { stackChannels } from '../planes/stackChannels.ts';
import { expectModelFits, MODEL_LIMIT_BYTES, modelBytes } from './expectModelFits.ts';
import type { Layer } from './layer.ts';
import { evenPart, periodOf } from './reach.ts';

/**
 * A learned stack of layers applied to a picture: the stack works in units of white, the result has the picture's white again.
 * Along an axis without a stride that the stack does not pad itself, the picture is continued by the border, so that the result
 * keeps its size; where the span is odd the extra line goes on top or on the left, as `same` padding has it. Where a stack shrinks and
 * enlarges, the picture is continued at the bottom and on the right until it is shrunk without a remainder, and what is made of these
 * lines is cut off.
 * A stack that takes one channel is applied to each channel by itself.
 *
 * @param x C×H×W, C as the first layer takes it
 * @returns the last layer's channels (for each channel of the picture, where they go by themselves), H×W where no layer has a stride, or
 *   others enlarge as much as it shrinks
 * @throws ExpectationError where the picture does not fit the stack, or what the layers make of it takes more than `limitBytes`
 */
export function applyModel(
  model: Layer,
  x: Planes,
  border: Border = 'replicate',
  { limitBytes = MODEL_LIMIT_BYTES }: ModelLimits = {},
): Planes {
  expectModelFitsPicture(model, x, limitBytes);
  const unit = pad(toUnit(x), continuation(model, x), border);
  const alone = seesAlone(model, x);
  const parts = alone ? Array.from({ length: x.channels }, (_, c) => channelOf(unit, c)) : [unit];
  const responses = parts.map((part) => model.forward(part));
  const { channels, height, width, data } = keptOf(model, x, stackChannels(responses as [Planes, ...Planes[]]));
  const white = whiteOf(x);
  return { channels, height, width, data: white === 1 ? data : data.map((value) => value * white), white };
}

export interface ModelLimits {
  /** Bytes that the results of all layers may take, 4 GiB where left out; a model that would take more is refused. */
  limitBytes?: number;
}

/** {@link expectModelFits} of a picture that {@link applyModel} is given. */
export function expectModelFitsPicture(
  model: Layer,
  x: Pick<Planes, 'channels' | 'height' | 'width'>,
  limitBytes: number,
  admitting?: (mebibytes: number) => string,
): void {
  const alone = seesAlone(model, x);
  expectModelFits(model, seenShape(model, x, alone), alone ? x.channels : 1, limitBytes, admitting);
}

/** About the bytes that {@link applyModel} takes of a picture beside it, and the channels that it makes. */
export function roomForModel(
  model: Layer,
  x: Pick<Planes, 'channels' | 'height' | 'width'>,
): { readonly working: number; readonly channels: number } {
  const alone = seesAlone(model, x);
  const seen = seenShape(model, x, alone);
  const channels = (alone ? x.channels : 1) * (model.outputs?.(seen.channels) ?? seen.channels);
  return {
    working: modelBytes(model, seen, alone ? x.channels : 1).bytes + 8 * x.channels * x.height * x.width,
    channels,
  };
}

function seenShape(model: Layer, x: Pick<Planes, 'channels' | 'height' | 'width'>, alone: boolean) {
  const { top, right, bottom, left } = continuation(model, x);
  return {
    channels: alone ? 1 : x.channels,
    height: top + x.height + bottom,
    width: left + x.width + right,
  };
}

/** Whether a model is applied to each channel by itself. */
function seesAlone(model: Layer, { channels }: Pick<Planes, 'channels'>): boolean {
  return model.inputs === 1 && channels > 1;
}

type Size = Pick<Planes, 'height' | 'width'>;

/** What the picture is continued by, so that the result keeps its size. */
function continuation({ reach }: Layer, x: Size): Sides {
  const { size, stride, offset } = reach;
  const [rows, columns] = [0, 1].map((axis) => (stride[axis] === 1 && offset[axis] === 0 ? size[axis] - 1 : 0));
  const top = Math.ceil(rows / 2);
  const left = Math.ceil(columns / 2);
  return {
    top,
    left,
    bottom: rows - top + missing(reach, 0, x.height),
    right: columns - left + missing(reach, 1, x.width),
  };
}

/** Lines that a picture is short of one that is shrunk without a remainder. */
function missing(reach: Layer['reach'], axis: 0 | 1, samples: number): number {
  const beyond = samples - evenPart(reach, axis, samples);
  return beyond === 0 ? 0 : periodOf(reach)[axis] - beyond;
}

/** The result without what was made of the lines at the end that the picture was short of. */
function keptOf({ reach }: Layer, x: Size, y: Planes): Planes {
  const [height, width] = ([0, 1] as const).map((axis) => {
    const [samples, made] = axis === 0 ? [x.height, y.height] : [x.width, y.width];
    return missing(reach, axis, samples) === 0 ? made : Math.min(made, Math.ceil(samples / reach.stride[axis]));
  });
  return height === y.height && width === y.width ? y : cutPlanes(y, 0, 0, height, width);
}
