import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import type { EvaluationPage } from '../data.ts';
import { Curve } from './Curve.tsx';
import { List } from './List.tsx';
import { SearchField } from './SearchField.tsx';
import { SortField } from './SortField.tsx';

const SORTS = ['name', 'worst first', 'best first'] as const;

export function EvaluationView({ data }: { readonly data: EvaluationPage }): JSX.Element {
  const { maps, truth, version, options, scores, failures } = data;
  const [search, setSearch] = useState('');
  const [sort, setSort] = useState<(typeof SORTS)[number]>('name');
  const pictures = useMemo(() => {
    const found = data.pictures.filter(({ name }) => name.toLowerCase().includes(search.toLowerCase()));
    if (sort === 'name') return found;
    return found.toSorted((a, b) => (sort === 'best first' ? b.f - a.f : a.f - b.f));
  }, [data, search, sort]);
  return (
    <>
      <header>
        <h1>
          edges of {maps} against {truth.join(', ')}
        </h1>
        <p class="facts">
          corr2d {version} ·{' '}
          {Object.entries(options)
            .map(([name, value]) => `${name} ${Array.isArray(value) ? value.length : String(value)}`)
            .join(', ')}
        </p>
        {scores && (
          <dl class="configuration">
            {[
              ['ODS', scores.ods.f, `threshold ${shown(scores.ods.threshold)}`],
              ['OIS', scores.ois.f, 'each picture at its own threshold'],
              ['AP', scores.ap, 'mean precision'],
            ].map(([name, value, how]) => (
              <div>
                <dt>{name}</dt>
                <dd>
                  <strong>{shown(value as number)}</strong> ({how})
                </dd>
              </div>
            ))}
          </dl>
        )}
        {failures.map(({ error }) => (
          <p class="note">{error}</p>
        ))}
        <div class="filters">
          <SearchField value={search} onSearch={setSearch} />
          <SortField sorts={SORTS} value={sort} onSort={setSort} />
          <output>
            {pictures.length} of {data.pictures.length}
          </output>
        </div>
      </header>
      <main>
        <nav aria-label="pictures">
          <List
            items={pictures}
            rowHeight={64}
            label="pictures"
            selected={-1}
            row={({ name, href, f, recall, precision, threshold }) => (
              <div class="item">
                <a class="name" href={href}>
                  {name}
                </a>
                <span class="verdict">
                  F {shown(f)} at {shown(threshold)}: recall {shown(recall)}, precision {shown(precision)}
                </span>
              </div>
            )}
          />
          {pictures.length === 0 && <p class="nothing">No picture is called so.</p>}
        </nav>
        <section aria-label="precision over recall">
          {scores ? (
            <Curve curve={scores.curve} best={scores.ods} />
          ) : (
            <p class="nothing">Nothing could be evaluated.</p>
          )}
        </section>
      </main>
    </>
  );
}

function shown(value: number): string {
  return value.toFixed(3);
}
