import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Conv2d, corr1d, denseEquivalent, outputShape, receptiveField } from '../../core.ts';
import { Count, Numbers } from './Numbers.tsx';

/** How large a result is, by the sides of picture and kernel, padding and stride. */
export function Sizes(): JSX.Element {
  const [n, setN] = useState(8);
  const [k, setK] = useState(3);
  const [p, setP] = useState(1);
  const [s, setS] = useState(1);
  const size = attempt(
    () => outputShape({ height: n, width: n }, { height: k, width: k }, { padding: p, stride: s }).height,
  );
  return (
    <div class="example">
      <div class="counts">
        <Count label="n, side of the picture" value={n} least={1} most={32} onChange={setN} />
        <Count label="k, side of the kernel" value={k} least={1} most={11} onChange={setK} />
        <Count label="p, padding on each side" value={p} least={0} most={6} onChange={setP} />
        <Count label="s, stride" value={s} least={1} most={6} onChange={setS} />
      </div>
      <p class="sum" role="status">
        {typeof size === 'string'
          ? size
          : `⌊(${n} − ${k} + ${2 * p} + ${s}) / ${s}⌋ = ${size}: the result is ${size}×${size}`}
      </p>
    </div>
  );
}

/** What one number after several layers has seen. */
export function Fields(): JSX.Element {
  const [depth, setDepth] = useState(2);
  const [side, setSide] = useState(2);
  const [stride, setStride] = useState(1);
  const layer = (): ReturnType<typeof Conv2d> => Conv2d({ inChannels: 1, outChannels: 1, kernelSize: side, stride });
  const { size } = receptiveField(Array.from({ length: depth }, layer));
  return (
    <div class="example">
      <div class="counts">
        <Count label="layers" value={depth} least={1} most={8} onChange={setDepth} />
        <Count label="side of their kernels" value={side} least={1} most={7} onChange={setSide} />
        <Count label="stride" value={stride} least={1} most={3} onChange={setStride} />
      </div>
      <p class="sum" role="status">
        one number of the last feature map sees {size.join('×')} samples of the picture
      </p>
    </div>
  );
}

/** How many weights a fully connected layer of the same sides has. */
export function Dense(): JSX.Element {
  const [side, setSide] = useState(8);
  const [taps, setTaps] = useState(3);
  const conv = Conv2d({ inChannels: 1, outChannels: 1, kernelSize: taps, padding: 'same', bias: false, seed: 1 });
  const { weights, bytes } = denseEquivalent(conv, [side, side], { matrix: false });
  return (
    <div class="example">
      <div class="counts">
        <Count label="side of the picture" value={side} least={8} most={1000} onChange={setSide} />
        <Count label="side of the kernel" value={taps} least={1} most={7} onChange={setTaps} />
      </div>
      <p class="sum" role="status">
        a layer that correlates: {weights.shared.toLocaleString('en')} weights; a fully connected one of the same
        shapes: {weights.dense.toLocaleString('en')},{' '}
        {(bytes.dense / 2 ** 20).toLocaleString('en', { maximumFractionDigits: 2 })} MiB
      </p>
    </div>
  );
}

/** The same in one dimension. */
export function OneDimension(): JSX.Element {
  const [x, setX] = useState<readonly (readonly number[])[]>([[0, 1, 2, 3, 4, 5, 6]]);
  const [k, setK] = useState<readonly (readonly number[])[]>([[1, 2]]);
  return (
    <div class="example">
      <div class="side">
        <Numbers label="x" rows={x} onChange={setX} />
        <Numbers label="k" rows={k} onChange={setK} />
        <Numbers label="corr1d(x, k)" rows={[Array.from(corr1d([...x[0]], [...k[0]]))]} />
      </div>
    </div>
  );
}

function attempt<T>(make: () => T): T | string {
  try {
    return make();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
