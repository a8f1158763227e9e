import { version } from '../files/version.ts';
import type { InterleavedPicture } from '../planes/picture.ts';
import type { ChannelHistogram, PicturePage } from './data.ts';
import { shownSamples } from './shownSamples.ts';
import { writeBeside } from './writeBeside.ts';

/** What a page tells of a picture. */
interface ToldPicture extends Pick<PicturePage, 'name' | 'facts'> {
  readonly picture: InterleavedPicture;
}

/** Bytes of a picture that a page holds itself; a larger one lies in a folder beside it. */
const LIMIT = 2 ** 25;

/** A picture with its samples, what is known of it, and how often each value is in it. */
export async function picturePage({ picture, ...told }: ToldPicture, path: string): Promise<PicturePage> {
  const samples = await shownSamples(picture);
  const shown = samples.data.length <= LIMIT ? samples : await writeBeside(picture, 'picture.png', path);
  return { kind: 'picture', version, ...told, picture: shown, histograms: histogramsOf(picture) };
}

const BINS = 64;

function histogramsOf({ samples, stride, channels, alphaAt, white }: InterleavedPicture): ChannelHistogram[] {
  const names = channels === 3 ? ['red', 'green', 'blue'] : channels === 1 ? ['grey'] : [];
  return Array.from({ length: stride }, (_, c) => {
    const channel = c === alphaAt ? 'alpha' : (names[c] ?? `channel ${c + 1}`);
    let [least, most] = [0, white];
    for (let i = c; i < samples.length; i += stride) {
      if (!Number.isFinite(samples[i])) continue;
      least = Math.min(least, samples[i]);
      most = Math.max(most, samples[i]);
    }
    const width = (most - least) / BINS;
    const counts = new Array<number>(BINS).fill(0);
    for (let i = c; i < samples.length; i += stride) {
      if (Number.isFinite(samples[i])) counts[Math.min(BINS - 1, Math.floor((samples[i] - least) / width))]++;
    }
    return { channel, points: counts.map((count, i) => [least + (i + 0.5) * width, count]) };
  });
}
