import { readsOutside } from '../correlate/geometry.ts';
import type { ResponseRows } from '../correlate/pass/storeResponse.ts';
import { rowsBeyond } from '../correlate/rowsBeyond.ts';
import type { Border } from '../planes/border.ts';
import { cutPlanes } from '../planes/cut.ts';
import { pad, type Sides } from '../planes/pad.ts';
import type { PictureRows } from '../planes/pictureRows.ts';
import { channelOf, createPlanes, type Planes, toUnit } from '../planes/planes.ts';
import { stackChannels } from '../planes/stackChannels.ts';
import type { Conv2d } from './conv2d.ts';
import { modelBytes } from './expectModelFits.ts';
import { type Layer, outputShapeOf } from './layer.ts';
import { layersWithin } from './layersWithin.ts';
import { evenPart, periodOf } from './reach.ts';

export type PicturesShape = Pick<Planes, 'channels' | 'height' | 'width'>;

/**
 * What a stack of layers makes of a picture, some rows at a time: rows of `applyModel`, of strips of the picture that hold all that these
 * rows see.
 *
 * @param leastBytes about what a strip may take, however small the picture is
 */
export function modelRows(
  model: Layer,
  picture: PictureRows,
  border: Border,
  leastBytes: number = LEAST_BYTES,
): ResponseRows {
  const { result, rowsAtOnce } = stripsOfModel(model, picture, leastBytes);
  const sides = continuation(model, picture);
  const { white = 1, ...shape } = picture;
  const unit: PictureRows = { ...shape, read: (...at) => toUnit(picture.read(...at)) };
  const alone = seesAlone(model, picture);
  return {
    ...result,
    white,
    eachRows(visit) {
      for (let from = 0; from < result.height; from += rowsAtOnce) {
        const to = Math.min(result.height, from + rowsAtOnce);
        const [start, end] = seenBy(model, from, to, sides.top + picture.height + sides.bottom);
        const lines = rowsBeyond(unit, border, start - sides.top, end - sides.top, createPlanes);
        const x = pad(lines, { ...sides, top: 0, bottom: 0 }, border);
        const parts = alone ? Array.from({ length: x.channels }, (__, c) => channelOf(x, c)) : [x];
        const made = stackChannels(parts.map((part) => model.forward(part)) as [Planes, ...Planes[]]);
        const first = from - Math.round(start / model.reach.stride[0]);
        const isAll = first === 0 && to - from === made.height && result.width === made.width;
        const rows = isAll ? made : cutPlanes(made, first, 0, to - from, result.width);
        visit({ ...rows, data: white === 1 ? rows.data : rows.data.map((value) => value * white), white }, from);
      }
    },
  };
}

/** How a picture is cut for a stack, and what that takes. */
interface ModelStrips {
  /** The shape that the first layer sees, the border's lines among it, and how often. */
  readonly seen: PicturesShape;
  readonly times: number;
  readonly result: PicturesShape;
  /** Rows of the result that are made at a time, and bytes of what layers make of them. */
  readonly rowsAtOnce: number;
  readonly bytes: number;
  readonly isWhole: boolean;
}

/** Bytes of what layers make of a strip where pictures are small; where they are large, a byte for each pixel. */
const LEAST_BYTES = 2 ** 26;

/** The share of the whole's bytes that a strip may take, the result not counted. */
const MOST_OF_WHOLE = 0.75;

/** How many times as high as what it sees above and below itself a strip is, at least. */
const LEAST_TIMES_AROUND = 2;

/** @throws ExpectationError where the picture does not fit the stack */
export function stripsOfModel(model: Layer, x: PicturesShape, leastBytes: number = LEAST_BYTES): ModelStrips {
  const alone = seesAlone(model, x);
  const times = alone ? x.channels : 1;
  const { top, right, bottom, left } = continuation(model, x);
  const seen = {
    channels: alone ? 1 : x.channels,
    height: top + x.height + bottom,
    width: left + x.width + right,
  };
  const made = outputShapeOf(model, seen);
  const result = { channels: times * made.channels, ...keptOf(model, x, made) };
  const whole = modelBytes(model, seen, times).bytes;
  const stride = model.reach.stride[0];
  const period = periodOf(model.reach)[0];
  const most = Math.max(leastBytes, x.height * x.width);
  const isWhole = whole <= most || !Number.isFinite(period / stride) || goesRound(model);
  if (isWhole) return { seen, times, result, rowsAtOnce: result.height, bytes: whole, isWhole };
  const around = Math.ceil(model.reach.size[0]);
  const fitting = Math.floor(most / (whole / seen.height)) - around;
  const periods = Math.max(1, Math.floor(Math.max(fitting, LEAST_TIMES_AROUND * around) / period));
  const rowsAtOnce = Math.min(result.height, periods * Math.round(period / stride));
  const read = Math.min(seen.height, period * (periods + Math.ceil(around / period) + 1));
  const { bytes } = modelBytes(model, { ...seen, height: read }, times);
  // Where most of it is padding, strips save too little.
  if (bytes > MOST_OF_WHOLE * whole) {
    return { seen, times, result, rowsAtOnce: result.height, bytes: whole, isWhole: true };
  }
  return { seen, times, result, rowsAtOnce, bytes, isWhole: rowsAtOnce === result.height };
}

/**
 * The rows of the continued picture that hold all that rows of a result see. They begin where windows of all layers do, and end where
 * all are shrunk without a remainder.
 */
function seenBy({ reach }: Layer, from: number, to: number, height: number): readonly [start: number, end: number] {
  const [size, stride, offset, period] = [reach.size[0], reach.stride[0], reach.offset[0], periodOf(reach)[0]];
  if (!Number.isFinite(period / stride)) return [0, height];
  const top = Math.floor(from * stride + offset);
  const bottom = Math.ceil((to - 1) * stride + offset + size);
  // A border of a layer's own may mirror what lies as far inside as its window reaches outside.
  const first = bottom > height ? Math.min(top, Math.floor(2 * height - bottom - size)) : top;
  const last = top < 0 ? Math.max(bottom, Math.ceil(size - top)) : bottom;
  return [Math.max(0, Math.floor(first / period) * period), Math.min(height, Math.ceil(last / period) * period)];
}

/** Whether a layer sees the picture's other end beyond the picture, which no strip holds. */
function goesRound(layer: Layer): boolean {
  const { border, padding } = layer as Layer & Partial<Pick<Conv2d, 'border' | 'padding'>>;
  return (border === 'wrap' && readsOutside(padding)) || layersWithin(layer).some(goesRound);
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

/** The result's size without what was made of the lines at the end that the picture was short of. */
function keptOf({ reach }: Layer, x: Size, y: Size): Size {
  const [height, width] = ([0, 1] as const).map((axis) => {
    const [samples, made] = axis === 0 ? [x.height, y.height] : [x.width, y.width];
    return missing(reach, axis, samples) === 0 ? made : Math.min(made, Math.ceil(samples / reach.stride[axis]));
  });
  return { height, width };
}
