import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { LearnedPair, LearnPage } from '../data.ts';
import { Chart } from './Chart.tsx';
import { heat, valuesAt } from './decode.ts';
import { LearnedView } from './LearnedView.tsx';
import { Picture, useDecoded } from './Picture.tsx';
import { type PointAt, usePan } from './usePan.ts';
import { fitting, nextZoom } from './zoom.ts';
import { ZoomButtons } from './ZoomButtons.tsx';

export function LearnView({ data }: { readonly data: LearnPage }): JSX.Element {
  const { learned, pair, version, command, without } = data;
  return (
    <>
      <header>
        <h1>{learned.headline}</h1>
        <p class="facts">
          corr2d {version} {command}
        </p>
      </header>
      <main class="learned">
        <LearnedView learned={learned} />
        {(pair ?? without) !== undefined && (
          <>
            <h2>before, after, and what was learned makes of the before</h2>
            {pair ? <Pair pair={pair} /> : <p class="nothing">{without}</p>}
          </>
        )}
      </main>
    </>
  );
}

const SIDES = ['before', 'after', 'made', 'residual'] as const;
type Side = (typeof SIDES)[number];

const NAMES: Readonly<Record<Side, string>> = {
  before: 'before',
  after: 'after',
  made: 'reproduced',
  residual: 'residual: where the two differ',
};

/** Four pictures that are looked at together: one zoom, one place. */
function Pair({ pair }: { readonly pair: LearnedPair }): JSX.Element {
  const decoded = {
    before: useDecoded(pair.before),
    after: useDecoded(pair.after),
    made: useDecoded(pair.made),
    residual: useDecoded(pair.residual),
  };
  const frames = useRef<Partial<Record<Side, HTMLDivElement | null>>>({});
  const first = useRef<HTMLDivElement>(null);
  const [zoom, setZoom] = useState<number>();
  const [at, setAt] = useState<{ row: number; column: number }>();
  const { width, height } = pair.before;
  const scale = zoom ?? fitting({ width, height }, first.current);
  const follow = (of: Side): void => {
    const one = frames.current[of];
    for (const side of SIDES) {
      const other = frames.current[side];
      if (!one || !other || other === one) continue;
      if (other.scrollLeft !== one.scrollLeft) other.scrollLeft = one.scrollLeft;
      if (other.scrollTop !== one.scrollTop) other.scrollTop = one.scrollTop;
    }
  };
  const zoomBy = (by: 1 | -1): void => setZoom(nextZoom(scale, by));
  const differs = pair.histogram.some(([difference, count]) => difference !== 0 && count > 0);
  return (
    <>
      <div class="tools">
        <ZoomButtons scale={scale} zoomBy={zoomBy} zoomTo={setZoom} />
      </div>
      <div class="four">
        {SIDES.map((side) => (
          <figure key={side}>
            <figcaption>
              {NAMES[side]}
              {side === 'before' && `: ${pair.names[0]}`}
              {side === 'after' && `: ${pair.names[1]}`}
            </figcaption>
            <Frame
              label={NAMES[side]}
              onFrame={(element) => {
                frames.current[side] = element;
                if (side === 'before') first.current = element;
              }}
              onScroll={() => follow(side)}
              onZoom={zoomBy}
            >
              <div
                class={scale >= 2 ? 'stack pixels' : 'stack'}
                style={{ width: `${pair[side].width * scale}px`, height: `${pair[side].height * scale}px` }}
                onPointerMove={(event) => {
                  const box = event.currentTarget.getBoundingClientRect();
                  setAt({
                    row: Math.floor((event.clientY - box.top) / scale),
                    column: Math.floor((event.clientX - box.left) / scale),
                  });
                }}
                onPointerLeave={() => setAt(undefined)}
              >
                <Picture
                  shown={pair[side]}
                  decoded={decoded[side]}
                  image={side === 'residual' ? decoded.residual && heat(decoded.residual.image) : undefined}
                  label={NAMES[side]}
                  style={{ width: `${pair[side].width * scale}px`, height: `${pair[side].height * scale}px` }}
                />
              </div>
            </Frame>
          </figure>
        ))}
      </div>
      <p class="under" role="status">
        {at === undefined ? 'Point at a pixel to see its samples.' : under(pair, decoded, at)}
      </p>
      <figure>
        <figcaption>
          {differs
            ? 'how often the after is so many levels above what was reproduced'
            : 'nothing is left over: every sample is reproduced'}
        </figcaption>
        {differs && (
          <Chart
            label="histogram of the residual"
            points={pair.histogram.map(([difference, count]) => [difference, Math.log10(1 + count)])}
            across="difference"
            down="log₁₀(1 + samples)"
            bars
          />
        )}
      </figure>
    </>
  );
}

interface FrameProps {
  readonly label: string;
  readonly onFrame: (element: HTMLDivElement | null) => void;
  readonly onScroll: () => void;
  readonly onZoom: (by: 1 | -1, at: PointAt) => void;
  readonly children: JSX.Element;
}

function Frame({ label, onFrame, onScroll, onZoom, children }: FrameProps): JSX.Element {
  const frame = useRef<HTMLDivElement>(null);
  usePan(frame, onZoom);
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div
      class="frame"
      tabIndex={0}
      role="region"
      aria-label={label}
      onScroll={onScroll}
      ref={(element) => {
        frame.current = element;
        onFrame(element);
      }}
    >
      {children}
    </div>
  );
}

type Unpacked = Readonly<Record<Side, ReturnType<typeof useDecoded>>>;

function under(pair: LearnedPair, decoded: Unpacked, { row, column }: { row: number; column: number }): string {
  if (pair.after.kind === 'file') return `column ${column}, row ${row} · samples are in files beside this page`;
  const values = (['before', 'after', 'made'] as const).flatMap((side) => {
    const shown = pair[side];
    const samples = decoded[side];
    if (shown.kind === 'file' || samples === undefined || row >= shown.height || column >= shown.width) return [];
    return [`${NAMES[side]}: ${valuesAt(shown, samples, row, column)}`];
  });
  return [`column ${column}, row ${row}`, ...values, `of ${pair.after.white}`].join(' · ');
}
