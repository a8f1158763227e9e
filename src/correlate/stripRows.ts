/** Rows of a strip, at least: fewer would cost more calls than they compute. */
const LEAST_ROWS = 64;

/** How many times as high as what it reads above and below itself a strip is to be, so that little is computed twice. */
const TIMES_AROUND = 16;

/** The same where memory is short. */
const LEAST_TIMES_AROUND = 2;

/** Bytes that all planes of a strip may take where pictures are small; where they are large, a byte for each pixel. */
const LEAST_BYTES = 2 ** 25;

/**
 * How many rows of responses are made at a time.
 *
 * @param around rows above and below that a row of responses depends on
 * @param planes Float32 planes that are made on the way
 */
export function stripRows(
  { height, width }: { readonly height: number; readonly width: number },
  around: number,
  planes: number,
): number {
  const fitting = Math.floor(Math.max(LEAST_BYTES, height * width) / (4 * planes * width)) - 2 * around;
  const wanted = Math.max(LEAST_ROWS, TIMES_AROUND * around);
  const least = Math.max(LEAST_TIMES_AROUND * around, 1);
  return Math.min(height, Math.max(least, Math.min(wanted, fitting)));
}

/** Bytes of the planes of a strip. */
export function stripBytes(
  picture: { readonly height: number; readonly width: number },
  around: number,
  planes: number,
): number {
  const rows = Math.min(picture.height, stripRows(picture, around, planes) + 2 * around);
  return 4 * planes * rows * picture.width;
}
