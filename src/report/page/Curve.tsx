import type { JSX } from 'preact';
import type { ThresholdScore } from '../data.ts';

interface CurveProps {
  readonly curve: readonly ThresholdScore[];
  /** The point that is marked. */
  readonly best: ThresholdScore;
}

/** Of the square that recall and precision from 0 to 1 span, in the drawing's own units. */
const SIDE = 400;
const LEFT = 56;
const TOP = 12;
const BELOW = 48;

const TICKS = [0, 0.2, 0.4, 0.6, 0.8, 1];
const F_LINES = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

/** Precision over recall, a point a threshold, on lines of equal F. */
export function Curve({ curve, best }: CurveProps): JSX.Element {
  const points = curve.filter(({ recall, precision }) => recall > 0 || precision > 0);
  return (
    <svg
      class="curve"
      viewBox={`0 0 ${LEFT + SIDE + 44} ${TOP + SIDE + BELOW}`}
      role="img"
      aria-label={`precision over recall; best F ${best.f.toFixed(3)} at recall ${best.recall.toFixed(3)} and precision ${best.precision.toFixed(3)}`}
    >
      {F_LINES.map((f) => (
        <>
          <polyline class="equal" points={equalF(f)} />
          <text class="equal" x={LEFT + SIDE + 6} y={y(f / (2 - f)) + 4}>
            F {f}
          </text>
        </>
      ))}
      <rect class="frame-line" x={LEFT} y={TOP} width={SIDE} height={SIDE} />
      {TICKS.map((tick) => (
        <>
          <text x={x(tick)} y={TOP + SIDE + 18} text-anchor="middle">
            {tick}
          </text>
          <text x={LEFT - 8} y={y(tick) + 4} text-anchor="end">
            {tick}
          </text>
        </>
      ))}
      <text x={LEFT + SIDE / 2} y={TOP + SIDE + 40} text-anchor="middle">
        recall
      </text>
      <text transform={`translate(14 ${TOP + SIDE / 2}) rotate(-90)`} text-anchor="middle">
        precision
      </text>
      <polyline
        class="measured"
        points={points.map(({ recall, precision }) => `${x(recall)},${y(precision)}`).join(' ')}
      />
      {points.map((point) => (
        <circle class="measured" cx={x(point.recall)} cy={y(point.precision)} r="3">
          <title>
            threshold {point.threshold.toFixed(3)}: recall {point.recall.toFixed(3)}, precision{' '}
            {point.precision.toFixed(3)}, F {point.f.toFixed(3)}
          </title>
        </circle>
      ))}
      <circle class="best" cx={x(best.recall)} cy={y(best.precision)} r="6" />
    </svg>
  );
}

function x(recall: number): number {
  return Math.round(10 * (LEFT + SIDE * recall)) / 10;
}

function y(precision: number): number {
  return Math.round(10 * (TOP + SIDE * (1 - precision))) / 10;
}

/** Where recall and precision come to the same F: from precision 1 to recall 1. */
function equalF(f: number): string {
  const least = f / (2 - f);
  return Array.from({ length: 41 }, (_, i) => {
    // In equal ratios, as the line bends most where recall is least.
    const recall = least ** (1 - i / 40);
    return `${x(recall)},${y((f * recall) / (2 * recall - f))}`;
  }).join(' ');
}
