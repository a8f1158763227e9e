import type { JSX } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { VERDICTS as ALL_VERDICTS } from '../../verify/verifyReport.ts';
import type { VerifyEntry, VerifyPage } from '../data.ts';
import { Accept, isAcceptable } from './Accept.tsx';
import { Comparison, type View, VIEWS } from './Comparison.tsx';
import { Decided } from './Decided.tsx';
import { List } from './List.tsx';
import { SearchField } from './SearchField.tsx';
import { SortField } from './SortField.tsx';

/** What is to be looked at first. */
const VERDICTS = [...ALL_VERDICTS.filter((verdict) => verdict !== 'passed'), 'passed'] as const;
const SORTS = ['name', 'difference'] as const;

export function VerifyView({ data }: { readonly data: VerifyPage }): JSX.Element {
  const counts = useMemo(() => countsOf(data), [data]);
  const [wanted, setWanted] = useState<ReadonlySet<string>>(
    () => new Set(VERDICTS.filter((verdict) => verdict !== 'passed' || counts.passed === data.items.length)),
  );
  const [search, setSearch] = useState('');
  const [sort, setSort] = useState<(typeof SORTS)[number]>('name');
  const [view, setView] = useState<View>('slider');
  const [selected, setSelected] = useState(0);
  const [approved, setApproved] = useState<ReadonlySet<string>>(new Set());
  const [failedAlone, setFailedAlone] = useState(false);
  const [region, setRegion] = useState(-1);
  const [outlined, setOutlined] = useState(true);
  const items = useMemo(
    () => chosen(data.items, { wanted, failedAlone, search, sort }),
    [data, wanted, failedAlone, search, sort],
  );
  const entry = items[Math.min(selected, items.length - 1)];
  const failed = useMemo(() => data.items.filter((item) => item.failed).length, [data]);
  const regions = entry?.regions?.length ?? 0;
  useEffect(() => setRegion(-1), [entry]);

  const approve = (one: VerifyEntry | undefined): void => {
    if (one === undefined || !isAcceptable(one)) return;
    setApproved((were) => {
      const now = new Set(were);
      if (!now.delete(one.path)) now.add(one.path);
      return now;
    });
  };

  const step = (by: 1 | -1): void =>
    setSelected((i) => Math.min(Math.max(Math.min(i, items.length - 1) + by, 0), Math.max(items.length - 1, 0)));
  useKeys((key) => {
    const number = Number(key);
    if (key === 'j') step(1);
    else if (key === 'k') step(-1);
    else if (key === 'a') approve(entry);
    else if (key === 'n' && regions > 0) setRegion((i) => (i + 1) % regions);
    else if (key === 'p' && regions > 0) setRegion((i) => (Math.max(i, 0) - 1 + regions) % regions);
    else if (key === 'o') setOutlined((was) => !was);
    else if (number >= 1 && number <= VIEWS.length) setView(VIEWS[number - 1]);
    else return false;
    return true;
  });

  return (
    <>
      <header>
        <Heading data={data} />
        <div class="filters" role="group" aria-label="which pictures">
          <Verdicts counts={counts} wanted={wanted} onWanted={setWanted} />
          {failed > 0 && failed < data.items.length && (
            <label class="chip">
              <input type="checkbox" checked={failedAlone} onChange={() => setFailedAlone(!failedAlone)} />
              failed alone: {failed}
            </label>
          )}
          <SearchField value={search} onSearch={setSearch} />
          <SortField sorts={SORTS} value={sort} onSort={setSort} />
          <Keys />
        </div>
      </header>
      <main>
        <Pictures items={items} entry={entry} approved={approved} onSelect={setSelected} />
        <section aria-label="comparison">
          {entry && (
            <>
              <Verdict entry={entry} />
              <div class="tools">
                {entry.expected && entry.actual && <Views view={view} onView={setView} />}
                <Steps entry={entry} isApproved={approved.has(entry.path)} onStep={step} onApprove={approve} />
              </div>
              <Comparison
                entry={entry}
                view={view}
                region={region}
                onRegion={setRegion}
                outlined={outlined}
                onOutlined={setOutlined}
              />
              <Decided entry={entry} />
            </>
          )}
        </section>
      </main>
      <Accept data={data} approved={approved} />
    </>
  );
}

/** @param onKey what a key does, and whether it does anything */
function useKeys(onKey: (key: string) => boolean): void {
  useEffect(() => {
    const listener = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if ((event.target as HTMLElement).matches('input, textarea, select')) return;
      if (onKey(event.key)) event.preventDefault();
    };
    document.addEventListener('keydown', listener);
    return () => document.removeEventListener('keydown', listener);
  });
}

function Heading({ data }: { readonly data: VerifyPage }): JSX.Element {
  return (
    <>
      <h1>
        <span class={data.match ? 'sign passed' : 'sign failed'}>{data.match ? 'passed' : 'failed'}</span> {data.actual}{' '}
        against {data.golden}
      </h1>
      <p class="facts">
        corr2d {data.version} · {rule(data)} {data.interrupted && '· interrupted: not all pictures were looked at'}
      </p>
      {[...data.problems, ...data.notes].map((note) => (
        <p class="note">{note}</p>
      ))}
    </>
  );
}

interface VerdictsProps {
  readonly counts: ReturnType<typeof countsOf>;
  readonly wanted: ReadonlySet<string>;
  readonly onWanted: (wanted: ReadonlySet<string>) => void;
}

function Verdicts({ counts, wanted, onWanted }: VerdictsProps): JSX.Element {
  return (
    <>
      {VERDICTS.filter((verdict) => counts[verdict] > 0).map((verdict) => (
        <label class={`chip ${verdict}`}>
          <input type="checkbox" checked={wanted.has(verdict)} onChange={() => onWanted(toggled(wanted, verdict))} />
          {counts[verdict]} {verdict}
        </label>
      ))}
    </>
  );
}

function Keys(): JSX.Element {
  return (
    <details class="keys">
      <summary>keys</summary>
      <p>
        j, k: next and previous picture · n, p: next and previous region that changed · a: approve · o: outlines · 1 to{' '}
        {VIEWS.length}: {VIEWS.join(', ')}
      </p>
    </details>
  );
}

interface PicturesProps {
  readonly items: readonly VerifyEntry[];
  readonly entry: VerifyEntry | undefined;
  readonly approved: ReadonlySet<string>;
  readonly onSelect: (index: number) => void;
}

function Pictures({ items, entry, approved, onSelect }: PicturesProps): JSX.Element {
  return (
    <nav aria-label="pictures">
      <List
        items={items}
        rowHeight={44}
        label="pictures"
        selected={entry === undefined ? -1 : items.indexOf(entry)}
        row={(item, i) => (
          <button
            type="button"
            class={`item ${item.verdict}`}
            aria-current={item === entry ? 'true' : undefined}
            onClick={() => onSelect(i)}
          >
            <span class="name">{item.path}</span>
            <span class="verdict">
              {approved.has(item.path) ? 'approved' : item.verdict}
              {item.ratio !== undefined && item.ratio > 0 ? ` ${percent(item.ratio)}` : ''}
            </span>
          </button>
        )}
      />
      {items.length === 0 && <p class="nothing">No picture is called so, or has such a verdict.</p>}
    </nav>
  );
}

function Verdict({ entry }: { readonly entry: VerifyEntry }): JSX.Element {
  return (
    <>
      <h2>{entry.path}</h2>
      <p class="message">
        <span class={`chip ${entry.verdict}`}>{entry.verdict}</span> {entry.message}
        {entry.from !== undefined && ` (was ${entry.from})`}
      </p>
    </>
  );
}

function Views({ view, onView }: { readonly view: View; readonly onView: (view: View) => void }): JSX.Element {
  return (
    <div role="group" aria-label="how to compare">
      {VIEWS.map((name, i) => (
        <button type="button" aria-pressed={view === name} title={`key ${i + 1}`} onClick={() => onView(name)}>
          {name}
        </button>
      ))}
    </div>
  );
}

interface StepsProps {
  readonly entry: VerifyEntry;
  readonly isApproved: boolean;
  readonly onStep: (by: 1 | -1) => void;
  readonly onApprove: (entry: VerifyEntry) => void;
}

function Steps({ entry, isApproved, onStep, onApprove }: StepsProps): JSX.Element {
  return (
    <div role="group" aria-label="next and previous">
      <button type="button" title="key k" onClick={() => onStep(-1)}>
        previous
      </button>
      <button type="button" title="key j" onClick={() => onStep(1)}>
        next
      </button>
      {isAcceptable(entry) && (
        <button type="button" title="key a" aria-pressed={isApproved} onClick={() => onApprove(entry)}>
          approve
        </button>
      )}
    </div>
  );
}

function countsOf({ items }: VerifyPage): Record<(typeof VERDICTS)[number], number> {
  const counts = { changed: 0, new: 0, deleted: 0, renamed: 0, unreadable: 0, passed: 0 };
  for (const { verdict } of items) counts[verdict]++;
  return counts;
}

interface Choice {
  readonly wanted: ReadonlySet<string>;
  /** Whether pictures are left out that keep nothing from passing. */
  readonly failedAlone: boolean;
  readonly search: string;
  readonly sort: (typeof SORTS)[number];
}

function chosen(items: readonly VerifyEntry[], { wanted, failedAlone, search, sort }: Choice): readonly VerifyEntry[] {
  const part = search.toLowerCase();
  const found = items.filter(
    ({ verdict, path, failed }) => wanted.has(verdict) && (failed || !failedAlone) && path.toLowerCase().includes(part),
  );
  return sort === 'name' ? found : found.toSorted((a, b) => (b.ratio ?? 0) - (a.ratio ?? 0));
}

function toggled(set: ReadonlySet<string>, name: string): ReadonlySet<string> {
  const now = new Set(set);
  if (!now.delete(name)) now.add(name);
  return now;
}

function percent(ratio: number): string {
  return `${Number((100 * ratio).toPrecision(2))} %`;
}

/** What decided, in words. */
function rule({ comparator }: VerifyPage): string {
  return Object.entries(comparator)
    .map(([name, value]) => `${name} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
    .join(', ');
}
