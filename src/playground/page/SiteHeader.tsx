import type { JSX } from 'preact';

const PAGES = { playground: 'index.html', chapter: 'chapter.html', docs: 'docs/index.html' } as const;
const NAMES = { playground: 'playground', chapter: 'the chapter', docs: 'documentation' } as const;

/** The head of every page, with the way to the others. */
export function SiteHeader({ here }: { readonly here: 'playground' | 'chapter' }): JSX.Element {
  return (
    <header class="site">
      <h1>corr2d: {NAMES[here]}</h1>
      <nav aria-label="pages">
        {(Object.keys(PAGES) as (keyof typeof PAGES)[])
          .filter((name) => name !== here && (name !== 'docs' || HAS_DOCS))
          .map((name) => (
            <a key={name} href={PAGES[name]}>
              {NAMES[name]}
            </a>
          ))}
      </nav>
    </header>
  );
}

/** Whether the documentation lies beside the pages: the build says it. */
declare const HAS_DOCS: boolean;
