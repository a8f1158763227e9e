import { type Corr2dOptions, corr2d } from '../correlate/corr2d.ts';
import { type Geometry, geometry } from '../correlate/geometry.ts';
import { expectSizes, type InputShape, type Shape, shapeOfOutput } from '../correlate/outputShape.ts';
import { rotateKernel } from '../kernels/algebra.ts';
import { channelsWanted, checkKernel, type Kernel, MOST_TAPS } from '../kernels/kernel.ts';
import { type Border, borderConstant, borderMap, OUTSIDE, parseBorder } from '../planes/border.ts';
import { ExpectationError, expected, expectInteger } from '../planes/expected.ts';
import { expectOptions } from '../planes/expectOptions.ts';
import { expectPlanes, type Planes, shapeOf } from '../planes/planes.ts';

/** A convolutional layer, or a kernel and how it is applied. */
export interface Convolution extends Pick<Corr2dOptions, 'stride' | 'dilation' | 'padding' | 'border'> {
  readonly kernel: Kernel;
  /** Whether the kernel is rotated by 180° first. */
  readonly strict?: boolean;
}

/** A convolution and the fully connected layer that does the same. */
export interface DenseEquivalent {
  /** Samples that go in and come out. */
  readonly inputs: number;
  readonly outputs: number;
  /** How many weights there are, biases left out: the taps that all outputs share, and the entries of the matrix. */
  readonly weights: { readonly shared: number; readonly dense: number };
  /** What these take as Float32. */
  readonly bytes: { readonly shared: number; readonly dense: number };
  /** outputs×inputs, row-major, samples in the order of {@link Planes}. Absent where it was not asked for, or is too large. */
  readonly matrix?: Float32Array;
  /** One for each output, in units of white: the kernel's, and what a constant border adds. There where the matrix is. */
  readonly bias?: Float32Array;
  /**
   * Every output from every input: matrix · x + bias · white.
   *
   * @throws ExpectationError for a picture of another shape, or where there is no matrix
   */
  apply(x: Planes): Planes;
}

/**
 * A convolution as the fully connected layer that it is: every output has a weight for every input, 0 outside its window,
 * and inside it the taps that all outputs of a channel share. Where the border repeats samples, their taps add up.
 *
 * @param input shape of the pictures; where its channels are left out they are the kernel's
 * @param options.matrix whether to build the matrix: `'auto'` (the default) up to 2^26 entries (256 MiB), `true` or `false`
 * @throws ExpectationError where the shape or the options do not fit, or a matrix is wanted that would be larger
 * @example
 * const layer = denseEquivalent({ kernel: kernel([[1, 2, 3], [4, 5, 6], [7, 8, 9]]) }, [8, 8])
 * layer.weights // { shared: 9, dense: 2304 }
 * denseEquivalent({ kernel: kernel([[1, -1]]) }, [1, 3]).matrix // [1, -1, 0, 0, 1, -1]
 */
export function denseEquivalent(
  layer: Convolution,
  input: InputShape,
  options: { matrix?: 'auto' | boolean } = {},
): DenseEquivalent {
  expectOptions(options, ['matrix'], 'denseEquivalent');
  checkKernel(layer.kernel);
  const k = layer.strict === true ? rotateKernel(layer.kernel) : layer.kernel;
  const border = parseBorder(layer.border ?? 'zero');
  const to = shapeOfOutput(input, k, layer);
  const { height, width } = expectSizes(input, 'the picture');
  const from = { channels: channelsWanted(k), height, width };
  const inputs = from.channels * height * width;
  const outputs = to.channels * to.height * to.width;
  const dense = denseSize(inputs, outputs);
  const counts = {
    inputs,
    outputs,
    weights: { shared: k.weights.length, dense: dense.weights },
    bytes: { shared: k.weights.byteLength, dense: dense.bytes },
  };
  if (!wantsMatrix(options.matrix ?? 'auto', counts)) {
    return {
      ...counts,
      apply: () => {
        throw new ExpectationError(`Expected a matrix to apply but there is none of ${describe(counts)}`);
      },
    };
  }
  const { matrix, bias } = connect(k, geometry(from, k, layer), border);
  return { ...counts, matrix, bias, apply: (x) => multiply(matrix, bias, x, from, to) };
}

function wantsMatrix(matrix: unknown, counts: Counts): boolean {
  if (matrix === false) return false;
  if (matrix !== true && matrix !== 'auto') throw expected("'auto', true or false", 'matrix', matrix);
  const fits = counts.weights.dense <= MOST_TAPS;
  if (matrix === true && !fits) throw expected(`a matrix of at most ${MOST_TAPS} entries`, 'matrix', describe(counts));
  return fits;
}

type Counts = Pick<DenseEquivalent, 'inputs' | 'outputs' | 'weights'>;

function describe({ inputs, outputs, weights }: Counts): string {
  return `${outputs}×${inputs} = ${weights.dense} entries`;
}

/** Row by row, which input each tap of an output meets; what stands outside the picture is constant, and goes to the bias. */
function connect(k: Kernel, { rows, columns }: Geometry, border: Border): { matrix: Float32Array; bias: Float32Array } {
  const sourceRows = borderMap(border, rows.input, rows.before, rows.after);
  const sourceColumns = borderMap(border, columns.input, columns.before, columns.after);
  const outside = borderConstant(border, 1);
  const inputs = channelsWanted(k) * rows.input * columns.input;
  const outputs = k.outChannels * rows.output * columns.output;
  const outputsOfGroup = k.outChannels / (k.groups ?? 1);
  const matrix = new Float32Array(outputs * inputs);
  const bias = new Float32Array(outputs);
  // Float64, rounded once: taps over the same sample add up.
  const line = new Float64Array(inputs);
  let output = 0;
  for (let o = 0; o < k.outChannels; o++) {
    const firstInput = Math.floor(o / outputsOfGroup) * k.inChannels;
    for (let i = 0; i < rows.output; i++) {
      for (let j = 0; j < columns.output; j++) {
        line.fill(0);
        let constant = k.bias[o];
        for (let c = 0; c < k.inChannels; c++) {
          for (let r = 0; r < k.height; r++) {
            const row = sourceRows[i * rows.stride + r * rows.dilation];
            for (let q = 0; q < k.width; q++) {
              const tap = k.weights[((o * k.inChannels + c) * k.height + r) * k.width + q];
              const column = sourceColumns[j * columns.stride + q * columns.dilation];
              if (row === OUTSIDE || column === OUTSIDE) constant += tap * outside;
              else line[((firstInput + c) * rows.input + row) * columns.input + column] += tap;
            }
          }
        }
        matrix.set(line, output * inputs);
        bias[output++] = constant;
      }
    }
  }
  return { matrix, bias };
}

/** A fully connected layer is a correlation too: its inputs are channels of one sample, its matrix 1×1 taps. */
function multiply(matrix: Float32Array, bias: Float32Array, x: Planes, from: Shape, to: Shape): Planes {
  expectPlanes(x, 'the picture');
  if (shapeOf(x) !== shapeOf(from)) throw expected(`planes of ${shapeOf(from)}`, 'the picture', shapeOf(x));
  const taps = { outChannels: bias.length, inChannels: x.data.length, height: 1, width: 1, weights: matrix, bias };
  const y = corr2d({ ...x, channels: x.data.length, height: 1, width: 1 }, taps);
  return { ...y, ...to };
}

/**
 * The size of a fully connected layer: a weight from each input to each output, biases left out.
 *
 * @returns the number of weights, and the bytes that they take as Float32; exact up to 2^53
 * @example
 * denseSize(36e6, 100) // { weights: 3.6e9, bytes: 14.4e9 }
 */
export function denseSize(inputs: number, outputs: number): { weights: number; bytes: number } {
  const weights = expectInteger(inputs, 'inputs', 1) * expectInteger(outputs, 'outputs', 1);
  return { weights, bytes: weights * Float32Array.BYTES_PER_ELEMENT };
}
