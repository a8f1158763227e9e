import type { JSX } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { quoted } from '../../report/page/copy.ts';
import { CopyText } from '../../report/page/CopyText.tsx';
import type { OpenedPicture } from '../protocol.ts';
import {
  addressOf,
  commandWords,
  isSample,
  libraryCall,
  SAMPLES,
  type State,
  stateOf,
  type Tab,
  TABS,
} from '../state.ts';
import { Busy } from './Busy.tsx';
import { Client } from './client.ts';
import { DropField, pictureIn } from './DropField.tsx';
import { EdgeFields } from './EdgeFields.tsx';
import { Choice } from './fields.tsx';
import { FilterFields } from './FilterFields.tsx';
import { LearnTab } from './LearnTab.tsx';
import { SiteHeader } from './SiteHeader.tsx';
import { useWork } from './useWork.ts';
import { Viewer } from './Viewer.tsx';

const NAMES: Readonly<Record<Tab, string>> = {
  edges: 'find edges',
  filter: 'apply a kernel',
  learn: 'learn from a pair',
};

/** The playground: one state, which the address holds, and what the worker makes of it. */
export function App(): JSX.Element {
  const client = useMemo(() => new Client(), []);
  const [state, setState] = useState<State>(() => stateOf(location.hash));
  /** A picture of the visitor's own, which no address holds. */
  const [own, setOwn] = useState<File>();
  const change = (changed: Partial<State>): void => setState((was) => ({ ...was, ...changed }));

  useEffect(() => history.replaceState(null, '', addressOf(state)), [state]);
  useEffect(() => {
    const look = (): void => setState(stateOf(location.hash));
    addEventListener('hashchange', look);
    return () => removeEventListener('hashchange', look);
  }, []);
  const take = (file: File): void => {
    setOwn(file);
    change({ picture: file.name });
  };
  useEffect(() => {
    const paste = (event: ClipboardEvent): void => {
      const file = pictureIn(event.clipboardData);
      if (file !== undefined && state.tab !== 'learn') take(file);
    };
    addEventListener('paste', paste);
    return () => removeEventListener('paste', paste);
  });

  return (
    <>
      <SiteHeader here="playground" />
      <nav class="tabs" aria-label="what to do">
        {TABS.map((tab) => (
          <button key={tab} type="button" aria-pressed={state.tab === tab} onClick={() => change({ tab })}>
            {NAMES[tab]}
          </button>
        ))}
      </nav>
      {state.tab === 'learn' ? (
        <LearnTab client={client} />
      ) : (
        <ApplyTab client={client} state={state} own={own} onChange={change} onFile={take} />
      )}
    </>
  );
}

interface ApplyTabProps {
  readonly client: Client;
  readonly state: State;
  readonly own: File | undefined;
  readonly onChange: (change: Partial<State>) => void;
  readonly onFile: (file: File) => void;
}

function ApplyTab({ client, state, own, onChange, onFile }: ApplyTabProps): JSX.Element {
  const { picture } = state;
  const isOwn = own !== undefined && own.name === picture;
  const isThere = isOwn || isSample(picture);
  const opened = useWork<OpenedPicture>(
    isThere ? async () => client.open('picture', picture, isOwn ? own : await fetched(picture)) : undefined,
    [picture, own],
  );
  const first = opened.since === undefined ? opened.result : undefined;
  const made = useWork(first && (() => client.apply(state)), [first, stateOfWork(state)]);
  const told = useMemo(() => tellable(state), [state]);
  const { result } = made;
  const fits = result !== undefined && opened.result !== undefined;
  return (
    <main class="play">
      <section class="choices" aria-label="choices">
        <DropField
          label="Drop or paste a picture, or choose one:"
          name={isOwn ? own.name : undefined}
          onFile={onFile}
        />
        <Choice
          label="or a sample"
          value={isSample(picture) ? picture : ''}
          values={SAMPLES}
          {...(isSample(picture) ? {} : { usual: 'your own' })}
          onChange={(name) => name !== '' && onChange({ picture: name })}
        />
        <p class="quiet">What you drop stays on this machine: nothing is sent anywhere.</p>
        {state.tab === 'edges' ? (
          <EdgeFields state={state} onChange={onChange} />
        ) : (
          <FilterFields state={state} onChange={onChange} />
        )}
      </section>
      <section class="shown" aria-label="result">
        {!isThere && <p class="note">{picture} was a picture of another visit: drop it again, or take a sample.</p>}
        {opened.refused !== undefined && (
          <p class="note bad" role="alert">
            {opened.refused}
          </p>
        )}
        {made.refused !== undefined && (
          <p class="note bad" role="alert">
            {made.refused}
          </p>
        )}
        <Busy since={opened.since} what="opening" onStop={() => client.stop()} />
        <Busy since={made.since} what="computing" onStop={() => client.stop()} />
        {opened.result && <Viewer before={opened.result.image} after={fits ? result.image : undefined} />}
        {opened.result && (
          <dl class="known">
            <Fact name="picture">
              {opened.result.width}×{opened.result.height}, {opened.result.channels === 1 ? 'grey' : 'colour'}
            </Fact>
            {result && (
              <Fact name="time">
                <output class="time">{milliseconds(result.seconds)}</output> in this browser, one thread
              </Fact>
            )}
            {result?.facts.map(([name, text]) => (
              <Fact key={name} name={name}>
                {text}
              </Fact>
            ))}
          </dl>
        )}
        {opened.result?.notes.map((note) => (
          <p class="note">{note}</p>
        ))}
        {result && <Save client={client} />}
        {result !== undefined && result.tables.length > 0 && (
          <details>
            <summary>{result.tables.length === 1 ? 'the kernel' : `the ${result.tables.length} kernels`}</summary>
            {result.tables.map((table) => (
              <CopyText text={table} label="table of taps" />
            ))}
          </details>
        )}
        {told && (
          <>
            <h2 class="minor">the command</h2>
            <CopyText text={told.command} label="command" />
            <h2 class="minor">the library call</h2>
            <CopyText text={told.call} label="library call" />
          </>
        )}
      </section>
    </main>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: unknown }): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children as JSX.Element}</dd>
    </div>
  );
}

/** The result as a file, made when it is asked for. */
function Save({ client }: { readonly client: Client }): JSX.Element {
  const link = useRef<HTMLAnchorElement>(null);
  const save = async (): Promise<void> => {
    const file = await client.save();
    if (link.current === null) return;
    link.current.href = URL.createObjectURL(file);
    link.current.click();
    setTimeout(() => URL.revokeObjectURL(link.current?.href ?? ''), 60_000);
  };
  return (
    <p>
      <button type="button" onClick={() => void save()}>
        save the result as PNG
      </button>
      {/* Clicked by the button alone, once there is a file. */}
      <a ref={link} hidden download="corr2d.png" href="#result">
        result
      </a>
    </p>
  );
}

/** What the worker's result depends on: all but where it comes from. */
function stateOfWork(state: State): string {
  return addressOf({ ...state, picture: '' });
}

/** Nothing where the choices make no call. */
function tellable(state: State): { command: string; call: string } | undefined {
  try {
    return { command: commandWords(state).map(quoted).join(' '), call: libraryCall(state) };
  } catch {
    // What is wrong with them is told where they are applied.
    return undefined;
  }
}

/** A sample, which lies beside the page. */
export async function fetched(name: string): Promise<Blob> {
  const answer = await fetch(new URL(name, document.baseURI));
  if (!answer.ok) throw new Error(`Expected ${name} beside this page but received ${answer.status}`);
  return answer.blob();
}

function milliseconds(seconds: number): string {
  return `${Number((1000 * seconds).toPrecision(3))} ms`;
}
