import type { JSX } from 'preact';

interface ChartProps {
  readonly label: string;
  readonly points: Points;
  /** A second line, and what both are called. */
  readonly beside?: { readonly points: Points; readonly names: readonly [first: string, second: string] };
  readonly across: string;
  readonly down: string;
  /** Whether heights are logarithms of numbers above 0. */
  readonly logarithmic?: boolean;
  /** Columns from 0 rather than a line. */
  readonly bars?: boolean;
}

type Points = readonly (readonly [x: number, y: number])[];

const WIDTH = 420;
const HEIGHT = 200;
const LEFT = 64;
const BOTTOM = 34;
const TOP = 10;
const RIGHT = 14;

/** One series of numbers, or two, with their axes. */
export function Chart({
  label,
  points,
  beside,
  across,
  down,
  logarithmic = false,
  bars = false,
}: ChartProps): JSX.Element {
  const heightOf = (y: number): number => (logarithmic ? Math.log10(Math.max(y, Number.MIN_VALUE)) : y);
  const all = [...points, ...(beside?.points ?? [])];
  const xs = all.map(([x]) => x);
  const ys = all.filter(([, y]) => !logarithmic || y > 0).map(([, y]) => heightOf(y));
  const [left, right] = spread(least(xs), most(xs));
  const [low, high] = spread(bars ? 0 : least(ys), most(ys));
  const atX = (x: number): number => LEFT + ((x - left) / (right - left)) * (WIDTH - LEFT - RIGHT);
  const atY = (y: number): number =>
    HEIGHT - BOTTOM - ((Math.max(heightOf(y), low) - low) / (high - low)) * (HEIGHT - BOTTOM - TOP);
  const shown = (height: number): string => short(logarithmic ? 10 ** height : height);
  const lineOf = (line: Points): string => line.map(([x, y]) => `${atX(x).toFixed(1)},${atY(y).toFixed(1)}`).join(' ');
  const wide = Math.max(1, (WIDTH - LEFT - RIGHT) / (points.length + 1) - 1);
  return (
    <svg class="chart" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
      <path class="axis" d={`M${LEFT} ${TOP}V${HEIGHT - BOTTOM}H${WIDTH - RIGHT}`} />
      {[low, (low + high) / 2, high].map((height) => (
        <text class="tick" x={LEFT - 6} y={atY(logarithmic ? 10 ** height : height) + 4} text-anchor="end">
          {shown(height)}
        </text>
      ))}
      {[left, (left + right) / 2, right].map((x, i) => (
        <text class="tick" x={atX(x)} y={HEIGHT - BOTTOM + 14} text-anchor={(['start', 'middle', 'end'] as const)[i]}>
          {short(x)}
        </text>
      ))}
      <text class="tick" x={(LEFT + WIDTH - RIGHT) / 2} y={HEIGHT - 4} text-anchor="middle">
        {across}
      </text>
      <text
        class="tick"
        x={12}
        y={(HEIGHT - BOTTOM) / 2}
        text-anchor="middle"
        transform={`rotate(-90 12 ${(HEIGHT - BOTTOM) / 2})`}
      >
        {down}
      </text>
      {bars ? (
        points.map(([x, y]) => (
          <rect class="bar" x={atX(x) - wide / 2} y={atY(y)} width={wide} height={HEIGHT - BOTTOM - atY(y)} />
        ))
      ) : (
        <polyline class="line" points={lineOf(points)} />
      )}
      {beside && <polyline class="line second" points={lineOf(beside.points)} />}
      {beside?.names.map((name, i) => (
        <g>
          <path class={i === 0 ? 'line' : 'line second'} d={`M${WIDTH - 110} ${TOP + 6 + 16 * i}h20`} />
          <text class="tick" x={WIDTH - 84} y={TOP + 10 + 16 * i}>
            {name}
          </text>
        </g>
      ))}
    </svg>
  );
}

function least(values: readonly number[]): number {
  return values.reduce((one, other) => Math.min(one, other), Number.POSITIVE_INFINITY);
}

function most(values: readonly number[]): number {
  return values.reduce((one, other) => Math.max(one, other), Number.NEGATIVE_INFINITY);
}

/** Ends that differ, so that there is a length between them. */
function spread(from: number, to: number): [number, number] {
  if (!Number.isFinite(from) || !Number.isFinite(to)) return [0, 1];
  return from < to ? [from, to] : [from - 0.5, to + 0.5];
}

function short(value: number): string {
  return value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential(1) : String(Number(value.toPrecision(3)));
}
