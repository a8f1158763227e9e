import { ENCODE_OPTIONS, type EncodeOptions } from '../files/encode/encodeImage.ts';
import { expectOptions } from '../planes/expectOptions.ts';
import type { Picture } from '../planes/picture.ts';
import type { Planes } from '../planes/planes.ts';
import { BACKGROUND_OPTIONS, type BackgroundOptions, inBackground } from './pool.ts';
import { sent } from './sent.ts';

export interface EncodeAsyncOptions extends EncodeOptions, BackgroundOptions {}

const OPTIONS = [...ENCODE_OPTIONS, ...BACKGROUND_OPTIONS];

/**
 * {@link encodeImage} on a thread of the product's own, as {@link detectEdgesAsync}.
 *
 * @throws (as a rejection) what encodeImage throws; the signal's reason
 */
export async function encodeImageAsync(x: Picture | Planes, options: EncodeAsyncOptions): Promise<Uint8Array> {
  expectOptions(options, OPTIONS, 'encodeImageAsync');
  const { signal, transfer, ...how } = options;
  return (await inBackground({ kind: 'encode', picture: sent(x), options: how }, { signal, transfer })) as Uint8Array;
}
