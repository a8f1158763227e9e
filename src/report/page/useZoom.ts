import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { type PointAt, usePan } from './usePan.ts';
import { fitting, nextZoom } from './zoom.ts';

interface Zoom {
  readonly scale: number;
  /** The next larger (1) or smaller (−1), around a point of the frame or its middle. */
  readonly zoomBy: (by: 1 | -1, at?: PointAt) => void;
  /** A scale, or (undefined) what lets all of it be seen. */
  readonly zoomTo: (scale: number | undefined) => void;
}

/** How large pictures stand in a frame that scrolls: all of them seen at first, and whenever they are others. */
export function useZoom(
  frame: RefObject<HTMLElement | null>,
  size: { readonly width: number; readonly height: number },
  shown: unknown,
): Zoom {
  const [zoom, zoomTo] = useState<number>();
  const [, setRoom] = useState(0);
  /** What is to stay where it is in the frame. */
  const held = useRef<{ readonly x: number; readonly y: number; readonly at: PointAt }>(undefined);
  useEffect(() => {
    if (frame.current === null) return undefined;
    const observer = new ResizeObserver(([{ contentRect }]) => setRoom(contentRect.width + contentRect.height / 1e6));
    observer.observe(frame.current);
    return () => observer.disconnect();
  }, [frame.current]);
  useEffect(() => zoomTo(undefined), [shown]);
  const scale = zoom ?? fitting(size, frame.current);
  const zoomBy = (by: 1 | -1, at?: PointAt): void => {
    const box = frame.current;
    if (box === null) return;
    const point = at ?? { left: box.clientWidth / 2, top: box.clientHeight / 2 };
    held.current = { x: (box.scrollLeft + point.left) / scale, y: (box.scrollTop + point.top) / scale, at: point };
    zoomTo(nextZoom(scale, by));
  };
  usePan(frame, zoomBy);
  useLayoutEffect(() => {
    const point = held.current;
    if (point !== undefined) {
      frame.current?.scrollTo({ left: point.x * scale - point.at.left, top: point.y * scale - point.at.top });
    }
    held.current = undefined;
  }, [scale]);
  return { scale, zoomBy, zoomTo };
}
