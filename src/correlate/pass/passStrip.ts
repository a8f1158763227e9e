import { type Border, borderConstant, borderMap, OUTSIDE } from '../../planes/border.ts';
import type { InterleavedPicture } from '../../planes/picture.ts';
import type { Arena } from '../../wasm/arena.ts';
import { functionsOf } from '../../wasm/modules.ts';
import { sourceSpan, type StripLayout } from '../direct/strip.ts';
import type { Geometry } from '../geometry.ts';
import { type WidenSpecification, widenCode, widenName } from './passWidenCode.ts';

/** Bytes that may be read beyond the last row: the rest of a group of pixels. */
const SLACK = 64;

/** Rows that are copied at a time: more would push the strip out of the cache. */
const ROWS_AT_ONCE = 4;

/** Which planes a strip is made of. */
export type WantedPlanes = Pick<WidenSpecification, 'places' | 'mix' | 'premultiplied' | 'beside'>;

/** Bytes of the memory that {@link storedFiller} copies stored rows to. */
export function storedBytes({ samples, stride, width }: InterleavedPicture): number {
  return ROWS_AT_ONCE * width * stride * samples.BYTES_PER_ELEMENT + SLACK;
}

/**
 * Writes stored rows as Float32 planes, and the border around them, into a strip.
 *
 * @param strip address of the strip
 * @param stored address of the memory that rows are copied to before they are widened
 * @returns a function that fills strip rows `from` … `to` of all planes, in ascending order, with the rows that begin at row
 *   `first` of the padded picture
 */
export function storedFiller(
  picture: InterleavedPicture,
  wanted: WantedPlanes,
  at: Geometry,
  border: Border,
  layout: StripLayout,
  arena: Arena,
  strip: number,
  stored: number,
): (first: number, from: number, to: number) => void {
  const { samples, stride, width, white } = picture;
  const bytesOfSample = samples.BYTES_PER_ELEMENT as 1 | 2;
  const specification: WidenSpecification = { bytesOfSample, stride, ...wanted };
  const { widen } = functionsOf(widenName(specification), arena, () => widenCode(specification));
  const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
  const rowBytes = width * stride * bytesOfSample;
  const planes = planesOf(wanted);
  const rowMap = mapOf(at.rows, border);
  const columnMap = mapOf(at.columns, border);
  const constant = borderConstant(border, white);
  // Behind premultiplied colours lies their alpha: a constant border's is opaque.
  const outside = Array.from({ length: planes }, (_, p) =>
    wanted.premultiplied !== true || p < planes - 1 ? constant : wanted.beside === true ? 0 : white,
  );
  const { floats } = arena;
  const { before } = at.columns;

  return (first, from, to) => {
    for (let row = from; row < to;) {
      const sourceRow = rowMap[first + row];
      let count = 1;
      if (sourceRow === OUTSIDE) fillOutside(row);
      else {
        while (count < ROWS_AT_ONCE && row + count < to && rowMap[first + row + count] === sourceRow + count) count++;
        widenRows(sourceRow, row, count);
      }
      row += count;
    }
  };

  function fillOutside(row: number): void {
    for (let p = 0; p < planes; p++) {
      const start = strip / 4 + p * layout.planePitch + row * layout.rowPitch;
      floats.fill(outside[p], start, start + layout.rowPitch);
    }
  }

  function widenRows(sourceRow: number, row: number, count: number): void {
    const start = sourceRow * rowBytes;
    arena.bytes.set(bytes.subarray(start, start + count * rowBytes), stored);
    const target = strip + 4 * (row * layout.rowPitch + before);
    widen(stored, target, 4 * layout.planePitch, count, rowBytes, 4 * layout.rowPitch, 4 * width);
    for (let p = 0; p < planes; p++) {
      for (let i = 0; i < count; i++) {
        fillSides(strip / 4 + p * layout.planePitch + (row + i) * layout.rowPitch, outside[p]);
      }
    }
  }

  /** The columns beside the picture, from the samples of the row that stand there. */
  function fillSides(start: number, beside: number): void {
    for (let j = 0; j < before; j++) floats[start + j] = sampleAt(start, j, beside);
    for (let j = before + width; j < layout.columns; j++) floats[start + j] = sampleAt(start, j, beside);
  }

  function sampleAt(start: number, j: number, beside: number): number {
    const column = columnMap[j];
    return column === OUTSIDE ? beside : floats[start + before + column];
  }
}

/** Planes that a specification makes. */
export function planesOf({ places, mix }: Pick<WantedPlanes, 'places' | 'mix'>): number {
  return mix === undefined ? places.length : places.length - mix.length + 1;
}

/** For each coordinate that the results of an axis read, the coordinate inside whose sample stands there. */
function mapOf(axis: Geometry['rows'], border: Border): Int32Array {
  const { before, input, output } = axis;
  return borderMap(border, input, before, sourceSpan(axis, output) - before - input);
}
