import { type JSX, render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { SiteHeader } from '../page/SiteHeader.tsx';
import { BARS, counted } from './bars.ts';
import { Channels } from './Channels.tsx';
import { Correlation } from './Correlation.tsx';
import { Learning } from './Learning.tsx';
import { Dense, Fields, OneDimension, Sizes } from './Sizes.tsx';
import './chapter.css';

interface Example {
  readonly title: string;
  readonly text: string;
  readonly show: () => JSX.Element;
}

const TRANSPOSED = BARS[0].map((_, column) => BARS.map((row) => row[column]));

const EXAMPLES: Readonly<Record<string, Example>> = {
  correlation: {
    title: 'Cross-correlation',
    text: 'The window slides over the picture X; at each place its samples times the taps of K are summed. The kernel is not flipped.',
    show: () => <Correlation picture={counted(3, 3)} taps={counted(2, 2)} />,
  },
  sizes: {
    title: 'Output sizes',
    text: 'Of a picture of n rows under k rows of taps, n − k + 1 places are left; padding adds to them, a stride leaves some out.',
    show: () => <Sizes />,
  },
  edges: {
    title: 'An edge detector',
    text: 'Ones with a bar of zeros, under [1, −1]: 1 where white turns black, −1 where black turns white, 0 elsewhere.',
    show: () => <Correlation picture={BARS} taps={[[1, -1]]} />,
  },
  transposed: {
    title: 'The picture transposed',
    text: 'A kernel of one row sees edges across alone: all zeros here. Make it 2×1, [[1], [−1]], and it finds them.',
    show: () => <Correlation picture={TRANSPOSED} taps={[[1, -1]]} />,
  },
  learning: {
    title: 'Learning the kernel',
    text: 'From the picture and its response under [1, −1]: gradient descent on the summed squared error, each loss taken before its step.',
    show: () => <Learning />,
  },
  convolution: {
    title: 'Strict convolution',
    text: 'Convolution is correlation with the kernel rotated by 180°. A layer that learns its kernel does not care which of the two it is.',
    show: () => <Correlation picture={counted(3, 3)} taps={counted(2, 2)} flips />,
  },
  padding: {
    title: 'Padding and stride',
    text: 'An 8×8 picture under 5×3 taps with two rows and one column of padding stays 8×8.',
    show: () => (
      <Correlation
        picture={counted(8, 8)}
        taps={[
          [0, 1, 0],
          [0, 1, 0],
          [1, 1, 1],
          [0, 1, 0],
          [0, 1, 0],
        ]}
        padding={[2, 1]}
      />
    ),
  },
  channels: {
    title: 'Several channels',
    text: 'Each input channel has taps of its own; the responses are summed to one output channel.',
    show: () => <Channels />,
  },
  fields: {
    title: 'Receptive fields',
    text: 'Layers on layers see more of the picture: two of 2×2 see 3×3 of it.',
    show: () => <Fields />,
  },
  dense: {
    title: 'A fully connected layer with shared weights',
    text: 'A convolution is a fully connected layer whose weights are shared and 0 outside a window.',
    show: () => <Dense />,
  },
  'one-dimension': {
    title: 'One dimension',
    text: 'The same along a line.',
    show: () => <OneDimension />,
  },
};

function Chapter(): JSX.Element {
  const [name, setName] = useState(nameInAddress);
  useEffect(() => {
    const look = (): void => setName(nameInAddress());
    addEventListener('hashchange', look);
    return () => removeEventListener('hashchange', look);
  }, []);
  const { title, text, show: Show } = EXAMPLES[name];
  return (
    <>
      <SiteHeader here="chapter" />
      <main class="chapter">
        <nav aria-label="examples">
          <ol>
            {Object.entries(EXAMPLES).map(([one, example]) => (
              <li key={one}>
                <a href={`#${one}`} aria-current={one === name ? 'page' : undefined}>
                  {example.title}
                </a>
              </li>
            ))}
          </ol>
        </nav>
        <section aria-label="example">
          <h2>{title}</h2>
          <p>{text}</p>
          <Show key={name} />
        </section>
      </main>
    </>
  );
}

function nameInAddress(): string {
  const name = location.hash.slice(1);
  return Object.hasOwn(EXAMPLES, name) ? name : 'correlation';
}

render(<Chapter />, document.getElementById('page') as HTMLElement);
