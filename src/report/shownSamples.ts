import { promisify } from 'node:util';
import { deflate } from 'node:zlib';
import type { InterleavedPicture } from '../planes/picture.ts';
import { isFloat32Array, isUint16Array } from '../planes/typedArrays.ts';
import type { SamplesShown } from './data.ts';

/** A picture's samples as a page holds them: every number as it is stored, whatever its depth. */
export async function shownSamples(picture: InterleavedPicture): Promise<SamplesShown> {
  const { samples, height, width, stride, channels, alphaAt, white } = picture;
  const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
  const data = (await deflated(bytes, { level: 6 })).toString('base64');
  const type = isFloat32Array(samples) ? 'f32' : isUint16Array(samples) ? 'u16' : 'u8';
  return {
    kind: 'samples',
    height,
    width,
    stride,
    channels,
    white,
    type,
    data,
    ...(alphaAt === undefined ? {} : { alphaAt }),
  };
}

const deflated = promisify(deflate) as (bytes: Uint8Array, options: { level: number }) => Promise<Buffer>;
