import type { JSX } from 'preact';
import type { VerifyEntry, VerifyPage } from '../data.ts';
import { quoted } from './copy.ts';
import { CopyText } from './CopyText.tsx';

/** What can be accepted: a golden is made, replaced, moved or removed. */
export function isAcceptable({ verdict }: VerifyEntry): boolean {
  return verdict === 'changed' || verdict === 'new' || verdict === 'renamed' || verdict === 'deleted';
}

interface AcceptProps {
  readonly data: VerifyPage;
  /** Paths. */
  readonly approved: ReadonlySet<string>;
}

/** The command that accepts what was approved, and nothing else; before that, how to approve. */
export function Accept({ data, approved }: AcceptProps): JSX.Element | null {
  const names = data.items.filter(({ path }) => approved.has(path));
  if (!data.items.some(isAcceptable)) return null;
  return (
    <footer aria-label="approved">
      {names.length === 0 ? (
        <p>
          To accept a picture as it is now, approve it (key a): the command that makes goldens of what was approved then
          stands here.
        </p>
      ) : (
        <>
          <p>
            {names.length} approved. Run this in the folder that verify was run in, not in CI, to make goldens of{' '}
            {names.length === 1 ? 'it' : 'them'}, and of no other:
          </p>
          <CopyText text={commandOf(data, names)} label="command that accepts" />
        </>
      )}
    </footer>
  );
}

/** Goldens are removed only where that is said. */
function commandOf({ accept }: VerifyPage, names: readonly VerifyEntry[]): string {
  const prune = names.some(({ verdict }) => verdict === 'deleted') ? ['--prune'] : [];
  return [
    ...accept,
    ...prune,
    ...names.flatMap(({ path }) => (path.startsWith('-') ? [`--only=${path}`] : ['--only', path])),
  ]
    .map(quoted)
    .join(' ');
}
