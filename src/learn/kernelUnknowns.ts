import { checkKernel, type Kernel } from '../kernels/kernel.ts';
import type { KernelShape } from './kernelShape.ts';

/** The taps of each output channel, and its bias where one is learned. */
export function unknownsOf(k: Kernel, { bias }: Pick<KernelShape, 'bias'>): Float64Array[] {
  const taps = k.weights.length / k.outChannels;
  return Array.from({ length: k.outChannels }, (_, o) =>
    Float64Array.from([...k.weights.subarray(o * taps, (o + 1) * taps), ...(bias ? [k.bias[o]] : [])]),
  );
}

/** The kernel of such unknowns, rounded to Float32; biases that are not learned are 0. */
export function kernelFrom(
  {
    outChannels,
    inChannels,
    height,
    width,
    groups = 1,
  }: Pick<Kernel, 'outChannels' | 'inChannels' | 'height' | 'width' | 'groups'>,
  unknowns: readonly Float64Array[],
): Kernel {
  const taps = inChannels * height * width;
  const weights = new Float32Array(outChannels * taps);
  unknowns.forEach((values, o) => weights.set(values.subarray(0, taps), o * taps));
  return checkKernel({
    outChannels,
    inChannels,
    height,
    width,
    weights,
    bias: Float32Array.from(unknowns, (values) => values[taps] ?? 0),
    ...(groups === 1 ? {} : { groups }),
  });
}
