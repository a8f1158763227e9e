import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { PicturePage } from '../data.ts';
import { Chart } from './Chart.tsx';
import { valuesAt } from './decode.ts';
import { FactList } from './FactList.tsx';
import { Picture, useDecoded } from './Picture.tsx';
import { useZoom } from './useZoom.ts';
import { ZoomButtons } from './ZoomButtons.tsx';

export function PictureView({ data }: { readonly data: PicturePage }): JSX.Element {
  const { name, version, facts, picture, histograms } = data;
  return (
    <>
      <header>
        <h1>{name}</h1>
        <p class="facts">corr2d {version} inspect</p>
      </header>
      <main class="learned">
        <FactList facts={facts} />
        <Pixels name={name} picture={picture} />
        <h2 class="minor">how often each value is in it</h2>
        <div class="taps">
          {histograms.map(({ channel, points }) => (
            <figure>
              <figcaption>{channel}</figcaption>
              <Chart label={`histogram of ${channel}`} points={points} across="sample" down="samples" bars />
            </figure>
          ))}
        </div>
      </main>
    </>
  );
}

function Pixels({ name, picture }: Pick<PicturePage, 'name' | 'picture'>): JSX.Element {
  const decoded = useDecoded(picture);
  const frame = useRef<HTMLDivElement>(null);
  const { scale, zoomBy, zoomTo } = useZoom(frame, picture, picture);
  const [at, setAt] = useState<{ row: number; column: number }>();
  const size = { width: `${picture.width * scale}px`, height: `${picture.height * scale}px` };
  const told = (): string => {
    if (at === undefined) return 'Point at a pixel to see its samples.';
    const place = `column ${at.column}, row ${at.row}`;
    if (picture.kind === 'file' || decoded === undefined) return place;
    return `${place}: ${valuesAt(picture, decoded, at.row, at.column)} of ${picture.white}`;
  };
  return (
    <>
      <div class="tools">
        <ZoomButtons scale={scale} zoomBy={zoomBy} zoomTo={zoomTo} />
      </div>
      {/* Long pictures scroll, by keys too. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div class="frame alone" ref={frame} tabIndex={0} role="region" aria-label="picture">
        <div
          class={scale >= 2 ? 'stack pixels' : 'stack'}
          style={size}
          onPointerMove={(event) => {
            const box = event.currentTarget.getBoundingClientRect();
            const [row, column] = [event.clientY - box.top, event.clientX - box.left].map((one) =>
              Math.max(0, Math.floor(one / scale)),
            );
            setAt({ row: Math.min(row, picture.height - 1), column: Math.min(column, picture.width - 1) });
          }}
          onPointerLeave={() => setAt(undefined)}
        >
          <Picture shown={picture} decoded={decoded} label={name} style={size} />
        </div>
      </div>
      <p class="under" role="status">
        {told()}
      </p>
    </>
  );
}
