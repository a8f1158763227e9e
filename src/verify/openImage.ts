import { readBytes } from '../disk/readBytes.ts';
import { readSamples } from '../files/decode/readSamples.ts';
import { LIMIT_BYTES, type ReadLimits } from '../files/limits.ts';
import { inflatePng, unfilteredSamples } from '../files/png/inflatePng.ts';
import { expected } from '../planes/expected.ts';
import { expectInterleaved, type InterleavedPicture, isLinear, type Picture } from '../planes/picture.ts';
import { expectPlanes, type Planes, shapeOf, whiteOf } from '../planes/planes.ts';
import { isUint8Array } from '../planes/typedArrays.ts';

/** What can be compared: planes, pictures, stored samples, a file's path or its bytes. */
export type ImageSource = Planes | Picture | InterleavedPicture | string | Uint8Array;

/**
 * A picture's samples, pixel after pixel, at full depth; of several pages or frames, the first.
 *
 * @throws FileError where a file cannot be read; ExpectationError for what is no picture
 */
export async function openImage(source: ImageSource, where: string, limits: ReadLimits): Promise<InterleavedPicture> {
  if (typeof source === 'string') {
    const bytes = await readBytes(source, 'a picture', LIMIT_BYTES);
    return (await openPlain(bytes, limits)) ?? readSamples(bytes, { ...limits, path: source });
  }
  if (isUint8Array(source)) {
    return (await openPlain(source, limits)) ?? readSamples(source, limits);
  }
  if (typeof source !== 'object' || source === null)
    throw expected("a picture, planes, a path or a file's bytes", where, source);
  if ('samples' in source) {
    expectInterleaved(source, where);
    return source;
  }
  if ('planes' in source && source.stored !== undefined && !isLinear(source)) return source.stored;
  const layers = 'planes' in source ? [source.planes, ...(source.alpha ? [source.alpha] : [])] : [source];
  return interleaved(layers, where, 'planes' in source && source.alpha !== undefined);
}

/** A plain PNG without filters, as this package writes them, in half the time. */
async function openPlain(bytes: Uint8Array, { limitPixels }: ReadLimits): Promise<InterleavedPicture | undefined> {
  const lines = await inflatePng(bytes, limitPixels);
  return lines && unfilteredSamples(lines);
}

/** Planes as Float32 samples, pixel after pixel: nothing is rounded. */
function interleaved(layers: readonly Planes[], where: string, hasAlpha: boolean): InterleavedPicture {
  for (const layer of layers) expectPlanes(layer, where);
  const { channels, height, width } = layers[0];
  const white = whiteOf(layers[0]);
  const alpha = hasAlpha ? layers[1] : undefined;
  if (alpha && (alpha.channels !== 1 || alpha.height !== height || alpha.width !== width || whiteOf(alpha) !== white)) {
    throw expected(
      `alpha of 1×${height}×${width} and white ${white}`,
      where,
      `${shapeOf(alpha)} and white ${whiteOf(alpha)}`,
    );
  }
  const stride = channels + (alpha ? 1 : 0);
  const size = height * width;
  const samples = new Float32Array(size * stride);
  for (let c = 0; c < stride; c++) {
    const plane = c < channels ? layers[0].data.subarray(c * size, (c + 1) * size) : (alpha as Planes).data;
    for (let i = 0, to = c; i < size; i++, to += stride) samples[to] = plane[i];
  }
  return { samples, height, width, stride, channels, ...(alpha ? { alphaAt: channels } : {}), white };
}
