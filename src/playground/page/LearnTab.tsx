import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { LearnedView } from '../../report/page/LearnedView.tsx';
import { SAMPLE_PAIRS } from '../state.ts';
import { fetched } from './App.tsx';
import { Busy } from './Busy.tsx';
import type { Client } from './client.ts';
import { DropField } from './DropField.tsx';
import { useWork } from './useWork.ts';
import { Bitmap } from './Viewer.tsx';

interface Given {
  readonly name: string;
  readonly file: Blob;
}

/** From a picture before and after, the kernel; or the detector, where the after is its edge map. */
export function LearnTab({ client }: { readonly client: Client }): JSX.Element {
  const [before, setBefore] = useState<Given>();
  const [after, setAfter] = useState<Given>();
  const [fault, setFault] = useState('');
  const opened = useWork(
    before &&
      after &&
      (async () => [
        await client.open('before', before.name, before.file),
        await client.open('after', after.name, after.file),
      ]),
    [before, after],
  );
  const pair = opened.since === undefined ? opened.result : undefined;
  const found = useWork(pair && before && after && (() => client.learn([before.name, after.name])), [pair]);
  const take = async (names: readonly [string, string]): Promise<void> => {
    setFault('');
    try {
      const [one, other] = await Promise.all(names.map(fetched));
      setBefore({ name: names[0], file: one });
      setAfter({ name: names[1], file: other });
    } catch (error) {
      setFault(String(error));
    }
  };
  useEffect(() => void take(SAMPLE_PAIRS['a filter']), []);
  const isNew = found.since === undefined && found.refused === undefined && opened.since === undefined;
  return (
    <main class="play">
      <section class="choices" aria-label="choices">
        <DropField label="before:" name={before?.name} onFile={(file) => setBefore({ name: file.name, file })} />
        <DropField
          label="after, or its edge map:"
          name={after?.name}
          onFile={(file) => setAfter({ name: file.name, file })}
        />
        <p>or a pair of the samples:</p>
        <div class="buttons">
          {Object.entries(SAMPLE_PAIRS).map(([name, names]) => (
            <button key={name} type="button" onClick={() => void take(names)}>
              {name}
            </button>
          ))}
        </div>
        {opened.result?.map(({ image, notes, width, height }, i) => (
          <figure class="small">
            <Bitmap image={image} label={i === 0 ? 'before' : 'after'} style={{ width: '100%' }} />
            <figcaption>
              {i === 0 ? 'before' : 'after'}, {width}×{height}
            </figcaption>
            {notes.map((note) => (
              <p class="note">{note}</p>
            ))}
          </figure>
        ))}
      </section>
      <section class="shown" aria-label="what was learned">
        {[fault, opened.refused, found.refused].map(
          (one) =>
            one !== undefined &&
            one !== '' && (
              <p class="note bad" role="alert">
                {one}
              </p>
            ),
        )}
        <Busy since={opened.since ?? found.since} what="learning" onStop={() => client.stop()} />
        {isNew && found.result && (
          <>
            <h2>{found.result.learned.headline}</h2>
            <p class="quiet">in {found.result.seconds.toFixed(1)} s, in this browser</p>
            <LearnedView learned={found.result.learned} />
          </>
        )}
      </section>
    </main>
  );
}
