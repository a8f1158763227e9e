/**
 * A square picture in which every channel holds every value of its depth once, each channel in another order.
 *
 * @returns interleaved samples of side×side pixels: 16 for 8 bits, 256 for 16
 */
export function everyValue(bits: 8 | 16, stride: number): { samples: Uint8Array | Uint16Array; side: number } {
  const values = 2 ** bits;
  const samples = bits === 8 ? new Uint8Array(values * stride) : new Uint16Array(values * stride);
  // Odd factors are units modulo a power of two: each channel is a permutation of all values.
  const factors = [1, 7919, 104729, 31];
  for (let i = 0; i < values; i++) {
    for (let c = 0; c < stride; c++) samples[i * stride + c] = (i * factors[c] + c * 77) % values;
  }
  return { samples, side: Math.sqrt(values) };
}

/** One channel of interleaved samples, as numbers. */
export function channelOfSamples(samples: ArrayLike<number>, stride: number, channel: number): number[] {
  return Array.from({ length: samples.length / stride }, (_, i) => samples[i * stride + channel]);
}
