import type { JSX } from 'preact';
import type { TrainPage } from '../data.ts';
import { CopyText } from './CopyText.tsx';
import { FactList } from './FactList.tsx';
import { LossChart } from './LossChart.tsx';

export function TrainView({ data }: { readonly data: TrainPage }): JSX.Element {
  const { headline, version, facts, notes, command, losses } = data;
  return (
    <>
      <header>
        <h1>{headline}</h1>
        <p class="facts">corr2d {version} train</p>
      </header>
      <main class="learned">
        <FactList facts={facts} />
        {notes.map((note) => (
          <p class="note">{note}</p>
        ))}
        <h2 class="minor">to apply it</h2>
        <CopyText text={command} label="command" />
        {losses.length > 1 && (
          <figure class="losses">
            <figcaption>
              mean cross-entropy, in nats a sample: of the steps since the point before, and of pictures held out after
              it
            </figcaption>
            <LossChart losses={losses} unit="step" />
          </figure>
        )}
        {losses.length > 0 && (
          <details>
            <summary>the losses as numbers</summary>
            <table class="losses">
              <thead>
                <tr>
                  <th scope="col">step</th>
                  <th scope="col">loss</th>
                  <th scope="col">held out</th>
                </tr>
              </thead>
              <tbody>
                {losses.map(({ step, loss, heldOut }) => (
                  <tr>
                    <td>{step}</td>
                    <td>{loss.toFixed(4)}</td>
                    <td>{heldOut?.toFixed(4) ?? '–'}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </details>
        )}
      </main>
    </>
  );
}
