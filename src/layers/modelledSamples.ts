import { type ResponseRows, type StoreOptions, storeRows } from '../correlate/pass/storeResponse.ts';
import { alphaRowsOfPicture, rowsOfPicture } from '../correlate/rowsOfPicture.ts';
import type { Border } from '../planes/border.ts';
import { expected } from '../planes/expected.ts';
import { isLinear, type Picture, pictureFrom, type PictureOfSamples } from '../planes/picture.ts';
import { createPlanes } from '../planes/planes.ts';
import { encodeSrgb } from '../planes/srgb.ts';
import { expectModelFitsPicture, type ModelFit } from './applyModel.ts';
import type { Layer } from './layer.ts';
import { modelRows } from './modelRows.ts';

/** A stack of layers and how it is applied. */
export interface Modelling {
  readonly model: Layer;
  readonly border: Border;
  readonly fit: ModelFit;
}

/**
 * What a stack of layers makes of a picture as stored samples, strip by strip: `applyModel` of the colours, and alpha as it is. Of a
 * linear picture it is coded by the sRGB curve again.
 *
 * @throws ExpectationError where the picture does not fit the stack, what its layers make takes too much, or has other than one or three
 *   channels
 */
export function modelledSamples(
  picture: Picture,
  { model, border, fit }: Modelling,
  store: Required<StoreOptions>,
): PictureOfSamples {
  const colours = rowsOfPicture(picture);
  expectModelFitsPicture(model, colours, fit);
  const made = modelRows(model, colours, border);
  const response: ResponseRows = isLinear(picture)
    ? { ...made, eachRows: (visit) => made.eachRows((rows, from) => visit(encodeSrgb(rows), from)) }
    : made;
  const alpha = alphaRowsOfPicture(picture);
  if (alpha === undefined) return pictureFrom(storeRows(response, store));
  if (alpha.height !== made.height || alpha.width !== made.width) {
    throw expected('a model that keeps the size of a transparent picture', 'the model', `${made.height}×${made.width}`);
  }
  const withAlpha: ResponseRows['eachRows'] = (visit) =>
    response.eachRows((rows, from) => visit(rows, from, alpha.read(from, from + rows.height, createPlanes)));
  return pictureFrom(storeRows({ ...response, hasAlpha: true, eachRows: withAlpha }, store));
}
