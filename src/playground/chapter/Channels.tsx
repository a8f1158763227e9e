import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { corr2d, kernel, planes, toNested } from '../../core.ts';
import { counted } from './bars.ts';
import { Numbers } from './Numbers.tsx';

/** Three input channels, each under taps of its own, and their sum. */
export function Channels(): JSX.Element {
  const [x, setX] = useState(() => [0, 1, 2].map((c) => counted(3, 3, 9 * c)));
  const [k, setK] = useState(() => [0, 1, 2].map((c) => counted(2, 2, 4 * c)));
  const with_ = (all: number[][][], at: number, rows: number[][]): number[][][] =>
    all.map((one, i) => (i === at ? rows : one));
  const sum = toNested(corr2d(planes(x), kernel(k)))[0];
  return (
    <div class="example">
      {x.map((rows, c) => (
        <div class="side" key={c}>
          <Numbers label={`X, channel ${c}`} rows={rows} onChange={(changed) => setX(with_(x, c, changed))} />
          <Numbers label={`K, channel ${c}`} rows={k[c]} onChange={(changed) => setK(with_(k, c, changed))} />
          <Numbers label={`response of channel ${c}`} rows={toNested(corr2d(planes(rows), kernel(k[c])))[0]} />
        </div>
      ))}
      <Numbers label="their sum: one output channel" rows={sum} />
    </div>
  );
}
