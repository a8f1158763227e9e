import { expected } from '../planes/expected.ts';
import { checkKernel, formatKernelShape, type Kernel } from './kernel.ts';

/**
 * One kernel whose correlation equals correlating with `a`, then with `b`: its sides are the sums of theirs less 1, its taps
 * the convolution of theirs (summed in Float64, rounded once), its bias a's bias times the sum of b's taps, plus b's.
 * With `valid` padding the two agree everywhere; at a border, two steps see the border twice.
 *
 * @throws ExpectationError where a kernel has more than one input or output channel
 * @example
 * toNestedTaps(composeKernels(kernel([[1, 1]]), kernel([[1, -1]])))[0][0] // [[1, 0, -1]]
 */
export function composeKernels(a: Kernel, b: Kernel): Kernel {
  expectOneChannel(a, 'the first kernel');
  expectOneChannel(b, 'the second kernel');
  const height = a.height + b.height - 1;
  const width = a.width + b.width - 1;
  const taps = new Float64Array(height * width);
  for (let row = 0; row < b.height; row++) {
    for (let column = 0; column < b.width; column++) {
      addScaled(taps, width, a, b.weights[row * b.width + column], row, column);
    }
  }
  const sum = b.weights.reduce((total, tap) => total + tap, 0);
  return checkKernel({
    outChannels: 1,
    inChannels: 1,
    height,
    width,
    weights: Float32Array.from(taps),
    bias: Float32Array.of(a.bias[0] * sum + b.bias[0]),
  });
}

function expectOneChannel(k: Kernel, where: string): void {
  checkKernel(k, where);
  if (k.outChannels !== 1 || k.inChannels !== 1) throw expected('1×1 channels', where, formatKernelShape(k));
}

/** Adds a's taps times a factor, with its first tap at (top, left). */
function addScaled(to: Float64Array, width: number, a: Kernel, factor: number, top: number, left: number): void {
  for (let row = 0; row < a.height; row++) {
    const start = (top + row) * width + left;
    for (let column = 0; column < a.width; column++) to[start + column] += a.weights[row * a.width + column] * factor;
  }
}
