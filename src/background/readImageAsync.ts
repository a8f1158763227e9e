import { READ_OPTIONS, type ReadOptions } from '../files/readImage.ts';
import { expectOptions } from '../planes/expectOptions.ts';
import type { Picture } from '../planes/picture.ts';
import { BACKGROUND_OPTIONS, type BackgroundOptions, inBackground } from './pool.ts';

export interface ReadAsyncOptions extends Omit<ReadOptions, 'admit'>, BackgroundOptions {}

const OPTIONS = [...READ_OPTIONS.filter((name) => name !== 'admit'), ...BACKGROUND_OPTIONS];

/**
 * {@link readImage} on a thread of the product's own, as {@link detectEdgesAsync}: planes of large pictures take a tenth of a second to
 * make of their samples.
 *
 * @throws (as a rejection) what readImage throws; the signal's reason
 */
export async function readImageAsync(source: string | Uint8Array, options: ReadAsyncOptions = {}): Promise<Picture> {
  expectOptions(options, OPTIONS, 'readImageAsync');
  const { signal, transfer, ...how } = options;
  return (await inBackground({ kind: 'read', source, options: how }, { signal, transfer })) as Picture;
}
