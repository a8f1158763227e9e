/** A rectangle of pixels, counted from the top left corner. */
export interface Region {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A rectangle in words. */
export function placeOf(region: Region | undefined): string {
  if (!region) return 'the whole picture';
  const { left, top, width, height } = region;
  return `${width}×${height} pixels from column ${left}, row ${top}`;
}

/** A figure as a sentence has room for it. */
export function shortened(value = 0): number {
  return Number(value.toPrecision(4));
}
