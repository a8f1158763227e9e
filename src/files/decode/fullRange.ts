import type { Interleaved } from './pickSamples.ts';

/**
 * Stretches grey of narrow range, in place: 16/255 and below become black, 235/255 and above white (of 8 bits; of more, in proportion:
 * ITU-R BT.709, 4.6 of BT.2100). Alpha has always the full range.
 *
 * @param bits of the code; samples of 10 and 12 are shifted up to 16
 */
export function fullRange({ samples, stride }: Interleaved, bits: number): void {
  const shift = samples.BYTES_PER_ELEMENT * 8 - bits;
  const white = 2 ** bits - 1;
  const black = 16 * 2 ** (bits - 8);
  const span = 219 * 2 ** (bits - 8);
  const table = Uint16Array.from({ length: white + 1 }, (_, level) => {
    const full = Math.round(((level - black) * white) / span);
    return Math.min(Math.max(full, 0), white) << shift;
  });
  for (let i = 0; i < samples.length; i += stride) samples[i] = table[samples[i] >> shift];
}
