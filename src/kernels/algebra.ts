import { checkKernel, type Kernel } from './kernel.ts';

/** The kernel turned by 180°: correlation with it is convolution with the kernel. */
export function rotateKernel(k: Kernel): Kernel {
  return mapTaps(k, k.height, k.width, (row, column) => (k.height - 1 - row) * k.width + (k.width - 1 - column));
}

/** The kernel with rows and columns exchanged: what finds on a transposed picture what the kernel finds on the picture. */
export function transposeKernel(k: Kernel): Kernel {
  return mapTaps(k, k.width, k.height, (row, column) => column * k.width + row);
}

function mapTaps(k: Kernel, height: number, width: number, from: (row: number, column: number) => number): Kernel {
  checkKernel(k);
  const size = k.height * k.width;
  const weights = new Float32Array(k.weights.length);
  for (let start = 0; start < weights.length; start += size) {
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        weights[start + row * width + column] = k.weights[start + from(row, column)];
      }
    }
  }
  return { ...k, height, width, weights };
}

/** Every tap (and bias) times a factor. */
export function scaleKernel(k: Kernel, factor: number): Kernel {
  checkKernel(k);
  return checkKernel({
    ...k,
    weights: k.weights.map((tap) => tap * factor),
    bias: k.bias.map((bias) => bias * factor),
  });
}
