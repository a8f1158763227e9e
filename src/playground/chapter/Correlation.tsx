import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { type BorderName, corr2d, kernel, pad, planes, rotateKernel, toNested, toNestedTaps } from '../../core.ts';
import { BORDER_NAMES } from '../../planes/border.ts';
import { CopyText } from '../../report/page/CopyText.tsx';
import { Choice } from '../page/fields.tsx';
import { Count, Numbers, resized, short } from './Numbers.tsx';

interface CorrelationProps {
  readonly picture: Table;
  readonly taps: Table;
  /** Rows and columns of zeros around the picture to begin with. */
  readonly padding?: readonly [number, number];
  readonly stride?: number;
  readonly flips?: boolean;
}

/** How long the window stands at each place, in milliseconds. */
const PAUSE = 700;

/** A picture and a kernel whose numbers can be edited; the window slides over the one and the sums are the result. */
export function Correlation({
  picture,
  taps,
  padding = [0, 0],
  stride: first = 1,
  flips = false,
}: CorrelationProps): JSX.Element {
  const [x, setX] = useState(picture);
  const [k, setK] = useState(taps);
  const [rows, setRows] = useState(padding[0]);
  const [columns, setColumns] = useState(padding[1]);
  const [stride, setStride] = useState(first);
  const [border, setBorder] = useState<string>('');
  const [flipped, setFlipped] = useState(flips);
  const [at, setAt] = useState(0);
  const [isSliding, setSliding] = useState(false);

  const given = planes(x.map((line) => [...line]));
  const written = kernel(k.map((line) => [...line]));
  const applied = flipped ? rotateKernel(written) : written;
  const how = border === '' ? 'zero' : (border as BorderName);
  const made = attempt(() =>
    corr2d(given, applied, { padding: [rows, columns], stride, ...(rows + columns > 0 ? { border: how } : {}) }),
  );
  const output = 'value' in made ? toNested(made.value)[0] : [];
  const places = output.length * (output[0]?.length ?? 0);
  const place = Math.min(at, Math.max(0, places - 1));
  const [row, column] = output.length === 0 ? [0, 0] : [Math.floor(place / output[0].length), place % output[0].length];

  useSliding(isSliding ? places : 0, setAt);
  const padded = toNested(pad(given, { top: rows, bottom: rows, left: columns, right: columns }, how))[0];
  const isInside = (r: number, c: number): boolean =>
    r >= rows && r < rows + x.length && c >= columns && c < columns + x[0].length;
  const isLit = (r: number, c: number): boolean =>
    places > 0 &&
    r >= row * stride &&
    r < row * stride + k.length &&
    c >= column * stride &&
    c < column * stride + k[0].length;
  const weights = toNestedTaps(applied)[0][0];
  const products = weights.flatMap((line, r) =>
    line.map((tap, c) => `${short(padded[row * stride + r]?.[column * stride + c] ?? 0)}·${short(tap)}`),
  );
  return (
    <div class="example">
      <div class="counts">
        <Sizes name="X" table={x} most={[10, 12]} onChange={setX} />
        <Sizes name="K" table={k} most={[5, 5]} onChange={setK} />
        <Count label="padding above and below" value={rows} least={0} most={3} onChange={setRows} />
        <Count label="padding left and right" value={columns} least={0} most={3} onChange={setColumns} />
        <Count label="stride" value={stride} least={1} most={4} onChange={setStride} />
        <Choice
          label="border"
          value={border}
          values={BORDER_NAMES.filter((name) => name !== 'zero')}
          usual="zero"
          onChange={setBorder}
        />
        <label class="check">
          <input type="checkbox" checked={flipped} onChange={(event) => setFlipped(event.currentTarget.checked)} />{' '}
          rotate the kernel by 180°: strict convolution
        </label>
      </div>
      <div class="side">
        <Numbers
          label="X"
          rows={padded}
          onChange={(all) =>
            setX(all.slice(rows, rows + x.length).map((line) => line.slice(columns, columns + x[0].length)))
          }
          lit={isLit}
          outside={(r, c) => !isInside(r, c)}
        />
        <Numbers label="K" rows={k} onChange={setK} />
        {output.length > 0 && (
          <Numbers
            label="result"
            rows={output}
            lit={(r, c) => r === row && c === column}
            onPoint={(r, c) => setAt(r * output[0].length + c)}
          />
        )}
      </div>
      {'refused' in made ? (
        <p class="note bad" role="alert">
          {made.refused}
        </p>
      ) : (
        <>
          <Walk isSliding={isSliding} onSliding={setSliding} onStep={(by) => setAt((place + by + places) % places)} />
          <p class="sum">
            row {row}, column {column}: {products.join(' + ')} = <strong>{short(output[row][column])}</strong>
          </p>
          <CopyText text={callOf(x, k, flipped, { rows, columns, stride, border: how })} label="library call" />
        </>
      )}
    </div>
  );
}

/** Moves on from place to place, where there are any. */
function useSliding(places: number, setAt: (next: (was: number) => number) => void): void {
  useEffect(() => {
    if (places === 0) return undefined;
    const timer = setInterval(() => setAt((was) => (was + 1) % places), PAUSE);
    return () => clearInterval(timer);
  }, [places]);
}

type Table = readonly (readonly number[])[];

interface SizesProps {
  readonly name: string;
  readonly table: Table;
  readonly most: readonly [rows: number, columns: number];
  readonly onChange: (table: Table) => void;
}

function Sizes({ name, table, most, onChange }: SizesProps): JSX.Element {
  const [rows, columns] = [table.length, table[0].length];
  return (
    <>
      <Count
        label={`rows of ${name}`}
        value={rows}
        least={1}
        most={most[0]}
        onChange={(n) => onChange(resized(table, n, columns))}
      />
      <Count
        label={`columns of ${name}`}
        value={columns}
        least={1}
        most={most[1]}
        onChange={(n) => onChange(resized(table, rows, n))}
      />
    </>
  );
}

interface WalkProps {
  readonly isSliding: boolean;
  readonly onSliding: (isSliding: boolean) => void;
  readonly onStep: (by: 1 | -1) => void;
}

/** Moves the window by hand, or lets it move. */
function Walk({ isSliding, onSliding, onStep }: WalkProps): JSX.Element {
  return (
    <div class="buttons">
      <button type="button" onClick={() => onStep(-1)}>
        back
      </button>
      <button type="button" aria-pressed={isSliding} onClick={() => onSliding(!isSliding)}>
        {isSliding ? 'stop' : 'slide'}
      </button>
      <button type="button" onClick={() => onStep(1)}>
        on
      </button>
    </div>
  );
}

function callOf(
  x: Table,
  k: Table,
  flipped: boolean,
  { rows, columns, stride, border }: { rows: number; columns: number; stride: number; border: string },
): string {
  const options = [
    ...(rows + columns === 0 ? [] : [`padding: [${rows}, ${columns}]`]),
    ...(stride === 1 ? [] : [`stride: ${stride}`]),
    ...(border === 'zero' || rows + columns === 0 ? [] : [`border: '${border}'`]),
  ];
  const more = options.length === 0 ? '' : `, { ${options.join(', ')} }`;
  return `${flipped ? 'convolve2d' : 'corr2d'}(planes(${JSON.stringify(x)}), kernel(${JSON.stringify(k)})${more})`;
}

function attempt<T>(make: () => T): { value: T } | { refused: string } {
  try {
    return { value: make() };
  } catch (error) {
    return { refused: error instanceof Error ? error.message : String(error) };
  }
}
