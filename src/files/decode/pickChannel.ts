import type { StoredPicture } from '../../planes/picture.ts';
import { lacksChannel } from './refusals.ts';

/**
 * One channel of a picture as a grey picture: of grey or of red, green and blue, and of alpha behind them.
 *
 * @param channel from 1
 * @throws FileError where there is none
 */
export function pickChannel(stored: StoredPicture, channel: number, path: string | undefined): StoredPicture {
  const { samples, stride, channels, alphaAt, ...about } = stored;
  const places = [...Array.from({ length: channels }, (_, c) => c), ...(alphaAt === undefined ? [] : [alphaAt])];
  if (channel > places.length) throw lacksChannel(channel, places.length, path);
  const picked = samples.slice(0, samples.length / stride);
  for (let i = 0, from = places[channel - 1]; i < picked.length; i++, from += stride) picked[i] = samples[from];
  return { ...about, samples: picked, stride: 1, channels: 1 };
}
