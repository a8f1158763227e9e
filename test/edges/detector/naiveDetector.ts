import type { DetectorKernel, KernelDetector } from '../../../src/edges/detector/detector.ts';
import { type Border, borderSource } from '../../../src/planes/border.ts';
import type { Planes } from '../../../src/planes/planes.ts';

/**
 * What a detector without smoothing, thin lines and thresholds gives, sample by sample from its description: whole taps and samples, so
 * that the order of sums does not matter. NaN where the border is copied or black.
 */
export function naiveDetector(x: Planes, detector: KernelDetector): number[][] {
  const {
    kernels,
    response,
    color = { mix: [0.299, 0.587, 0.114] },
    border = 'replicate',
    scale = 1,
    rounding,
  } = detector;
  const size = x.height * x.width;
  const white = x.white ?? 1;
  const grey = Array.from({ length: size }, (_, i) => {
    if (x.channels === 1) return x.data[i];
    if (typeof color === 'string') return Number.NaN;
    const [r, g, b] = color.mix;
    const mixed = r * x.data[i] + g * x.data[size + i] + b * x.data[2 * size + i];
    return color.rounding === undefined ? mixed : Math.floor(mixed + 0.5);
  });
  const apart = typeof color === 'string' && x.channels === 3;
  const planes = apart ? [0, 1, 2].map((c) => Array.from(x.data.subarray(c * size, (c + 1) * size))) : [grey];
  const correlate = (plane: readonly number[], k: DetectorKernel, row: number, column: number): number => {
    let sum = 0;
    for (let r = 0; r < k.height; r++) {
      for (let q = 0; q < k.width; q++) {
        const y = row + r - Math.ceil((k.height - 1) / 2);
        const z = column + q - Math.ceil((k.width - 1) / 2);
        sum += k.taps[r * k.width + q] * sampleAt(plane, x, y, z, border as Border | readonly [Border, Border]);
      }
    }
    return sum;
  };
  const answer = (parts: readonly number[]): number => {
    const sizes = parts.map(Math.abs);
    if (response === 'l2') return Math.sqrt(parts.reduce((sum, part) => sum + part * part, 0));
    if (response === 'l1') return sizes.reduce((sum, part) => sum + part, 0);
    if (response === 'max') return Math.max(...sizes);
    return response === 'abs' ? sizes[0] : Math.max(0, ...parts);
  };
  const store = (value: number): number => {
    const scaled = value * (scale as number);
    if (rounding === undefined) return scaled;
    const even = (v: number): number => (Math.abs(v % 1) === 0.5 ? 2 * Math.round(v / 2) : Math.round(v));
    const whole = { nearest: even, truncate: Math.trunc, 'half-up': (v: number) => Math.floor(v + 0.5) }[rounding];
    return Math.min(white, Math.max(0, whole(scaled)));
  };
  const at = Array.from({ length: size }, (_, i) => [Math.floor(i / x.width), i % x.width] as const);
  const partsOf = (plane: readonly number[], [row, column]: readonly [number, number]): number[] =>
    kernels.map((k) => correlate(plane, k, row, column));
  if (color === 'each') return planes.map((plane) => at.map((place) => store(answer(partsOf(plane, place)))));
  if (color === 'max') return [at.map((place) => store(Math.max(...planes.map((p) => answer(partsOf(p, place))))))];
  return [at.map((place) => store(answer(planes.flatMap((p) => partsOf(p, place)))))];
}

function sampleAt(
  plane: readonly number[],
  { height, width, white = 1 }: Planes,
  row: number,
  column: number,
  border: Border | readonly [Border, Border],
): number {
  const rule = (i: number): Border => (Array.isArray(border) ? border[i < 0 ? 0 : 1] : border) as Border;
  const y = borderSource(rule(row), row, height);
  const x = borderSource(rule(column), column, width);
  if (y !== -1 && x !== -1) return plane[y * width + x];
  const constant = rule(y === -1 ? row : column);
  return typeof constant === 'object' ? constant.constant * white : 0;
}
