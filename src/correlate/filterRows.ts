import type { Kernel } from '../kernels/kernel.ts';
import { type Border, parseBorder } from '../planes/border.ts';
import type { Lend, PictureRows } from '../planes/pictureRows.ts';
import { createPlanes, type Planes } from '../planes/planes.ts';
import { alphaTapsOf } from './alpha/alphaTaps.ts';
import { filterPremultiplied } from './alpha/filterPremultiplied.ts';
import { corr2d } from './corr2d.ts';
import type { Corr2dOptions } from './corr2dOptions.ts';
import { alphaSampler } from './filterPicture.ts';
import { type Geometry, geometry, readsOutside } from './geometry.ts';
import { openLoans } from './loans.ts';
import type { ResponseRows } from './pass/storeResponse.ts';
import { planCorrelation } from './plan.ts';
import { rowsBeyond } from './rowsBeyond.ts';
import { stripRows } from './stripRows.ts';

/** Colours and alpha of a picture, some rows at a time. */
export interface FilteredRows {
  readonly colours: PictureRows;
  readonly alpha?: PictureRows | undefined;
  /** Whether colours count as much as alpha says. */
  readonly weighs: boolean;
}

/** How a kernel is applied: all that {@link corr2d} is told, but for the algorithm. */
export type FilterHow = Required<Pick<Corr2dOptions, 'padding' | 'border'>> &
  Pick<Corr2dOptions, 'stride' | 'dilation' | 'precision'>;

/**
 * A kernel applied to a picture, some rows at a time: what `filterPicture` gives, to the last bit. Where transforms are faster, which
 * a part of a picture would have others of, the whole picture is held in Float32.
 *
 * @param k a kernel for the colours' channels
 */
export function filterRows(picture: FilteredRows, k: Kernel, how: FilterHow): ResponseRows {
  const { colours, alpha, weighs } = picture;
  const at = geometry(colours, k, how);
  const sample = alpha && alphaSampler(colours, k, how);
  const step = isFilteredByRows(colours, k, how, weighs)
    ? filterRowsAtOnce(colours, k, at, alpha !== undefined)
    : at.rows.output;
  return {
    channels: k.outChannels,
    height: at.rows.output,
    width: at.columns.output,
    ...(colours.white === undefined ? {} : { white: colours.white }),
    hasAlpha: alpha !== undefined,
    eachRows(visit) {
      for (let from = 0; from < at.rows.output; from += step) {
        const to = Math.min(at.rows.output, from + step);
        const loans = openLoans();
        try {
          const found =
            step === at.rows.output
              ? whole(picture, k, how, loans.lend)
              : part(picture, k, how, at, [from, to], loans.lend);
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

/** Whether rows by themselves are correlated as those of the whole picture are. */
export function isFilteredByRows(
  picture: Pick<PictureRows, 'channels' | 'height' | 'width'>,
  k: Kernel,
  how: FilterHow,
  weighs: boolean,
): boolean {
  const isDirect = (channels: number, kernel: Kernel): boolean => {
    const { precision = 'deterministic' } = how;
    const options = { geometry: geometry(picture, kernel, how), precision, algorithm: 'auto' } as const;
    return planCorrelation({ ...picture, channels }, kernel, options).algorithm === 'direct';
  };
  const ofAlpha = weighs ? alphaTapsOf(k) : undefined;
  return isDirect(picture.channels, k) && (ofAlpha === undefined || isDirect(1, ofAlpha.kernel));
}

interface Filtered {
  readonly planes: Planes;
  readonly alpha?: Planes | undefined;
}

function whole({ colours, alpha, weighs }: FilteredRows, k: Kernel, how: FilterHow, lend: Lend): Filtered {
  const planes = colours.read(0, colours.height, lend);
  const read = borderWhereRead(how);
  if (!weighs || alpha === undefined) return { planes: corr2d(planes, k, read) };
  return filterPremultiplied({ planes, alpha: alpha.read(0, alpha.height, lend) }, k, read);
}

/** A border that nothing reads is refused. */
function borderWhereRead({ border, ...how }: FilterHow): Corr2dOptions {
  return readsOutside(how.padding) ? { ...how, border } : how;
}

/** Rows of the result, of the rows that they are made of: those beyond the picture are put there first. */
function part(
  { colours, alpha, weighs }: FilteredRows,
  k: Kernel,
  how: FilterHow,
  { rows, columns }: Geometry,
  [from, to]: readonly [number, number],
  lend: Lend,
): Filtered {
  const { stride, dilation, taps, before } = rows;
  const first = from * stride - before;
  const last = (to - 1) * stride - before + dilation * (taps - 1) + 1;
  const border = parseBorder(how.border);
  const beyond = (picture: PictureRows, rule: Border): Planes => rowsBeyond(picture, rule, first, last, lend);
  const padding = { top: 0, bottom: 0, left: columns.before, right: columns.after };
  const ofPart = { ...borderWhereRead({ ...how, padding }), algorithm: 'direct' } as const;
  const planes = beyond(colours, border);
  if (weighs && alpha !== undefined) {
    // What a constant border stands for is opaque.
    const outside = border === 'zero' || typeof border === 'object' ? { constant: 1 } : border;
    return filterPremultiplied({ planes, alpha: beyond(alpha, outside) }, k, ofPart);
  }
  return {
    planes: corr2d(planes, k, { ...ofPart, out: lend(k.outChannels, to - from, columns.output, colours.white) }),
  };
}

/** Reads a row of a picture. */
function rowsOf(picture: PictureRows): (row: number) => Float32Array {
  return (row) => picture.read(row, row + 1, createPlanes).data;
}
