import { filteringOf } from '../../correlate/filtering.ts';
import { filtered as applied } from '../../correlate/filterPicture.ts';
import { filterBeyond } from '../../correlate/nonlinear/filterBeyond.ts';
import { filterLuma } from '../../correlate/nonlinear/filterLuma.ts';
import { rankFilter } from '../../correlate/nonlinear/rankFilter.ts';
import { roundedPasses } from '../../correlate/nonlinear/roundedPasses.ts';
import { applyCurve } from '../../correlate/nonlinear/toneCurve.ts';
import { mapResponse } from '../../correlate/response.ts';
import { detectEdges } from '../../edges/detectEdges.ts';
import type { KernelFile } from '../../kernels/file.ts';
import { madeFor } from '../../learn/detector/certifyDetector.ts';
import { mapTarget } from '../../learn/detector/mapTarget.ts';
import { examplesOf } from '../../learn/pairs.ts';
import { ExpectationError } from '../../planes/expected.ts';
import type { Picture } from '../../planes/picture.ts';
import { type Planes, shapeOf } from '../../planes/planes.ts';
import { toInterleaved } from '../../planes/samples.ts';
import { decodeSrgb, encodeSrgb } from '../../planes/srgb.ts';
import { stackChannels } from '../../planes/stackChannels.ts';
import { placingOf } from '../filter/placeOptions.ts';
import type { FoundAny, FoundFilter, FoundKernel, PicturePair } from './learnAs.ts';

/**
 * What was learned, applied to a pair's before as the command applies it: samples like the after's.
 *
 * @returns a sentence where that is no picture of the after's size and channels
 */
export function madeOf(found: FoundAny, pair: PicturePair, file?: KernelFile): Picture | string {
  try {
    const made =
      'kernel' in found
        ? filtered(found, pair, file)
        : 'filter' in found
          ? specially(found, pair)
          : detected(found, pair);
    const { planes } = pair.after;
    if (shapeOf(made.planes) === shapeOf(planes)) return made;
    return `What was learned makes ${shapeOf(made.planes)} samples of the before, and the after has ${shapeOf(planes)}: they cannot be compared here.`;
  } catch (error) {
    if (error instanceof ExpectationError) return error.message;
    throw error;
  }
}

/** What the command takes where none is stated. */
const DEFAULT_BORDER = 'replicate';

function filtered(
  { kernel: { kernel, report } }: FoundKernel,
  { before, after }: PicturePair,
  file?: KernelFile,
): Picture {
  const { certificate, program } = report;
  const { width, height } = before.planes;
  const { shift, place } = program;
  const isValid = place === undefined && (after.planes.width < width || after.planes.height < height);
  const border = certificate?.border ?? file?.border ?? DEFAULT_BORDER;
  const bias = kernel.bias.map((one) => one + (certificate?.bias ?? 0));
  const isLinear = program.light === 'linear';
  const seen = isLinear ? { ...before, planes: decodeSrgb(before.planes) } : before;
  const alpha = program.alpha === 'untouched' ? { alpha: 'keep' as const } : {};
  const filtering = filteringOf({ ...kernel, bias }, isValid ? { padding: 'valid', ...alpha } : { border, ...alpha });
  const rounding = certificate?.rounding ?? file?.rounding ?? 'nearest';
  const made =
    program.luma !== undefined
      ? filterLuma(seen, filtering, rounding)
      : program.threshold === undefined
        ? applied(seen, filtering)
        : filterBeyond(seen, filtering, program.threshold);
  const planes = isLinear ? encodeSrgb(made.planes) : made.planes;
  const placing = placingOf({
    ...(shift && { shift: shift.join() }),
    ...(place && { crop: [...place, after.planes.height, after.planes.width].join() }),
  });
  const placed = placing === undefined ? { ...made, planes } : placing.apply({ ...made, planes });
  return stored(placed, after, rounding);
}

function specially({ filter: { found, repeats } }: FoundFilter, { before, after }: PicturePair): Picture {
  const made =
    'rank' in found
      ? rankFilter(before.planes, found.rank, found.borders[0])
      : 'passes' in found
        ? roundedPasses(before.planes, found.passes, found.border)
        : applyCurve(before.planes, { values: found.values });
  const planes = repeats ? stackChannels([made, made, made]) : made;
  return stored({ ...before, planes }, after);
}

function detected(found: Exclude<FoundAny, FoundKernel | FoundFilter>, pair: PicturePair): Picture {
  const { after } = pair;
  if ('detector' in found) {
    const [target] = examplesOf([pair]).map(mapTarget);
    return stored({ ...after, planes: madeFor(target, found.detector.detector) }, after);
  }
  const { map } = detectEdges(pair.before, { operator: found.model });
  return stored({ ...after, planes: mapResponse(map, 'abs') }, after);
}

/** As the after is stored; numbers stay numbers. */
function stored(made: Picture, { depth, planes }: Picture, rounding: KernelFile['rounding'] = 'nearest'): Picture {
  if (depth === 32) return { ...made, depth };
  const samples = toInterleaved([made.planes], depth, rounding);
  return { ...made, depth, planes: planesOfStored(samples, made.planes, planes.white) };
}

function planesOfStored(samples: ArrayLike<number>, { channels, height, width }: Planes, white = 1): Planes {
  const size = height * width;
  const data = new Float32Array(channels * size);
  for (let i = 0; i < data.length; i++) data[i] = samples[(i % size) * channels + Math.floor(i / size)];
  return { channels, height, width, data, white };
}
