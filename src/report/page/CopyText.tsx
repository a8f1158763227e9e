import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { copy } from './copy.ts';

interface CopyTextProps {
  readonly text: string;
  readonly label: string;
}

/** A text to be taken elsewhere, with a button that copies it. */
export function CopyText({ text, label }: CopyTextProps): JSX.Element {
  const [told, setTold] = useState('');
  return (
    <div class="copied">
      {/* Long lines scroll, by keys too. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <pre class="command" tabIndex={0} role="region" aria-label={label}>
        {text}
      </pre>
      <button
        type="button"
        aria-label={`copy ${label}`}
        onClick={() => void copy(text).then((done) => setTold(done ? 'copied' : 'select it to copy it'))}
      >
        copy
      </button>
      <span role="status">{told}</span>
    </div>
  );
}
