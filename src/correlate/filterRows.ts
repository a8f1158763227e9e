import type { Kernel } from '../kernels/kernel.ts';
import type { Lend, PictureRows } from '../planes/pictureRows.ts';
import { createPlanes, type Planes } from '../planes/planes.ts';
import { alphaTapsOf } from './alpha/alphaTaps.ts';
import { borderOfAlpha, unpremultiplied } from './alpha/filterPremultiplied.ts';
import { premultiply } from './alpha/premultiply.ts';
import { alphaSampler } from './alphaSampler.ts';
import type { Corr2dOptions } from './corr2dOptions.ts';
import { bytesOfBands, correlatedRows } from './correlatedRows.ts';
import { type Geometry, geometry } from './geometry.ts';
import { openLoans } from './loans.ts';
import type { ResponseRows } from './pass/storeResponse.ts';
import { stripRows } from './stripRows.ts';

/** Colours and alpha of a picture, some rows at a time. */
interface FilteredRows {
  readonly colours: PictureRows;
  readonly alpha?: PictureRows | undefined;
  /** Whether colours count as much as alpha says. */
  readonly weighs: boolean;
}

/** How a kernel is applied: all that {@link corr2d} is told, but for the algorithm. */
export type FilterHow = Required<Pick<Corr2dOptions, 'padding' | 'border'>> &
  Pick<Corr2dOptions, 'stride' | 'dilation' | 'precision'>;

/**
 * A kernel applied to a picture, some rows at a time: what `filterPicture` gives, to the last bit.
 *
 * @param k a kernel for the colours' channels
 */
export function filterRows(picture: FilteredRows, k: Kernel, how: FilterHow): ResponseRows {
  const { colours, alpha } = picture;
  const at = geometry(colours, k, how);
  const sample = alpha && alphaSampler(colours, k, how);
  const step = filterRowsAtOnce(colours, k, at, alpha !== undefined);
  return {
    channels: k.outChannels,
    height: at.rows.output,
    width: at.columns.output,
    ...(colours.white === undefined ? {} : { white: colours.white }),
    hasAlpha: alpha !== undefined,
    eachRows(visit) {
      const filtered = filteredRows(picture, k, how);
      for (let from = 0; from < at.rows.output; from += step) {
        const to = Math.min(at.rows.output, from + step);
        const loans = openLoans();
        try {
          const found = filtered(from, to, loans.lend);
          visit(found.planes, from, alpha && (found.alpha ?? sample?.(rowsOf(alpha), from, to)));
        } finally {
          loans.end();
        }
      }
    },
  };
}

/** Planes that are under way at once, at most, for each row of the picture. */
export function planesOfFilter(channels: number, { outChannels }: Kernel, hasAlpha: boolean): number {
  return channels + outChannels + (hasAlpha ? 2 * channels + outChannels + 4 : 0);
}

/** Rows of results that are made at a time. */
export function filterRowsAtOnce(
  picture: Pick<PictureRows, 'channels'>,
  k: Kernel,
  { rows, columns }: Geometry,
  hasAlpha: boolean,
): number {
  const around = Math.ceil((rows.dilation * (rows.taps - 1)) / 2);
  const width = Math.max(columns.input, columns.output);
  const planes = planesOfFilter(picture.channels, k, hasAlpha) * rows.stride;
  return stripRows({ height: rows.output, width }, around, planes);
}

/** Bytes that transforms of a picture hold beside its strips. */
export function bytesOfFilterBands(
  picture: Pick<PictureRows, 'channels' | 'height' | 'width'>,
  k: Kernel,
  how: Omit<FilterHow, 'border'>,
  weighs: boolean,
): number {
  const ofAlpha = weighs ? alphaTapsOf(k) : undefined;
  const beside = ofAlpha === undefined ? 0 : bytesOfBands({ ...picture, channels: 1 }, ofAlpha.kernel, how);
  return bytesOfBands(picture, k, how) + beside;
}

interface Filtered {
  readonly planes: Planes;
  readonly alpha?: Planes | undefined;
}

/** Gives rows of the result, of the rows that they are made of. */
function filteredRows(
  { colours, alpha, weighs }: FilteredRows,
  k: Kernel,
  how: FilterHow,
): (from: number, to: number, lend: Lend) => Filtered {
  if (!weighs || alpha === undefined) {
    const rows = correlatedRows(colours, k, how);
    return (...at) => ({ planes: rows.read(...at) });
  }
  const seen: PictureRows = {
    ...colours,
    read: (...at) => premultiply(colours.read(...at), alpha.read(...at)),
  };
  const taps = alphaTapsOf(k);
  if (taps === undefined) {
    const rows = correlatedRows(seen, k, how);
    return (...at) => ({ planes: rows.read(...at) });
  }
  const response = correlatedRows(seen, { ...k, bias: new Float32Array(k.outChannels) }, how);
  const coverage = correlatedRows(alpha, taps.kernel, { ...how, border: borderOfAlpha(how.border) });
  return (...at) => unpremultiplied(response.read(...at), coverage.read(...at), k, taps);
}

/** Reads a row of a picture. */
function rowsOf(picture: PictureRows): (row: number) => Float32Array {
  return (row) => picture.read(row, row + 1, createPlanes).data;
}
