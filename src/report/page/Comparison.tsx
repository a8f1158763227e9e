import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { ChangedRegion, VerifyEntry } from '../data.ts';
import { heat } from './decode.ts';
import { countMarks, LEGEND, markedImage } from './marked.ts';
import { Picture, type Style, useDecoded } from './Picture.tsx';
import { RegionTools } from './RegionTools.tsx';
import { underPointer } from './underPointer.ts';
import { useZoom } from './useZoom.ts';
import { ZOOMS } from './zoom.ts';
import { ZoomButtons } from './ZoomButtons.tsx';

export const VIEWS = ['slider', 'blend', 'side by side', 'flicker', 'difference', 'heat map'] as const;
export type View = (typeof VIEWS)[number];

/** How long either picture is seen. In milliseconds. */
const FLICKER = 500;

interface ComparisonProps {
  readonly entry: VerifyEntry;
  readonly view: View;
  /** Of the regions that changed, the one that is looked at; −1 before any was. */
  readonly region: number;
  readonly onRegion: (region: number) => void;
  /** Whether regions are outlined. */
  readonly outlined: boolean;
  readonly onOutlined: (outlined: boolean) => void;
}

/** Two pictures, over one another or beside each other, and what lies under the pointer. */
export function Comparison({ entry, view, region, onRegion, outlined, onOutlined }: ComparisonProps): JSX.Element {
  const { expected, actual, difference, regions = [] } = entry;
  const shown = { expected: useDecoded(expected), actual: useDecoded(actual), difference: useDecoded(difference) };
  const isHeat = view === 'heat map';
  const under = shown.expected?.image;
  const mapped = useMemo(() => {
    if (difference === undefined || shown.difference === undefined) return undefined;
    return isHeat ? heat(shown.difference.image) : markedImage(difference, shown.difference, under);
  }, [shown.difference, isHeat, under]);
  const [share, setShare] = useState(50);
  const [at, setAt] = useState<{ row: number; column: number }>();
  const [isSecond, setSecond] = useState(false);
  const frame = useRef<HTMLDivElement>(null);
  /** What is to be in the frame's middle once it is as large as was asked for. */
  const goal = useRef<ChangedRegion | undefined>(undefined);
  const one = expected ?? actual;
  const width = Math.max(expected?.width ?? 0, actual?.width ?? 0, 1);
  const height = Math.max(expected?.height ?? 0, actual?.height ?? 0, 1);
  const columns = view === 'side by side' && expected && actual ? 2 : 1;
  const { scale, zoomBy, zoomTo } = useZoom(frame, { width: width * columns, height }, entry);

  useEffect(() => setAt(undefined), [entry]);
  useEffect(() => {
    if (regions[region] !== undefined) goTo(regions[region]);
  }, [region]);
  useEffect(() => {
    if (view !== 'flicker') return undefined;
    const timer = setInterval(() => setSecond((was) => !was), FLICKER);
    return () => clearInterval(timer);
  }, [view]);

  const goTo = (of: ChangedRegion): void => {
    // The slider goes through it, so that both pictures are seen there.
    setShare((100 * (of.left + of.width / 2)) / width);
    const wanted = close(of, frame.current);
    if (wanted === scale) centre(of, wanted, frame.current);
    else goal.current = of;
    zoomTo(wanted);
  };
  useLayoutEffect(() => {
    if (goal.current !== undefined) centre(goal.current, scale, frame.current);
    goal.current = undefined;
  }, [scale]);

  if (one === undefined) return <p class="nothing">There is no picture to show: {entry.message}</p>;
  const both = expected !== undefined && actual !== undefined;
  const isMap = isHeat || view === 'difference';
  const follow = (event: PointerEvent): void => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const column = Math.floor(((event.clientX - box.left) / box.width) * width);
    const row = Math.floor(((event.clientY - box.top) / box.height) * height);
    setAt(row >= 0 && row < height && column >= 0 && column < width ? { row, column } : undefined);
  };
  const stack = (...layers: readonly (JSX.Element | false | undefined)[]): JSX.Element => (
    <div
      class={scale >= 2 ? 'stack pixels' : 'stack'}
      style={{ width: `${width * scale}px`, height: `${height * scale}px` }}
      onPointerMove={follow}
      onPointerLeave={() => setAt(undefined)}
    >
      {layers}
      {outlined &&
        regions.map((one, i) => <Outline key={`region ${i}`} of={one} scale={scale} chosen={i === region} />)}
    </div>
  );

  return (
    <div class="comparison">
      <div class="tools">
        <ZoomButtons scale={scale} zoomBy={zoomBy} zoomTo={zoomTo} />
        <RegionTools
          regions={regions}
          more={entry.moreRegions ?? 0}
          region={region}
          outlined={outlined}
          onRegion={(i) => (i === region ? goTo(regions[i]) : onRegion(i))}
          onOutlined={onOutlined}
        />
        {both && (view === 'slider' || view === 'blend') && <Share view={view} share={share} onShare={setShare} />}
      </div>
      {/* Long pictures scroll, by keys too. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div class="frame" ref={frame} tabIndex={0} role="region" aria-label="pictures">
        {laidOut({ entry, view, shown, scale, stack, mapped, share, edge: (width * share) / 100, isSecond })}
      </div>
      {both && isMap && shown.difference && <Legend isHeat={isHeat} counts={countMarks(shown.difference)} />}
      <p class="under" role="status">
        {at === undefined ? 'Point at a pixel to see its samples.' : underPointer(entry, shown, at)}
      </p>
    </div>
  );
}

interface ShareProps {
  readonly view: View;
  /** In percent. */
  readonly share: number;
  readonly onShare: (share: number) => void;
}

function Share({ view, share, onShare }: ShareProps): JSX.Element {
  return (
    <label class="share">
      expected
      <input
        type="range"
        min="0"
        max="100"
        value={share}
        aria-label={view === 'slider' ? 'where the actual picture begins' : 'share of the actual picture'}
        onInput={(event) => onShare(Number(event.currentTarget.value))}
      />
      actual
    </label>
  );
}

interface Layout {
  readonly entry: VerifyEntry;
  readonly view: View;
  readonly shown: Readonly<Record<'expected' | 'actual' | 'difference', ReturnType<typeof useDecoded>>>;
  readonly scale: number;
  /** Puts layers over one another. */
  readonly stack: (...layers: readonly (JSX.Element | false | undefined)[]) => JSX.Element;
  /** The map of differences in colours. */
  readonly mapped: ImageData | undefined;
  /** In percent. */
  readonly share: number;
  /** The column where the slider stands. */
  readonly edge: number;
  /** Whether the flicker shows the actual picture. */
  readonly isSecond: boolean;
}

/** The pictures of an entry as the view has them: over one another, beside each other, or what differs. */
function laidOut(layout: Layout): JSX.Element {
  const { entry, view, scale, stack, share, edge, isSecond } = layout;
  const { expected, actual } = entry;
  const layer = (side: 'expected' | 'actual', style: Style = {}): JSX.Element | undefined => {
    const picture = entry[side];
    return (
      picture && (
        <Picture
          key={side}
          shown={picture}
          decoded={layout.shown[side]}
          label={`${side}: ${entry.path}`}
          style={{ ...scaled(picture, scale), ...style }}
        />
      )
    );
  };
  if (expected === undefined || actual === undefined) return stack(layer('expected'), layer('actual'));
  switch (view) {
    case 'side by side':
      return (
        <div class="beside">
          {(['expected', 'actual'] as const).map((side) => (
            <figure>
              {stack(layer(side))}
              <figcaption>{side}</figcaption>
            </figure>
          ))}
        </div>
      );
    case 'slider':
      return stack(
        layer('expected', { clipPath: `inset(0 ${Math.max(0, (expected.width - edge) * scale)}px 0 0)` }),
        layer('actual', { clipPath: `inset(0 0 0 ${edge * scale}px)` }),
        <span key="edge" class="edge" style={{ left: `${share}%` }} />,
      );
    case 'blend':
      return stack(layer('expected'), layer('actual', { opacity: share / 100 }));
    case 'flicker':
      return stack(layer(isSecond ? 'actual' : 'expected'));
    case 'difference':
    case 'heat map':
      return differences(layout);
  }
}

function differences({ entry: { path, difference }, view, shown, scale, stack, mapped }: Layout): JSX.Element {
  if (difference === undefined) {
    return <p class="nothing">There is no map of differences: this page would be too large (--report-limit).</p>;
  }
  return stack(
    <Picture
      key="map"
      shown={difference}
      decoded={shown.difference}
      image={mapped}
      label={`${view} of ${path}`}
      style={scaled(difference, scale)}
    />,
  );
}

function scaled({ width, height }: { readonly width: number; readonly height: number }, scale: number): Style {
  return { width: `${width * scale}px`, height: `${height * scale}px` };
}

interface OutlineProps {
  readonly of: ChangedRegion;
  readonly scale: number;
  readonly chosen: boolean;
}

function Outline({ of, scale, chosen }: OutlineProps): JSX.Element {
  const style = {
    left: `${of.left * scale}px`,
    top: `${of.top * scale}px`,
    width: `${of.width * scale}px`,
    height: `${of.height * scale}px`,
  };
  return <span class={chosen ? 'outline chosen' : 'outline'} style={style} />;
}

/** What the colours of a map mean. */
function Legend({
  isHeat,
  counts,
}: {
  readonly isHeat: boolean;
  readonly counts: ReadonlyMap<number, number>;
}): JSX.Element {
  if (isHeat) {
    return (
      <p class="legend">
        black: the same · <span class="ramp" aria-hidden="true" /> from the smallest difference to the largest, at full
        depth
      </p>
    );
  }
  return (
    <p class="legend">
      {LEGEND.filter(({ mark }) => counts.has(mark)).map(({ mark, text, colour }) => (
        <span>
          <span class="swatch" style={{ background: `rgb(${colour.join(' ')})` }} aria-hidden="true" /> {text}:{' '}
          {counts.get(mark)}
        </span>
      ))}
    </p>
  );
}

/** So large that the rectangle fills about half of the frame. */
function close({ width, height }: ChangedRegion, frame: HTMLElement | null): number {
  if (frame === null) return 1;
  const wanted = Math.min(frame.clientWidth / (2 * width), frame.clientHeight / (2 * height));
  return ZOOMS.findLast((one) => one <= wanted) ?? ZOOMS[0];
}

function centre({ left, top, width, height }: ChangedRegion, zoom: number, frame: HTMLElement | null): void {
  frame?.scrollTo({
    left: (left + width / 2) * zoom - frame.clientWidth / 2,
    top: (top + height / 2) * zoom - frame.clientHeight / 2,
  });
}
