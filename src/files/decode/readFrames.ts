import type { StoredPicture } from '../../planes/picture.ts';
import { DEFAULT_FAIL_ON } from '../limits.ts';
import { animatedFrames } from './animatedFrames.ts';
import { apngPictures, type FrameOptions } from './apngPictures.ts';
import { readSamples } from './readSamples.ts';

/**
 * Every page or frame of a picture file, one after the other, each as it is seen: frames of GIF, WebP and PNG drawn over those before
 * them. The first says in its metadata how many there are.
 *
 * @throws FileError where one of them cannot be read
 */
export async function* readFrames(bytes: Uint8Array, options: FrameOptions): AsyncGenerator<StoredPicture> {
  const { limitPixels, path, failOn = DEFAULT_FAIL_ON } = options;
  const how = { limitPixels, failOn, ...(path === undefined ? {} : { path }) };
  const first = await readSamples(bytes, how);
  yield first;
  const { format, pages = 1, orientation } = first.metadata;
  if (pages === 1) return;
  if (format === 'png') yield* apngPictures(bytes, first, options);
  else if ((format === 'gif' || format === 'webp') && orientation === undefined)
    yield* animatedFrames(bytes, first, { path, failOn });
  else for (let page = 2; page <= pages; page++) yield readSamples(bytes, { ...how, page });
}
