import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

interface ListProps<T> {
  readonly items: readonly T[];
  /** Of every row, in pixels. */
  readonly rowHeight: number;
  readonly label: string;
  readonly selected: number;
  readonly row: (item: T, index: number) => JSX.Element;
}

/** A list of which only the rows that are seen exist: ten thousand are as quick as ten. */
export function List<T>({ items, rowHeight, label, selected, row }: ListProps<T>): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 800 });
  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const look = (): void => setView({ top: element.scrollTop, height: element.clientHeight });
    const observer = new ResizeObserver(look);
    observer.observe(element);
    element.addEventListener('scroll', look, { passive: true });
    look();
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', look);
    };
  }, []);
  useEffect(() => {
    const element = box.current;
    if (element === null || selected < 0) return;
    const top = selected * rowHeight;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + rowHeight > element.scrollTop + element.clientHeight) {
      element.scrollTop = top + rowHeight - element.clientHeight;
    }
  }, [selected, rowHeight]);
  const first = Math.max(0, Math.floor(view.top / rowHeight) - 5);
  const last = Math.min(items.length, Math.ceil((view.top + view.height) / rowHeight) + 5);
  return (
    <div class="list" ref={box} role="list" aria-label={label}>
      <div style={{ height: `${items.length * rowHeight}px`, position: 'relative' }}>
        {items.slice(first, last).map((item, i) => (
          <div
            key={first + i}
            role="listitem"
            aria-setsize={items.length}
            aria-posinset={first + i + 1}
            class="row"
            style={{ top: `${(first + i) * rowHeight}px`, height: `${rowHeight}px` }}
          >
            {row(item, first + i)}
          </div>
        ))}
      </div>
    </div>
  );
}
