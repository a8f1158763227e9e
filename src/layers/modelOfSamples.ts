import { type ResponseRows, type StoreOptions, storeRows } from '../correlate/pass/storeResponse.ts';
import { alphaRowsOfSamples, linearRows, rowsOfSamples } from '../correlate/rowsOfSamples.ts';
import type { Border } from '../planes/border.ts';
import { expected } from '../planes/expected.ts';
import type { InterleavedPicture } from '../planes/picture.ts';
import { createPlanes } from '../planes/planes.ts';
import { encodeSrgb } from '../planes/srgb.ts';
import { expectModelFitsPicture, type ModelFit } from './applyModel.ts';
import type { Layer } from './layer.ts';
import { modelRows } from './modelRows.ts';

export interface ModelSamplesOptions extends Required<StoreOptions> {
  readonly border: Border;
  /** Work on samples in proportion to light: decode the sRGB curve first, encode it last. */
  readonly linear: boolean;
  readonly fit: ModelFit;
}

/**
 * What a stack of layers makes of stored samples as stored samples, strip by strip: `applyModel` of the colours, and alpha as it is.
 *
 * @throws ExpectationError where the picture does not fit the stack, what its layers make takes too much, or has other than one or three
 *   channels
 */
export function modelOfSamples(
  picture: InterleavedPicture,
  model: Layer,
  { border, linear, fit, ...store }: ModelSamplesOptions,
): InterleavedPicture {
  const colours = linear ? linearRows(picture) : rowsOfSamples(picture);
  expectModelFitsPicture(model, colours, fit);
  const made = modelRows(model, colours, border);
  const response: ResponseRows = linear
    ? { ...made, eachRows: (visit) => made.eachRows((rows, from) => visit(encodeSrgb(rows), from)) }
    : made;
  if (picture.alphaAt === undefined) return storeRows(response, store);
  const alpha = alphaRowsOfSamples(picture);
  if (alpha.height !== made.height || alpha.width !== made.width) {
    throw expected('a model that keeps the size of a transparent picture', 'the model', `${made.height}×${made.width}`);
  }
  return storeRows(
    {
      ...response,
      hasAlpha: true,
      eachRows: (visit) =>
        response.eachRows((rows, from) => visit(rows, from, alpha.read(from, from + rows.height, createPlanes))),
    },
    store,
  );
}
