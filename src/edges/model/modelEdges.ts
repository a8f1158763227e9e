import { lumaRows } from '../../correlate/luma.ts';
import type { ResponseRows } from '../../correlate/pass/storeResponse.ts';
import type { ResponseMap } from '../../correlate/response.ts';
import { expectModelFitsPicture } from '../../layers/applyModel.ts';
import { MODEL_LIMIT_BYTES } from '../../layers/expectModelFits.ts';
import { modelRows } from '../../layers/modelRows.ts';
import { cutRows, type PictureRows, placeRows } from '../../planes/pictureRows.ts';
import { createPlanes, type Planes } from '../../planes/planes.ts';
import type { ModelDetection } from '../detection.ts';
import { strongestChannel } from '../gradient/strongestChannel.ts';
import type { Edges } from '../options.ts';
import { binarise, type ParsedThreshold, valueOf } from '../thresholds/threshold.ts';
import { valuesOf } from '../thresholds/values.ts';

/** Edges some rows at a time, and what a threshold came to. */
interface ModelEdges extends Pick<Edges, 'thresholds'> {
  readonly map: ResponseRows;
}

/**
 * What a stack of layers makes of a picture, strip by strip: all of its channels, or the strongest of them, cut where a threshold was
 * asked for. Where that depends on the whole map, the map is held in Float32.
 *
 * @param picture as it is seen, colours and all
 * @throws ExpectationError where the picture does not fit the stack, or takes too much
 */
export function modelEdges(
  picture: PictureRows,
  { model, color, threshold, border = 'replicate' }: ModelDetection,
): ModelEdges {
  const seen = color === 'luma' ? lumaRows(picture) : picture;
  const isEach = color === 'each';
  expectModelFitsPicture(model, seen, { limitBytes: MODEL_LIMIT_BYTES, ...(isEach ? {} : { channels: 1 }) });
  const responses = modelRows(model, seen, border);
  const map: ResponseRows = isEach
    ? responses
    : {
        ...responses,
        channels: 1,
        eachRows: (visit) => responses.eachRows((rows, from) => visit(strongestChannel(rows), from)),
      };
  if (threshold === undefined) return { map };
  const kept = isKeptForLayers(threshold) ? keptPlanes(map) : undefined;
  const high = valueOf(valuesOf(kept?.data ?? new Float32Array()), map.white ?? 1, threshold);
  const { eachRows } = kept === undefined ? map : rowsOfKept(kept);
  return {
    map: { ...map, eachRows: (visit) => eachRows((rows, from) => visit(binarise(rows, high), from)) },
    thresholds: { high },
  };
}

/** Whether responses are held until a threshold, or how they are mapped, is known. */
export function isKeptForLayers(threshold: ParsedThreshold | undefined, map?: ResponseMap): boolean {
  return (threshold !== undefined && threshold.kind !== 'value') || map === 'minmax';
}

function keptPlanes({ channels, height, width, white, eachRows }: ResponseRows): Planes {
  const kept = createPlanes(channels, height, width, white);
  eachRows((rows, from) => placeRows(rows, from, kept));
  return kept;
}

function rowsOfKept(kept: Planes): Pick<ResponseRows, 'eachRows'> {
  return {
    eachRows(visit) {
      for (let row = 0; row < kept.height; row += ROWS_AT_ONCE) {
        visit(cutRows(kept, row, Math.min(kept.height, row + ROWS_AT_ONCE)), row);
      }
    },
  };
}

const ROWS_AT_ONCE = 64;
