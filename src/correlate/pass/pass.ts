import { parseBorder } from '../../planes/border.ts';
import type { InterleavedPicture } from '../../planes/picture.ts';
import type { Arena } from '../../wasm/arena.ts';
import { functionsOf } from '../../wasm/modules.ts';
import { workspace } from '../../wasm/workspace.ts';
import { keepSharedRows, sourceSpan } from '../direct/strip.ts';
import type { Run } from '../direct/taps.ts';
import { type PassPlan, type PassSpecification, planPass } from './passPlan.ts';
import { responseCode, responseName, storedStride } from './passResponseCode.ts';
import { planesOf, storedBytes, storedFiller } from './passStrip.ts';

export interface InPlaceOption {
  /**
   * Whether the result may be written over the picture's samples, which are lost then; false by default. Where it fits it is,
   * which spares the memory of a second picture.
   */
  inPlace?: boolean;
}

/**
 * Correlates a picture, strip by strip: stored samples become Float32, are correlated, their response becomes stored samples
 * again, and only a strip is Float32 at a time. The bytes are those of the same steps taken one by one.
 *
 * @returns undefined where the picture, or what is asked for, needs steps that a pass has not: they give the same bytes
 * @throws ExpectationError where the kernels do not fit the padded picture once
 */
export function runPass(
  picture: InterleavedPicture,
  pass: PassSpecification,
  inPlace = false,
): InterleavedPicture | undefined {
  const plan = planPass(picture, pass);
  if (plan === undefined) return undefined;
  const { at, layout, rowsOfResult, pitch, tileWidth, response, wanted } = plan;
  const { rows, columns } = at;
  const stride = storedStride(response);
  const bytesOfSample = pass.depth / 8;
  const outPitch = columns.output * stride * bytesOfSample;
  const border = parseBorder(pass.border);
  const bytes =
    inPlace && fitsInPlace(picture, { border, depth: pass.depth }, rows.output, outPitch)
      ? new Uint8Array(picture.samples.buffer, picture.samples.byteOffset, rows.output * outPitch)
      : new Uint8Array(rows.output * outPitch);

  const { arena, place } = placesOf(plan, picture, outPitch);
  const runs = loadRuns(plan, picture, arena, place.taps);
  const fill = storedFiller(picture, wanted, at, border, layout, arena, place.strip, place.stored);
  const { respond } = functionsOf(responseName(response), arena, () => responseCode(response));
  // What responses are made of: the correlations of a tile, or the strip.
  const made =
    response.taps === undefined
      ? [place.responses, 4 * rowsOfResult * pitch, 4 * pitch]
      : [place.strip, 4 * layout.planePitch, 4 * layout.rowPitch];
  const limit = pass.threshold === undefined ? 0 : floor32(pass.threshold * picture.white);
  const { coverage } = plan;
  const numbers = coverage === undefined ? [] : [coverage.opaque, coverage.near, coverage.toAlpha, ...coverage.bias];
  const alphaStart = 4 * ((planesOf(wanted) - 1) * layout.planePitch + plan.alphaOffset);

  for (let from = 0, filled = 0; from < rows.output; from += rowsOfResult) {
    const count = Math.min(rowsOfResult, rows.output - from);
    const needed = sourceSpan(rows, count);
    const shared = Math.max(0, filled - rowsOfResult);
    keepSharedRows(arena, place.strip, layout, planesOf(wanted), rowsOfResult, shared);
    fill(from, shared, needed);
    filled = needed;
    for (let column = 0; ; column = Math.min(column + tileWidth, columns.output - tileWidth)) {
      runs.forEach(({ run, start, bias }, i) => {
        run(place.strip + start + 4 * column, place.responses + 4 * i * rowsOfResult * pitch, 4 * pitch, count, bias);
      });
      respond(
        ...made,
        place.strip + alphaStart + 4 * column,
        4 * layout.rowPitch,
        place.out + column * stride * bytesOfSample,
        outPitch,
        count,
        4 * tileWidth,
        pass.scale,
        limit,
        picture.white,
        ...numbers,
      );
      if (column + tileWidth === columns.output) break;
    }
    bytes.set(arena.bytes.subarray(place.out, place.out + count * outPitch), from * outPitch);
  }
  return {
    samples: pass.depth === 8 ? bytes : new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2),
    height: rows.output,
    width: columns.output,
    stride,
    channels: stride - (response.alpha === 'none' ? 0 : 1),
    white: picture.white,
    ...(response.alpha === 'none' ? {} : { alphaAt: stride - 1 }),
  };
}

/**
 * Whether rows of results can take the place of the picture's, each written after the strip that it comes of was read: they are not
 * longer, not more, and no border reads a row of the picture again.
 */
function fitsInPlace(
  { samples, width, height, stride }: InterleavedPicture,
  { border, depth }: Pick<PassSpecification, 'border' | 'depth'>,
  rows: number,
  pitch: number,
): boolean {
  const { BYTES_PER_ELEMENT, byteOffset } = samples;
  const readsOnce = typeof border === 'object' || border === 'zero' || border === 'replicate';
  const aligned = byteOffset % (depth / 8) === 0;
  return readsOnce && aligned && rows <= height && pitch <= width * stride * BYTES_PER_ELEMENT;
}

/** Bytes beyond the end of a piece of memory, which the last group of a row may read or write. */
const SLACK = 64;

interface Places {
  readonly strip: number;
  readonly stored: number;
  readonly responses: number;
  readonly out: number;
  readonly taps: number;
}

function placesOf(plan: PassPlan, picture: InterleavedPicture, outPitch: number): { arena: Arena; place: Places } {
  const { layout, kernels, rowsOfResult, pitch, wanted } = plan;
  const words = kernels.reduce((sum, { taps }) => sum + taps.reduce((all, one) => all + one.words, 0), 0);
  const outputs = kernels.reduce((sum, { k }) => sum + k.outChannels, 0);
  const sizes: Readonly<Record<keyof Places, number>> = {
    strip: 4 * planesOf(wanted) * layout.planePitch,
    stored: storedBytes(picture),
    responses: 4 * outputs * rowsOfResult * pitch + SLACK,
    out: rowsOfResult * outPitch + SLACK,
    taps: 4 * words,
  };
  const aligned = Object.entries(sizes).map(([name, size]) => [name, SLACK * Math.ceil(size / SLACK)] as const);
  const { arena, address } = workspace(
    [],
    aligned.reduce((sum, [, size]) => sum + size, 0),
  );
  let next = address;
  const place = Object.fromEntries(
    aligned.map(([name, size]) => {
      const start = next;
      next += size;
      return [name, start];
    }),
  );
  return { arena, place: place as unknown as Places };
}

interface KernelRun {
  readonly run: Run;
  /** Where its results' first samples lie in the strip, in bytes. */
  readonly start: number;
  /** In the picture's samples. */
  readonly bias: number;
}

/** One for each output channel of each kernel. */
function loadRuns(
  { kernels, layout }: PassPlan,
  { white }: InterleavedPicture,
  arena: Arena,
  address: number,
): KernelRun[] {
  let place = address;
  return kernels.flatMap(({ k, taps, offset }) => {
    const outputsOfGroup = k.outChannels / (k.groups ?? 1);
    return taps.map((one, o) => {
      const run = one.load(arena, place);
      place += 4 * one.words;
      const firstInput = Math.floor(o / outputsOfGroup) * k.inChannels;
      return { run, start: 4 * (firstInput * layout.planePitch + offset), bias: Math.fround(k.bias[o] * white) };
    });
  });
}

/** The largest Float32 that is not above a number: what is above the one is above the other. */
function floor32(value: number): number {
  const nearest = Float32Array.of(value);
  // The bits of numbers above 0 sort as the numbers do.
  if (nearest[0] > value) new Uint32Array(nearest.buffer)[0]--;
  return nearest[0];
}
