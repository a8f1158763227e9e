import type { JSX } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { TapsShown } from '../data.ts';
import { Chart } from './Chart.tsx';
import { frequencyResponse, profiles } from './frequency.ts';

/** Wider tables are shown as pictures: their numbers are not read at once. */
const MOST_COLUMNS = 15;

/** A kernel's taps as a heat map, its impulse response, and what it does to each frequency. */
export function TapsView({ shown }: { readonly shown: TapsShown }): JSX.Element {
  const { label, height, width, taps, errors } = shown;
  const response = useMemo(() => frequencyResponse(shown), [shown]);
  const across = useMemo(() => profiles(response), [response]);
  const sum = taps.reduce((total, tap) => total + tap, 0);
  const reversed = useMemo(() => ({ ...shown, taps: shown.taps.toReversed() }), [shown]);
  return (
    <div class="taps">
      <figure>
        <figcaption>
          {label}: {height}×{width}, sum {short(sum)}
        </figcaption>
        {width <= MOST_COLUMNS ? (
          <TapsTable shown={shown} />
        ) : (
          <TapsPicture shown={shown} label={`${label} as a heat map`} />
        )}
        {errors && <p class="quiet">± standard error, where it is above a millionth of the largest tap</p>}
      </figure>
      <figure>
        <figcaption>impulse response: what becomes of one white sample</figcaption>
        <TapsPicture shown={reversed} label={`impulse response of ${label}`} />
      </figure>
      <figure>
        <figcaption>frequency response: 0 in the middle, the finest detail at the rim</figcaption>
        <TapsPicture
          shown={{ label, height: response.side, width: response.side, taps: response.gains }}
          label={`frequency response of ${label}`}
          fromZero
        />
      </figure>
      <figure>
        <figcaption>gain along rows, from 0 to half a cycle a sample</figcaption>
        <Chart label={`gain of ${label} along rows`} points={across.row} across="cycles a sample" down="gain" />
      </figure>
      <figure>
        <figcaption>gain along columns</figcaption>
        <Chart label={`gain of ${label} along columns`} points={across.column} across="cycles a sample" down="gain" />
      </figure>
    </div>
  );
}

function TapsTable({ shown: { label, height, width, taps, errors } }: { readonly shown: TapsShown }): JSX.Element {
  const largest = largestOf(taps);
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div class="scrolled" tabIndex={0} role="region" aria-label={`numbers of ${label}`}>
      <table class="heat">
        <tbody>
          {Array.from({ length: height }, (_, row) => (
            <tr>
              {Array.from({ length: width }, (__, column) => {
                const i = row * width + column;
                const share = largest === 0 ? 0 : taps[i] / largest;
                const error = errors?.[i];
                return (
                  <td
                    class={share < 0 ? 'below' : 'above'}
                    style={{ '--share': `${Math.round(60 * Math.abs(share))}%` }}
                    title={`row ${row}, column ${column}: ${taps[i]}${error === undefined ? '' : ` ± ${short(error)}`}`}
                  >
                    {shortTap(taps[i])}
                    {error !== undefined && error > 1e-6 * largest && <small>±{Number(error.toPrecision(1))}</small>}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface TapsPictureProps {
  readonly shown: TapsShown;
  readonly label: string;
  /** Whether numbers are from 0 on, and dark is 0; else grey is 0. */
  readonly fromZero?: boolean;
}

/** In pixels. */
const SIDE = 192;

/** Numbers as a picture, each of them told under the pointer. */
function TapsPicture({ shown: { height, width, taps }, label, fromZero = false }: TapsPictureProps): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [at, setAt] = useState<number>();
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    const image = context.createImageData(width, height);
    const largest = largestOf(taps) || 1;
    taps.forEach((tap, i) => {
      const level = fromZero ? (255 * tap) / largest : 127.5 * (1 + tap / largest);
      image.data.set([level, level, level, 255], 4 * i);
    });
    context.putImageData(image, 0, 0);
  }, [taps, height, width, fromZero]);
  const scale = SIDE / Math.max(height, width);
  const follow = (event: PointerEvent): void => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const column = Math.floor(((event.clientX - box.left) / box.width) * width);
    const row = Math.floor(((event.clientY - box.top) / box.height) * height);
    setAt(row >= 0 && row < height && column >= 0 && column < width ? row * width + column : undefined);
  };
  return (
    <>
      <canvas
        ref={canvas}
        class="numbers"
        role="img"
        aria-label={label}
        width={width}
        height={height}
        style={{ width: `${width * scale}px`, height: `${height * scale}px` }}
        onPointerMove={follow}
        onPointerLeave={() => setAt(undefined)}
      />
      <p class="quiet">
        {at === undefined
          ? `from ${short(leastOf(taps))} to ${short(taps.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY))}`
          : `row ${Math.floor(at / width)}, column ${at % width}: ${short(taps[at])}`}
      </p>
    </>
  );
}

function largestOf(taps: readonly number[]): number {
  return taps.reduce((most, tap) => Math.max(most, Math.abs(tap)), 0);
}

function leastOf(taps: readonly number[]): number {
  return taps.reduce((one, other) => Math.min(one, other), Number.POSITIVE_INFINITY);
}

/** As few digits as are the same Float32, at most eight. */
function shortTap(tap: number): string {
  for (let digits = 1; digits < 8; digits++) {
    const text = Number(tap.toPrecision(digits));
    if (Math.fround(text) === Math.fround(tap)) return String(text);
  }
  return String(Number(tap.toPrecision(8)));
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)) + 0);
}
