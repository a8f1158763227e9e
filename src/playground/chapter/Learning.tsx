import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { corr2d, kernel, learnKernel, planes } from '../../core.ts';
import { Chart } from '../../report/page/Chart.tsx';
import { BARS } from './bars.ts';
import { Count, Numbers, short } from './Numbers.tsx';

interface Learned {
  readonly losses: readonly number[];
  readonly taps: readonly number[];
}

/** The kernel [1, −1] learned from a picture and its response, epoch by epoch. */
export function Learning(): JSX.Element {
  const [x, setX] = useState<readonly (readonly number[])[]>(BARS);
  const [start, setStart] = useState<readonly (readonly number[])[]>([[0.48339, -0.59773]]);
  const [rate, setRate] = useState(0.03);
  const [epochs, setEpochs] = useState(10);
  const [learned, setLearned] = useState<Learned>();
  const [refused, setRefused] = useState('');
  useEffect(() => {
    let isWanted = true;
    const before = planes(x.map((line) => [...line]));
    const after = corr2d(before, kernel([[1, -1]]));
    const initial = kernel(start.map((line) => [...line]));
    const descent = { method: 'gradient-descent', size: [1, 2], optimizer: 'sgd', reduction: 'sum' } as const;
    learnKernel([{ before, after }], { ...descent, learningRate: rate, epochs, initial }).then(
      (found) => {
        if (!isWanted) return;
        setRefused('');
        setLearned({ losses: found.history, taps: Array.from(found.kernel.weights) });
      },
      (error: unknown) => isWanted && setRefused(error instanceof Error ? error.message : String(error)),
    );
    return () => void (isWanted = false);
  }, [x, start, rate, epochs]);
  return (
    <div class="example">
      <div class="counts">
        <Count label="epochs" value={epochs} least={1} most={60} onChange={setEpochs} />
        <label class="count">
          <span>
            learning rate: <output>{rate}</output>
          </span>
          <input
            type="range"
            min="0.001"
            max="0.07"
            step="0.001"
            value={rate}
            onInput={(event) => setRate(Number(event.currentTarget.value))}
          />
        </label>
      </div>
      <div class="side">
        <Numbers label="X" rows={x} onChange={setX} />
        <Numbers label="taps to start from" rows={start} onChange={setStart} />
        {learned && <Numbers label="learned taps" rows={[learned.taps.map((tap) => Number(tap.toFixed(4)))]} />}
      </div>
      {refused !== '' && (
        <p class="note bad" role="alert">
          {refused}
        </p>
      )}
      {learned && refused === '' && (
        <div class="side">
          <Chart
            label="loss by epoch"
            points={learned.losses.map((loss, i) => [i + 1, loss])}
            across="epoch"
            down="loss (logarithmic)"
            logarithmic
          />
          <ol class="losses">
            {learned.losses.map((loss, i) => (
              <li key={i}>loss {loss < 0.001 ? short(loss) : loss.toFixed(3)}</li>
            ))}
          </ol>
        </div>
      )}
    </div>
  );
}
