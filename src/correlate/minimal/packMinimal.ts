import type { Kernel } from '../../kernels/kernel.ts';

/** Words of the list of some outputs' taps. */
export function minimalWords({ inChannels, width }: Kernel, outputs: number): number {
  return outputs * (1 + 4 * inChannels * width);
}

/**
 * Writes the biases of some outputs and their transformed taps, in the order in which the code reads them: of m₁, m₀, m₂ and m₃ each
 * input channel, each column, each output.
 *
 * @param place index of the first of {@link minimalWords} words
 * @param white the picture's, in which biases are
 */
export function packMinimal(
  floats: Float32Array,
  place: number,
  { weights, bias, inChannels, width }: Kernel,
  first: number,
  outputs: number,
  white: number,
): void {
  let next = place;
  for (let o = first; o < first + outputs; o++) floats[next++] = Math.fround(bias[o] * white);
  for (const transform of TRANSFORMS) {
    for (let c = 0; c < inChannels; c++) {
      for (let q = 0; q < width; q++) {
        for (let o = first; o < first + outputs; o++) {
          const at = (o * inChannels + c) * 3 * width + q;
          floats[next++] = transform(weights[at], weights[at + width], weights[at + 2 * width]);
        }
      }
    }
  }
}

/** What m₁, m₀, m₂ and m₃ take of the three rows of taps. */
const TRANSFORMS: readonly ((g0: number, g1: number, g2: number) => number)[] = [
  (g0, g1, g2) => (g0 + g1 + g2) / 2,
  (g0) => g0,
  (g0, g1, g2) => (g0 - g1 + g2) / 2,
  (_0, _1, g2) => -g2,
];
