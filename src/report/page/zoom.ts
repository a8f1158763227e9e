export const ZOOMS = [0.125, 0.25, 0.5, 1, 2, 4, 8, 16] as const;

/** The next zoom that is larger (1) or smaller (−1). */
export function nextZoom(scale: number, by: 1 | -1): number {
  if (by > 0) return ZOOMS.find((zoom) => zoom > scale * 1.001) ?? scale;
  return ZOOMS.findLast((zoom) => zoom < scale * 0.999) ?? scale;
}

/** So that all of it is seen; enlarged by whole numbers alone. */
export function fitting({ width, height }: { width: number; height: number }, frame: HTMLElement | null): number {
  if (frame === null || frame.clientWidth === 0) return 1;
  const share = Math.min(frame.clientWidth / width, frame.clientHeight / height);
  return share < 1 ? share : Math.min(8, Math.floor(share));
}
