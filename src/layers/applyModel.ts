import type { Border } from '../planes/border.ts';
import { placeRows, rowsOfPlanes } from '../planes/pictureRows.ts';
import { createPlanes, type Planes } from '../planes/planes.ts';
import { expectModelFits, MODEL_LIMIT_BYTES } from './expectModelFits.ts';
import type { Layer } from './layer.ts';
import { modelRows, type PicturesShape, stripsOfModel } from './modelRows.ts';

/**
 * A learned stack of layers applied to a picture: the stack works in units of white, the result has the picture's white again.
 * Along an axis without a stride that the stack does not pad itself, the picture is continued by the border, so that the result
 * keeps its size; where the span is odd the extra line goes on top or on the left, as `same` padding has it. Where a stack shrinks and
 * enlarges, the picture is continued at the bottom and on the right until it is shrunk without a remainder, and what is made of these
 * lines is cut off.
 * A stack that takes one channel is applied to each channel by itself.
 *
 * Large pictures go through the stack in strips that overlap by what an output sees. That leaves no trace where kernels are correlated
 * directly; where transforms are faster, results differ from those of the whole within the transforms' error. How pictures are cut
 * depends on their shape and the stack alone.
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
  expectModelFitsPicture(model, x, { limitBytes });
  const { channels, height, width, eachRows } = modelRows(model, rowsOfPlanes(x), border);
  let result: Planes | undefined;
  eachRows((rows, from) => {
    if (rows.height === height) {
      result = rows;
      return;
    }
    result ??= createPlanes(channels, height, width, rows.white);
    placeRows(rows, from, result);
  });
  return result as Planes;
}

export interface ModelLimits {
  /** Bytes that strips and result may take, 4 GiB by default; a model that would take more is refused. */
  limitBytes?: number;
}

/** What a model of a picture may take. */
export interface ModelFit extends Required<ModelLimits> {
  /** Channels of the result that are kept in Float32; all by default. */
  readonly channels?: number;
  /** What else a refusal is to say, of the MiB that it would take. */
  readonly admitting?: (mebibytes: number) => string;
}

/** Refuses a model and a picture whose strips and result take too much. */
export function expectModelFitsPicture(
  model: Layer,
  x: PicturesShape,
  { limitBytes, channels, admitting }: ModelFit,
): void {
  const { seen, times, bytes, isWhole, result } = stripsOfModel(model, x);
  const kept = isWhole ? 0 : 4 * (channels ?? result.channels) * result.height * result.width;
  expectModelFits(model, seen, { times, bytes: bytes + kept, limitBytes, admitting });
}

/** About the bytes that a model takes of a picture, beside it and the result, and the shape that it makes. */
export function roomForModel(
  model: Layer,
  x: PicturesShape,
): { readonly working: number; readonly result: PicturesShape } {
  const { bytes, result } = stripsOfModel(model, x);
  return { working: LEFT_BEHIND * bytes, result };
}

/** Strips leave arrays behind that are not collected at once. */
const LEFT_BEHIND = 1.5;
