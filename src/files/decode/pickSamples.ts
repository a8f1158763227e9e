import type { StoredSamples } from '../../planes/samples.ts';

/** Samples, pixel after pixel, and which of a pixel's is alpha. */
export interface Interleaved {
  readonly samples: StoredSamples;
  readonly stride: number;
  readonly alphaAt?: number;
}

/** The first `channels` samples of each pixel, and its alpha where it has one; the others go. */
export function pickSamples({ samples, stride, alphaAt }: Interleaved, channels: number): Interleaved {
  const kept = channels + (alphaAt === undefined ? 0 : 1);
  if (kept === stride) return { samples, stride, ...(alphaAt === undefined ? {} : { alphaAt }) };
  const picked = samples.slice(0, (samples.length / stride) * kept);
  for (let to = 0, from = 0; to < picked.length; to += kept, from += stride) {
    for (let c = 0; c < channels; c++) picked[to + c] = samples[from + c];
    if (alphaAt !== undefined) picked[to + channels] = samples[from + alphaAt];
  }
  return { samples: picked, stride: kept, ...(alphaAt === undefined ? {} : { alphaAt: channels }) };
}
