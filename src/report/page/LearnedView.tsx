import type { JSX } from 'preact';
import type { LearnedShown } from '../data.ts';
import { CopyText } from './CopyText.tsx';
import { FactList } from './FactList.tsx';
import { LossChart } from './LossChart.tsx';
import { TapsView } from './TapsView.tsx';

/** More tables are in the file alone. */
const MOST_TABLES = 12;

/** What was learned: in words, as numbers and curves, and in the words of other programs. */
export function LearnedView({ learned }: { readonly learned: LearnedShown }): JSX.Element {
  const { facts, notes, kernels, notations, command, losses } = learned;
  return (
    <>
      <FactList facts={facts} />
      {notes.map((note) => (
        <p class="note">{note}</p>
      ))}
      <h2 class="minor">to apply it</h2>
      <CopyText text={command} label="command" />
      {kernels.slice(0, MOST_TABLES).map((shown) => (
        <TapsView shown={shown} />
      ))}
      {kernels.length > MOST_TABLES && (
        <p class="quiet">and {kernels.length - MOST_TABLES} more tables, which the file holds</p>
      )}
      {losses.length > 1 && (
        <figure class="losses">
          <figcaption>loss of each of {losses.length} epochs, before its step</figcaption>
          <LossChart losses={losses} unit="epoch" />
        </figure>
      )}
      {notations.length > 0 && <h2 class="minor">in other words</h2>}
      {notations.map(({ name, text, refused }) => (
        <details class="notation">
          <summary>{name}</summary>
          {text === undefined ? <p class="quiet">{refused}</p> : <CopyText text={text} label={`${name} notation`} />}
        </details>
      ))}
    </>
  );
}
