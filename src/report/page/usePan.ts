import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';

/**
 * Lets a frame that scrolls be dragged by a mouse, as maps are, and asks for another zoom where the wheel turns while Ctrl is held (as
 * a pinch of a trackpad is told). Fingers scroll by themselves.
 */
export function usePan(frame: RefObject<HTMLElement | null>, onZoom: (by: 1 | -1, at: PointAt) => void): void {
  useEffect(() => {
    const element = frame.current;
    if (element === null) return undefined;
    let from: { x: number; y: number; left: number; top: number } | undefined;
    const down = (event: PointerEvent): void => {
      if (event.button !== 0 || event.pointerType !== 'mouse') return;
      from = { x: event.clientX, y: event.clientY, left: element.scrollLeft, top: element.scrollTop };
      element.setPointerCapture(event.pointerId);
    };
    const move = (event: PointerEvent): void => {
      if (from === undefined) return;
      element.scrollLeft = from.left + from.x - event.clientX;
      element.scrollTop = from.top + from.y - event.clientY;
    };
    const up = (): void => void (from = undefined);
    const wheel = (event: WheelEvent): void => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      const box = element.getBoundingClientRect();
      onZoom(event.deltaY < 0 ? 1 : -1, { left: event.clientX - box.left, top: event.clientY - box.top });
    };
    element.addEventListener('pointerdown', down);
    element.addEventListener('pointermove', move);
    element.addEventListener('pointerup', up);
    element.addEventListener('pointercancel', up);
    element.addEventListener('wheel', wheel, { passive: false });
    return () => {
      element.removeEventListener('pointerdown', down);
      element.removeEventListener('pointermove', move);
      element.removeEventListener('pointerup', up);
      element.removeEventListener('pointercancel', up);
      element.removeEventListener('wheel', wheel);
    };
  });
}

/** Within the frame, in pixels of the screen. */
export interface PointAt {
  readonly left: number;
  readonly top: number;
}
