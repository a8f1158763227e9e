import { convolve2d } from '../correlate/convolve2d.ts';
import { type Corr2dOptions, corr2d } from '../correlate/corr2d.ts';
import {
  expectBorderRead,
  type Geometry,
  geometry,
  type Pair,
  pairOf,
  readsOutside,
  dependsOnSize,
} from '../correlate/geometry.ts';
import { rotateKernel } from '../kernels/algebra.ts';
import { nestedShortest } from '../kernels/json.ts';
import { checkKernel, expectShape, formatKernelShape, type Kernel } from '../kernels/kernel.ts';
import { shortest } from '../kernels/numbers.ts';
import { formatBorder, parseBorder } from '../planes/border.ts';
import { expected, expectInteger } from '../planes/expected.ts';
import { expectOptions, optionNames } from '../planes/expectOptions.ts';
import { type Planes, whiteOf } from '../planes/planes.ts';
import { expectGradient } from './expectGradient.ts';
import { inputGradient } from './inputGradient.ts';
import type { Layer, Parameter, Reach } from './layer.ts';
import { seededRandom } from './random.ts';
import { weightGradient } from './weightGradient.ts';

export interface Conv2dOptions extends Pick<Corr2dOptions, 'stride' | 'padding' | 'dilation' | 'border'> {
  inChannels: number;
  outChannels: number;
  kernelSize: Pair;
  /** Input and output channels are cut into so many groups, each output seeing its own group's inputs; 1 by default. */
  groups?: number;
  /** Whether a bias is learned for each output channel; true by default. */
  bias?: boolean;
  /** Which random weights to start from, 0 to 2^32 − 1; 0 by default. */
  seed?: number;
  /** What to start from instead of random weights and a bias of 0; copied. */
  kernel?: Kernel;
  /** Convolve as mathematics defines it, with the kernel rotated by 180°; false by default. */
  strict?: boolean;
  /** Whether weights and bias stay as they are, a fixed filter: `parameters` are none; false by default. */
  frozen?: boolean;
}

/** How a layer correlates, nothing left out. */
type How = Readonly<Required<Pick<Corr2dOptions, 'stride' | 'dilation' | 'padding' | 'border'>>>;

export interface Conv2d extends Layer, How {
  readonly type: 'Conv2d';
  readonly inputs: number;
  /** The parameters themselves, not a copy: it changes as they are learned. A strict layer convolves with it. */
  readonly kernel: Kernel;
  readonly strict: boolean;
  /** Whether weights and bias are not learned. */
  readonly frozen: boolean;
}

const OPTIONS = optionNames<Conv2dOptions>({
  inChannels: true,
  outChannels: true,
  kernelSize: true,
  groups: true,
  bias: true,
  seed: true,
  kernel: true,
  strict: true,
  frozen: true,
  stride: true,
  padding: true,
  dilation: true,
  border: true,
});

/**
 * The convolutional layer: {@link corr2d} with weights and biases that are learned. Weights start from a uniform distribution on
 * ±1/√(inputs that an output sees), biases from 0, in units of white.
 *
 * A strict layer convolves instead ({@link convolve2d}): it learns the kernel rotated by 180°, and gives the same output.
 *
 * A frozen layer is a fixed filter: it is not learned, and model files keep it as it is.
 *
 * @throws ExpectationError where sizes, groups, options or the kernel to start from do not fit
 * @example
 * const layer = Conv2d({ inChannels: 1, outChannels: 1, kernelSize: [1, 2], kernel: kernel([[1, -1]]) })
 * toNested(layer.forward(planes([[1, 1, 0, 0, 1]]))) // [[[0, 1, 0, -1]]]
 * toNested(layer.backward(planes([[0, 1, 0, 0]]))) // [[[0, 1, -1, 0, 0]]]
 */
export function Conv2d(options: Conv2dOptions): Conv2d {
  expectOptions(options, OPTIONS, 'Conv2d');
  const { bias: hasBias = true, strict = false, frozen = false } = options;
  if (typeof strict !== 'boolean') throw expected('true or false', 'strict', strict);
  if (typeof frozen !== 'boolean') throw expected('true or false', 'frozen', frozen);
  const kernel = kernelOf(options);
  const { how, reach } = correlationOf(options, kernel);
  const { border, ...inside } = how;
  const correlating = readsOutside(how.padding) ? how : inside;
  const weights: Parameter = { values: kernel.weights, gradient: new Float32Array(kernel.weights.length) };
  const bias: Parameter = { values: kernel.bias, gradient: new Float32Array(kernel.bias.length) };
  const parameters = hasBias ? [weights, bias] : [weights];
  let last: { readonly x: Planes; readonly at: Geometry } | undefined;

  return {
    type: 'Conv2d',
    ...how,
    strict,
    frozen,
    kernel,
    parameters: frozen ? [] : parameters,
    reach,
    inputs: options.inChannels,
    outputs: () => kernel.outChannels,
    outputShape: (input) => outputOf(geometry(input, kernel, how), kernel),
    forward(x) {
      const y = strict ? convolve2d(x, kernel, correlating) : corr2d(x, kernel, correlating);
      last = { x, at: geometry(x, kernel, how) };
      return y;
    },
    backward(gradient) {
      expectGradient(gradient, last && outputOf(last.at, kernel), 'Conv2d');
      expectFinite(gradient);
      const { x, at } = last as NonNullable<typeof last>;
      const taps = strict ? rotateKernel(kernel) : kernel;
      if (!frozen) {
        addWeights(weights.gradient, weightGradient(x, gradient, taps, at, border), kernel, strict);
        if (hasBias) addBiases(bias.gradient, gradient, whiteOf(x));
      }
      return inputGradient(gradient, taps, at, border);
    },
    toJSON() {
      checkKernel(kernel, 'Conv2d');
      return {
        type: 'Conv2d',
        ...how,
        border: formatBorder(how.border),
        groups: kernel.groups,
        strict,
        ...(frozen ? { frozen } : {}),
        weights: nestedShortest(kernel),
        ...(hasBias ? { bias: Array.from(kernel.bias, (value) => Number(shortest(value))) } : {}),
      };
    },
  };
}

/** Fresh parameters: a copy of the kernel to start from, or random ones. */
function kernelOf({ groups = 1, bias = true, ...options }: Conv2dOptions): Kernel & { groups: number } {
  const { inChannels, outChannels, kernel: start } = options;
  expectInteger(inChannels, 'inChannels', 1);
  expectInteger(outChannels, 'outChannels', 1);
  expectInteger(groups, 'groups', 1);
  if (inChannels % groups !== 0 || outChannels % groups !== 0) {
    throw expected(`a divisor of the ${inChannels} input and ${outChannels} output channels`, 'groups', groups);
  }
  if (typeof bias !== 'boolean') throw expected('true or false, whether one is learned,', 'bias', bias);
  const [height, width] = pairOf(options.kernelSize, 'kernelSize', 1, 1);
  const shape = { outChannels, inChannels: inChannels / groups, height, width };
  const taps = expectShape(shape, 'the kernel');
  if (start !== undefined && options.seed !== undefined) {
    throw expected('no seed beside kernel, whose taps are where it starts,', 'seed', options.seed);
  }
  if (start === undefined) {
    const random = seededRandom(options.seed ?? 0);
    const most = 1 / Math.sqrt(taps / outChannels);
    const weights = Float32Array.from({ length: taps }, () => random.uniform(-most, most));
    return { ...shape, weights, bias: new Float32Array(outChannels), groups };
  }
  expectFitting(checkKernel(start), { ...shape, groups });
  const given = start.bias.find((value) => value !== 0);
  if (!bias && given !== undefined) throw expected('a kernel without bias', 'kernel, as bias is false,', given);
  return { ...shape, weights: start.weights.slice(), bias: start.bias.slice(), groups };
}

function expectFitting(start: Kernel, wanted: Omit<Kernel, 'weights' | 'bias'>): void {
  const describe = (k: typeof wanted): string => `${formatKernelShape(k)} in ${k.groups ?? 1} groups`;
  if (describe(start) !== describe(wanted)) throw expected(describe(wanted), 'kernel', describe(start));
}

/** How the layer correlates, in values of its own: what the caller's options hold may change. */
function correlationOf(options: Conv2dOptions, k: Kernel): { how: How; reach: Reach } {
  const stride = pairOf(options.stride, 'stride', 1, 1);
  const dilation = pairOf(options.dilation, 'dilation', 1, 1);
  const border = parseBorder(options.border ?? 'zero');
  const { padding = 'valid' } = options;
  expectBorderRead(options.border, padding);
  if (dependsOnSize(padding) && (stride[0] > 1 || stride[1] > 1)) {
    throw expected(
      'padding that does not depend on the size of the picture (the four sides as numbers, say)',
      'Conv2d of a stride above 1',
      padding,
    );
  }
  const span = { height: dilation[0] * (k.height - 1) + 1, width: dilation[1] * (k.width - 1) + 1 };
  const { rows, columns } = geometry(span, k, { stride, dilation, padding });
  const sides = { top: rows.before, right: columns.after, bottom: rows.after, left: columns.before };
  const reach: Reach = { size: [span.height, span.width], stride, offset: [0 - rows.before, 0 - columns.before] };
  return { how: { stride, dilation, padding: typeof padding === 'object' ? sides : padding, border }, reach };
}

function outputOf({ rows, columns }: Geometry, k: Kernel): Pick<Planes, 'channels' | 'height' | 'width'> {
  return { channels: k.outChannels, height: rows.output, width: columns.output };
}

/** The slopes become taps of a correlation, which are finite. */
function expectFinite({ data }: Planes): void {
  for (const slope of data)
    if (!Number.isFinite(slope)) throw expected('finite numbers', 'the gradient of Conv2d', slope);
}

/** Adds the slopes along the correlating kernel's taps: a strict layer's own ones are those turned by 180°. */
function addWeights(sum: Float32Array, slopes: Float64Array, k: Kernel, strict: boolean): void {
  const size = k.height * k.width;
  for (let start = 0; start < sum.length; start += size) {
    for (let i = 0; i < size; i++) sum[start + i] += slopes[start + (strict ? size - 1 - i : i)];
  }
}

/** Every output sample has bias·white added to it. */
function addBiases(sum: Float32Array, gradient: Planes, white: number): void {
  const size = gradient.height * gradient.width;
  for (let o = 0; o < sum.length; o++) {
    let slope = 0;
    for (let i = o * size; i < (o + 1) * size; i++) slope += gradient.data[i];
    sum[o] += slope * white;
  }
}
