import type { JSX } from 'preact';
import { useMemo, useRef, useState } from 'preact/hooks';
import type { PictureEntry, PicturesPage } from '../data.ts';
import { List } from './List.tsx';
import { SearchField } from './SearchField.tsx';
import { useZoom } from './useZoom.ts';
import { ZoomButtons } from './ZoomButtons.tsx';

export function PicturesView({ data }: { readonly data: PicturesPage }): JSX.Element {
  const [search, setSearch] = useState('');
  const entries = useMemo(
    () => data.entries.filter(({ input }) => input.toLowerCase().includes(search.toLowerCase())),
    [data, search],
  );
  const isOfSheets = data.configuration['operator'] === 'all';
  return (
    <>
      <header>
        <h1>corr2d {data.command}</h1>
        <p class="facts">{data.summary}</p>
        <dl class="configuration">
          {Object.entries(data.configuration).map(([name, value]) => (
            <div>
              <dt>{name}</dt>
              <dd>{inWords(value)}</dd>
            </div>
          ))}
        </dl>
        {data.notes.map((note) => (
          <p class="note">{note}</p>
        ))}
        {data.failures.length > 0 && (
          <details open={data.failures.length < 10}>
            <summary>
              {data.failures.length === 1 ? '1 picture failed' : `${data.failures.length} pictures failed`}
            </summary>
            <ul>
              {data.failures.map(({ input, error }) => (
                <li>
                  <strong>{input}</strong>: {error}
                </li>
              ))}
            </ul>
          </details>
        )}
        <div class="filters">
          <SearchField value={search} onSearch={setSearch} />
          <output>
            {entries.length} of {data.entries.length}
          </output>
        </div>
      </header>
      <main class="gallery">
        <List
          items={entries}
          rowHeight={isOfSheets ? 760 : 330}
          label="pictures"
          selected={-1}
          row={(entry) => (isOfSheets ? <Sheet entry={entry} /> : <BeforeAndAfter entry={entry} />)}
        />
      </main>
    </>
  );
}

function BeforeAndAfter({ entry }: { readonly entry: PictureEntry }): JSX.Element {
  const [share, setShare] = useState(50);
  const { input, output, width, height, seconds, facts, before, after, href } = entry;
  const told = Object.entries(facts).map(([name, value]) => `${name} ${inWords(value)}`);
  return (
    <article>
      <div class="both" style={{ '--wide': width / height }}>
        {before !== undefined && after !== undefined ? (
          <>
            <div class="stack" style={{ aspectRatio: `${width} / ${height}` }}>
              <img src={before} alt={`before: ${input}`} loading="lazy" />
              <img src={after} alt={`after: ${input}`} loading="lazy" style={{ clipPath: `inset(0 0 0 ${share}%)` }} />
              <span class="edge" style={{ left: `${share}%` }} />
            </div>
            <input
              type="range"
              min="0"
              max="100"
              value={share}
              aria-label={`where the result of ${input} begins`}
              onInput={(event) => setShare(Number(event.currentTarget.value))}
            />
          </>
        ) : (
          <p class="nothing">No preview could be made.</p>
        )}
      </div>
      <div class="told">
        <h2>{input}</h2>
        <p>→ {href === undefined ? output : <a href={href}>{output}</a>}</p>
        <p>
          {width}×{height}, {seconds.toFixed(2)} s
        </p>
        <p>{told.join(', ')}</p>
      </div>
    </article>
  );
}

/** What every operator makes of a picture, to be looked at closely. */
function Sheet({ entry }: { readonly entry: PictureEntry }): JSX.Element {
  const { input, output, seconds, after, href } = entry;
  const frame = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState({ width: 1, height: 1 });
  const { scale, zoomBy, zoomTo } = useZoom(frame, size, size);
  return (
    <article class="sheet">
      <h2>{input}</h2>
      <p>
        → {href === undefined ? output : <a href={href}>{output}</a>}, every operator in {seconds.toFixed(2)} s
      </p>
      {after === undefined ? (
        <p class="nothing">No preview could be made.</p>
      ) : (
        <>
          <div class="tools">
            <ZoomButtons scale={scale} zoomBy={zoomBy} zoomTo={zoomTo} />
          </div>
          {/* Large sheets scroll, by keys too. */}
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
          <div class="frame" ref={frame} tabIndex={0} role="region" aria-label={`sheet of ${input}`}>
            <img
              src={after}
              alt={`what every operator makes of ${input}`}
              width={size.width * scale}
              height={size.height * scale}
              onLoad={({ currentTarget }) =>
                size.width === 1 && setSize({ width: currentTarget.naturalWidth, height: currentTarget.naturalHeight })
              }
            />
          </div>
        </>
      )}
    </article>
  );
}

/** Numbers to four digits, which is more than anyone sees. */
function inWords(value: unknown): string {
  if (typeof value === 'number') return String(Number(value.toPrecision(4)));
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([name, part]) => (Array.isArray(value) ? inWords(part) : `${name} ${inWords(part)}`))
    .join(', ');
}
