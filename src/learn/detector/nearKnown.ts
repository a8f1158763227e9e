import type { KernelDetector } from '../../edges/detector/detector.ts';
import { openResponder } from '../../edges/detector/respondRows.ts';
import { whiteOf } from '../../planes/planes.ts';
import { isInverted } from './isInverted.ts';
import type { Core } from './known/cores.ts';
import { coresOfInputs } from './known/coresOfInputs.ts';
import { type KnownInput, NO_BLUR } from './known/inputs.ts';
import type { MapTarget } from './mapTarget.ts';
import { type Strip, stripsOf } from './strips.ts';

/** What a map is near to, of what is known by a name. */
interface Near {
  readonly detector: KernelDetector;
  /** Of the samples of a few rows. */
  readonly r2: number;
}

const STRIPS = 6;

/** Factors are rounded to this share of themselves. */
const DIGITS = 3;

/**
 * The detector known by a name whose responses, times the best factor, come nearest to a few rows of a map: for maps that were coded with
 * losses, whose samples are near what was stored, no more.
 */
export async function nearKnown(target: MapTarget, pause: () => Promise<void>): Promise<Near | undefined> {
  const strips = stripsOf(target, STRIPS);
  if (strips.length === 0 || target.binary) return undefined;
  const inverted = isInverted(target);
  const white = whiteOf(target.map);
  let best: Near | undefined;
  for await (const { core, input, ofPrepared, prepared } of coresOfInputs(target, strips, [NO_BLUR], pause)) {
    const rows = strips.map((strip, i) => rowOf(ofPrepared, prepared[i](), strip));
    const samples = strips.map(({ samples: own }) => own.map((row) => (inverted ? row.map((s) => white - s) : row)));
    const { scale, r2 } = fitted(rows.flat(), samples.flat(), white);
    if (best !== undefined && r2 <= best.r2) continue;
    best = { r2, detector: detectorOf(core, input, scale, inverted) };
  }
  return best;
}

function rowOf(steps: KernelDetector, prepared: Strip['before'], strip: Strip): Float64Array[] {
  const responder = openResponder(prepared, steps, false);
  return strip.samples.map((own, c) => {
    const { size } = responder.respond(c, strip.row);
    return size.slice(strip.column, strip.column + own.length);
  });
}

/** Least squares of one factor, of samples that are not cut; and what it explains of all once they are. */
function fitted(
  responses: readonly Float64Array[],
  samples: readonly Float32Array[],
  white: number,
): { scale: number; r2: number } {
  let [products, squares, sum, sumOfSquares, count] = [0, 0, 0, 0, 0];
  const each = (visit: (response: number, sample: number) => void): void =>
    responses.forEach((row, i) => row.forEach((response, j) => visit(response, samples[i][j])));
  each((response, sample) => {
    sum += sample;
    sumOfSquares += sample * sample;
    count++;
    if (sample <= 0 || sample >= white) return;
    products += response * sample;
    squares += response * response;
  });
  const scale = squares > 0 ? products / squares : 0;
  let error = 0;
  each((response, sample) => (error += (Math.min(white, response * scale) - sample) ** 2));
  const spread = sumOfSquares - (sum * sum) / count;
  return { scale, r2: spread > 0 ? 1 - error / spread : 0 };
}

function detectorOf(core: Core, { grey }: KnownInput, scale: number, inverted: boolean): KernelDetector {
  return {
    name: core.title,
    ...(grey.color === undefined ? {} : { color: grey.color }),
    kernels: core.kernels,
    response: core.response,
    ...(core.parts && { parts: core.parts }),
    scale: Number(scale.toPrecision(DIGITS)),
    ...(inverted ? { inverted } : {}),
    border: 'replicate',
    rounding: 'nearest',
  };
}
