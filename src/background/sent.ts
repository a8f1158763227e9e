import { type InterleavedPicture, type Picture, type PictureFacts, pictureFrom, storedOf } from '../planes/picture.ts';
import type { Planes } from '../planes/planes.ts';
import { isUint8Array } from '../planes/typedArrays.ts';

/** A picture as another thread is given it: its samples, of which planes are made there. */
export interface SentPicture extends PictureFacts {
  readonly samples: InterleavedPicture;
}

/** What is sent of a picture; planes go as they are. */
export function sent(x: Planes | Picture): Planes | Picture | SentPicture {
  const samples = storedOf(x);
  if (samples === undefined) return x;
  const { lossy, metadata } = x as Picture;
  return { samples, lossy, metadata };
}

/** The picture that was sent. */
export function received(x: Planes | Picture | SentPicture): Planes | Picture {
  return 'samples' in x ? pictureFrom(x.samples, x) : x;
}

/** {@link sent} of what may be a file's path, or its bytes. */
export function sourceSent(source: Picture | string | Uint8Array): SentPicture | string | Uint8Array {
  return typeof source === 'string' || isUint8Array(source) ? source : (sent(source) as SentPicture);
}
