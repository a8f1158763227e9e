import type { ComponentChildren, JSX } from 'preact';

interface ZoomButtonsProps {
  /** Pixels of the screen that a pixel of the picture takes. */
  readonly scale: number;
  readonly zoomBy: (by: 1 | -1) => void;
  /** To a scale, or to what fits. */
  readonly zoomTo: (scale: number | undefined) => void;
  /** More buttons behind them. */
  readonly children?: ComponentChildren;
}

/** Smaller, larger, one to one, and what fits. */
export function ZoomButtons({ scale, zoomBy, zoomTo, children }: ZoomButtonsProps): JSX.Element {
  return (
    <div role="group" aria-label="zoom">
      <button type="button" aria-label="smaller" onClick={() => zoomBy(-1)}>
        −
      </button>
      <output class="zoom">{Math.round(scale * 100)} %</output>
      <button type="button" aria-label="larger" onClick={() => zoomBy(1)}>
        +
      </button>
      <button type="button" onClick={() => zoomTo(1)}>
        1:1
      </button>
      <button type="button" onClick={() => zoomTo(undefined)}>
        fit
      </button>
      {children}
    </div>
  );
}
