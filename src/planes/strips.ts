import { expectInteger } from './expected.ts';

/** Rows `from` (included) to `to` (excluded) of a result, and the source rows that these are computed from. */
export interface Strip {
  readonly from: number;
  readonly to: number;
  /** First source row and the one after the last, the halo included; below 0 or beyond the picture where the border stands in. */
  readonly sourceFrom: number;
  readonly sourceTo: number;
}

/** How source rows lie under result rows: row y reads the `span` rows that begin at y·stride − top. */
interface Halo {
  readonly span: number;
  readonly stride: number;
  readonly top: number;
}

/**
 * Cuts a result of `height` rows into strips of at most `rows` rows, each with the source rows it needs.
 *
 * @example
 * strips(5, 2, { span: 3, stride: 1, top: 1 })[1] // { from: 2, to: 4, sourceFrom: 1, sourceTo: 5 }
 */
export function strips(height: number, rows: number, halo: Halo): Strip[] {
  expectInteger(height, 'height', 1);
  expectInteger(rows, 'rows', 1);
  const cut: Strip[] = [];
  for (let from = 0; from < height; from += rows) {
    const to = Math.min(height, from + rows);
    cut.push({
      from,
      to,
      sourceFrom: from * halo.stride - halo.top,
      sourceTo: (to - 1) * halo.stride - halo.top + halo.span,
    });
  }
  return cut;
}
