import type { JSX } from 'preact';

interface FactListProps {
  /** Each with its name; of several lines each is a paragraph. */
  readonly facts: readonly (readonly [name: string, text: string | readonly string[]])[];
}

/** What is known, fact by fact. */
export function FactList({ facts }: FactListProps): JSX.Element {
  return (
    <dl class="known">
      {facts.map(([name, text]) => (
        <div>
          <dt>{name}</dt>
          <dd>{typeof text === 'string' ? text : text.map((line) => <p>{line}</p>)}</dd>
        </div>
      ))}
    </dl>
  );
}
