import type { DetectorKernel, KernelDetector } from '../../../edges/detector/detector.ts';
import { gaussianTaps } from '../../../kernels/smoothing.ts';
import { CORES } from '../known/cores.ts';

/** Cores whose kernels are told again after a Gaussian, and up to a factor. */
const TOLD: ReadonlySet<string> = new Set([
  'sobel3',
  'sobel5',
  'sobel7',
  'scharr',
  'prewitt',
  'central',
  'farid',
  'roberts before',
  'laplacian',
]);

/** Shares of the kernels' energy that may be left. */
const SAME = 1e-6;
const SMOOTHED = 3e-5;

/** The name of a detector's kernels, and the σ of a Gaussian that comes first. */
export function nameOfKernels({ kernels, response }: KernelDetector): string | undefined {
  if (kernels.some(({ channels }) => channels === 3)) return undefined;
  const found = kernels.map(squareOf);
  for (const core of CORES) {
    const { title } = core;
    if (!TOLD.has(core.name) || core.parts !== undefined || core.kernels.length !== kernels.length) continue;
    if (core.response !== response) continue;
    if (apart(found, core.kernels.map(squareOf), response) < SAME) return title;
    const sigma = sigmaBefore(found, core.kernels.map(squareOf), response);
    if (sigma !== undefined) return `Gaussian of σ ${sigma}, then ${title}`;
  }
  return undefined;
}

/** Taps of one odd side, the sample in the middle. */
interface Square {
  readonly side: number;
  readonly taps: Float64Array;
}

function squareOf({ height, width, taps }: DetectorKernel): Square {
  const reach = Math.max(Math.ceil((height - 1) / 2), Math.ceil((width - 1) / 2));
  const side = 2 * reach + 1;
  const square = new Float64Array(side * side);
  const [top, left] = [reach - Math.ceil((height - 1) / 2), reach - Math.ceil((width - 1) / 2)];
  for (let r = 0; r < height; r++) {
    for (let q = 0; q < width; q++) square[(top + r) * side + left + q] = taps[r * width + q];
  }
  return { side, taps: square };
}

function resized({ side, taps }: Square, to: number): Float64Array {
  const resizedTaps = new Float64Array(to * to);
  const shift = (to - side) / 2;
  for (let r = 0; r < side; r++) {
    for (let q = 0; q < side; q++) {
      const [row, column] = [r + shift, q + shift];
      if (row >= 0 && row < to && column >= 0 && column < to) resizedTaps[row * to + column] = taps[r * side + q];
    }
  }
  return resizedTaps;
}

/**
 * What is left over of kernels by others times one factor, as a share. Of lengths the forms Σ k·kᵀ are compared, which do not change where
 * kernels turn among themselves; else kernels, in either order, with either sign.
 */
function apart(found: readonly Square[], known: readonly Square[], response: KernelDetector['response']): number {
  const side = Math.max(...found.map((k) => k.side), ...known.map((k) => k.side));
  const [a, b] = [found, known].map((kernels) => kernels.map((k) => resized(k, side)));
  if (response === 'l2') return leftOver(formOf(a), formOf(b));
  const orders = b.length === 2 ? [b, [b[1], b[0]]] : [b];
  const signs =
    b.length === 2
      ? [
          [1, 1],
          [1, -1],
        ]
      : [[1]];
  return Math.min(
    ...orders.flatMap((order) =>
      signs.map((sign) => leftOver(join(a), join(order.map((k, i) => k.map((tap) => sign[i] * tap))))),
    ),
  );
}

function join(kernels: readonly Float64Array[]): Float64Array {
  return Float64Array.from(kernels.flatMap((k) => [...k]));
}

function formOf(kernels: readonly Float64Array[]): Float64Array {
  const n = kernels[0].length;
  const form = new Float64Array(n * n);
  for (const k of kernels)
    for (let i = 0; i < n; i++) if (k[i] !== 0) for (let j = 0; j < n; j++) form[i * n + j] += k[i] * k[j];
  return form;
}

function leftOver(a: Float64Array, b: Float64Array): number {
  let [aa, ab, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    aa += a[i] * a[i];
    ab += a[i] * b[i];
    bb += b[i] * b[i];
  }
  return 1 - (ab * ab) / (aa * bb);
}

/** The σ of the Gaussian after which known kernels are the ones that were found, to two digits. */
function sigmaBefore(
  found: readonly Square[],
  known: readonly Square[],
  response: KernelDetector['response'],
): number | undefined {
  const side = Math.max(...found.map((k) => k.side));
  if (side <= known[0].side) return undefined;
  const left = (sigma: number): number =>
    apart(
      found,
      known.map((k) => smoothed(k, sigma, side)),
      response,
    );
  let best = 0.3;
  for (let sigma = 0.3; sigma < side / 2; sigma += 0.1) if (left(sigma) < left(best)) best = sigma;
  for (let step = 0.05; step > 1e-3; step /= 2) {
    for (const sigma of [best - step, best + step]) if (sigma > 0 && left(sigma) < left(best)) best = sigma;
  }
  return left(best) < SMOOTHED ? Number(best.toPrecision(2)) : undefined;
}

/** A kernel after a Gaussian that reaches as far as the side leaves room for. */
function smoothed({ side, taps }: Square, sigma: number, to: number): Square {
  const line = gaussianTaps(sigma, (to - side) / 2);
  const result = new Float64Array(to * to);
  for (let r = 0; r < side; r++) {
    for (let q = 0; q < side; q++) {
      const tap = taps[r * side + q];
      for (let i = 0; tap !== 0 && i < line.length; i++) {
        for (let j = 0; j < line.length; j++) result[(r + i) * to + q + j] += tap * line[i] * line[j];
      }
    }
  }
  return { side: to, taps: result };
}
