import type { JSX } from 'preact';
import type { LossShown } from '../data.ts';
import { Chart } from './Chart.tsx';

interface LossChartProps {
  readonly losses: readonly LossShown[];
  /** What a loss is of: an epoch, a step. */
  readonly unit: string;
}

/** How losses fell, and those of what was held out, where it is known. */
export function LossChart({ losses, unit }: LossChartProps): JSX.Element {
  const heldOut = losses.flatMap(({ step, heldOut: loss }) => (loss === undefined ? [] : [[step, loss] as const]));
  return (
    <Chart
      label={`loss by ${unit}`}
      points={thinned(losses.map(({ step, loss }) => [step, loss] as const))}
      across={unit}
      down="loss (logarithmic)"
      logarithmic
      {...(heldOut.length > 1 ? { beside: { points: thinned(heldOut), names: ['learned from', 'held out'] } } : {})}
    />
  );
}

/** More points than pixels are not seen. */
const MOST_POINTS = 800;

function thinned<T>(points: readonly T[]): T[] {
  const step = Math.ceil(points.length / MOST_POINTS);
  return points.filter((_, i) => i % step === 0 || i === points.length - 1);
}
