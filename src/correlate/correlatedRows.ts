import { checkKernel, type Kernel } from '../kernels/kernel.ts';
import { type Border, parseBorder } from '../planes/border.ts';
import type { Lend, PictureRows } from '../planes/pictureRows.ts';
import { createPlanes, type Planes } from '../planes/planes.ts';
import { hasRelaxedMadd, hasSimd } from '../wasm/features.ts';
import { DEFAULT_PRECISION, type Precision } from './algorithm.ts';
import { expectChannels } from './channels.ts';
import { type Correlation, correlate } from './correlation.ts';
import { type Tiling, tilingFor } from './fft/fftTiles.ts';
import { type Geometry, type GeometryOptions, geometry } from './geometry.ts';
import { openLoans } from './loans.ts';
import { planCorrelation } from './plan.ts';
import { rowsBeyond } from './rowsBeyond.ts';

/** How rows are correlated: all that a correlation is told, but for the algorithm. */
interface RowsHow extends GeometryOptions {
  readonly border: Border;
  readonly precision?: Precision | undefined;
}

type Shape = Pick<PictureRows, 'channels' | 'height' | 'width'>;

/**
 * A correlation whose rows are computed where they are read, of the rows of the picture that they are made of: the bits of `corr2d` of
 * the whole picture. Transforms are made by bands of the whole's own tiles, and rows in pairs by bands of the whole's own pairs, of which
 * the last one is kept: rows that are read from top to bottom are made once.
 *
 * @param k a kernel for the picture's channels
 * @param bandBytes about what a band's planes may take; they are of a pair of rows of tiles at least
 * @throws ExpectationError where the kernel's channels do not fit the picture's
 */
export function correlatedRows(
  picture: PictureRows,
  k: Kernel,
  how: RowsHow,
  bandBytes: number = BAND_BYTES,
): PictureRows {
  expectChannels(picture, checkKernel(k));
  const plan = planOf(picture, k, how, bandBytes);
  const { at, bandRows } = plan;
  const { white } = picture;
  const shape = {
    channels: k.outChannels,
    height: at.rows.output,
    width: at.columns.output,
    ...(white === undefined ? {} : { white }),
  };
  const make = (from: number, to: number, out: Planes): Planes => {
    const loans = openLoans();
    try {
      const { padded, correlation } = partOf(picture, plan, how.border, from, to, loans.lend);
      correlate(padded, k, correlation, out);
      return out;
    } finally {
      loans.end();
    }
  };
  const lent = (lend: Lend, rows: number): Planes => lend(shape.channels, rows, shape.width, white);
  if (bandRows === undefined) {
    return { ...shape, read: (from, to, lend) => make(from, to, lent(lend, to - from)) };
  }
  let last: { readonly index: number; readonly rows: Planes } | undefined;
  const bandAt = (index: number): Planes => {
    if (last?.index !== index) {
      const from = index * bandRows;
      const to = Math.min(shape.height, from + bandRows);
      const rows =
        last?.rows.height === to - from ? last.rows : createPlanes(shape.channels, to - from, shape.width, white);
      last = { index, rows: make(from, to, rows) };
    }
    return last.rows;
  };
  return {
    ...shape,
    read(from, to, lend) {
      const rows = lent(lend, to - from);
      for (let row = from; row < to;) {
        const index = Math.floor(row / bandRows);
        const start = row - index * bandRows;
        const band = bandAt(index);
        const end = Math.min(band.height, start + to - row);
        copyRows(band, start, end, rows, row - from);
        row += end - start;
      }
      return rows;
    },
  };
}

function copyRows(x: Planes, from: number, to: number, out: Planes, at: number): void {
  const { channels, height, width, data } = x;
  for (let c = 0; c < channels; c++) {
    const start = c * height * width;
    out.data.set(data.subarray(start + from * width, start + to * width), (c * out.height + at) * width);
  }
}

/** Bytes that {@link correlatedRows} holds between reads and while it transforms; none where it correlates directly. */
export function bytesOfBands(picture: Shape, k: Kernel, how: Omit<RowsHow, 'border'>): number {
  const { at, tiling, bandRows } = planOf(picture, k, how);
  if (bandRows === undefined) return 0;
  const results = Math.min(at.rows.output, bandRows);
  if (tiling === undefined) {
    const read = results + at.rows.taps - 1;
    return 4 * (k.outChannels * results * at.columns.output + picture.channels * read * at.columns.input);
  }
  const { tile, blocks, block } = tiling.rows;
  const read = Math.min(
    at.rows.before + at.rows.input + at.rows.after,
    results * at.rows.stride + tile + blocks * block,
  );
  return 4 * (k.outChannels * results * at.columns.output + picture.channels * read * at.columns.input) + ENGINE_BYTES;
}

/** Tiles, spectra, and rows of tiles that are copied at once. */
const ENGINE_BYTES = 2 ** 26;

interface RowsPlan {
  readonly at: Geometry;
  readonly algorithm: Correlation['algorithm'];
  readonly fused: boolean;
  /** Of transforms. */
  readonly tiling?: Tiling;
  /** Rows of results that are made at a time: of whole rows of tiles, so that tiles meet their own partners, or of whole pairs of rows. */
  readonly bandRows?: number;
}

function planOf(
  picture: Shape,
  k: Kernel,
  { precision = DEFAULT_PRECISION, ...how }: Omit<RowsHow, 'border'>,
  bandBytes: number = BAND_BYTES,
): RowsPlan {
  const at = geometry(picture, k, how);
  const fused = precision === 'fast' && hasRelaxedMadd();
  const { algorithm } = planCorrelation(picture, k, { geometry: at, precision, algorithm: 'auto' });
  // Without vector code the definition computes what transforms would.
  if (!hasSimd()) return { at, algorithm: 'reference', fused };
  if (algorithm === 'minimal') return { at, algorithm, fused, bandRows: PAIRED_ROWS };
  if (algorithm !== 'fft') return { at, algorithm, fused };
  const tiling = tilingFor(at, k);
  return {
    at,
    algorithm,
    fused,
    tiling,
    bandRows: bandRowsOf(at, tiling, picture.channels + k.outChannels, bandBytes),
  };
}

/** Bytes of a band's planes that are worth it: of more rows, fewer are transformed beside them, and the kernel less often. */
const BAND_BYTES = 2 ** 26;

/** Rows of a band that are made in pairs: bands begin where pairs of the whole do. */
const PAIRED_ROWS = 48;

/** A pair of tiles may end one row of tiles and begin the next. */
const ROWS_OF_TILES = 2;

function bandRowsOf(
  { rows, columns }: Geometry,
  { rows: { step } }: Tiling,
  planes: number,
  bandBytes: number,
): number {
  const least = leastMultiple(ROWS_OF_TILES * step, rows.stride);
  const times = Math.floor(bandBytes / (4 * planes * columns.input * least));
  return (least * Math.max(1, times)) / rows.stride;
}

function leastMultiple(a: number, b: number): number {
  let [larger, smaller] = [a, b];
  while (smaller > 0) [larger, smaller] = [smaller, larger % smaller];
  return (a * b) / larger;
}

/** The rows that some rows of a result are made of, those that the border puts above and below among them, and how. */
function partOf(
  picture: PictureRows,
  { at: { rows, columns }, algorithm, fused, tiling }: RowsPlan,
  border: Border,
  from: number,
  to: number,
  lend: Lend,
): { readonly padded: Planes; readonly correlation: Correlation } {
  const first = from * rows.stride;
  const span = rows.dilation * (rows.taps - 1) + 1;
  let last = (to - 1) * rows.stride + span;
  let part: Tiling | undefined;
  if (tiling !== undefined) {
    const { step, tile, block, blocks } = tiling.rows;
    // The results of the whole that these tiles give, those that a stride leaves out among them.
    const results = to === rows.output ? tiling.rows.results - first : (to - from) * rows.stride;
    const count = Math.ceil(results / step);
    part = { ...tiling, rows: { ...tiling.rows, results, count } };
    // All that a tile sees has a part in how its results are rounded.
    last = Math.min(rows.before + rows.input + rows.after, first + (count - 1) * step + (blocks - 1) * block + tile);
  }
  const rule = parseBorder(border);
  const padded = rowsBeyond(picture, rule, first - rows.before, last - rows.before, lend);
  const at = { rows: { ...rows, input: last - first, before: 0, after: 0, output: to - from }, columns };
  return { padded, correlation: { at, border: rule, algorithm, fused, ...(part && { tiling: part }) } };
}
